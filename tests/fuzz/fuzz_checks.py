"""Edit valid sheets at random and look for a rule that raises, a place outside the text, or a fix that breaks a sheet.

python tests/fuzz/fuzz_checks.py --runs 20000 --seed 1
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "fuzz"), str(ROOT / "tests" / "source")]

from fuzz_loader import by_lines, by_tokens  # noqa: E402 - the line above is what makes it importable

from factsheet.checks.engine import check_document  # noqa: E402 - see above
from factsheet.checks.fixing import apply_fixes  # noqa: E402 - see above
from factsheet.checks.settings import Settings  # noqa: E402 - see above
from factsheet.readers.roles import ROLE_NAMES  # noqa: E402 - see above
from factsheet.source.loader import load_bytes  # noqa: E402 - see above

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.source.document import Document, KeyPath

SETTINGS = (Settings(), Settings(roles=ROLE_NAMES, stage="published"))
VALUES = (
    *(
        "0",
        "1",
        "-1",
        "0.0",
        "1e308",
        "-1e308",
        "1e-308",
        "5e-324",
        "999999999",
        "true",
        "~",
        '""',
        "[]",
        "{}",
    ),
    *("0 W", "> 3 W", "< 3 W", "up to 0 W", "approx. 3 W", "1e300 W", "0 ms", "< 1 ms", "0.19 ± 0.01 ms"),
    *("at least 4 weeks", "0 s", "1e300 s", "0 %", "-64 %", "> 80 %", "< 80 %", "8120 %", "81.2", "1e308 %"),
    *("approx. 0 %", "0 to 100 %", "0 inferences/s/W", "> 1 inferences/s/W", "0 TOPS/W", "> 1 TOPS/W"),
    *(
        "0 ops",
        "< 1 ops",
        "1e300 ops",
        "> 1 G ops",
        "1e15",
        "1000000000",
        "up to 128",
        "at least 1",
        "1 to 4",
    ),
    *(
        "2.5k",
        "2 to 4k",
        "2.5k to 393k",
        "0 to 0",
        "not stated",
        "{not_disclosed: why}",
        "{not_applicable: why}",
    ),
    *("2022", "2022-11", "9999-12-31", "0000", "GLUE", "glue", "MNLI", "analog", "digital", "regression"),
    *("accuracy", "Spearma", "Pearson/Spearman", "F1", "perplexity", "train", "ibm-2022", "IBM", "../x"),
    *(
        '"2.5k (RTE) to 1e99 (MNLI)"',
        '"( ( ("',
        '"1 (RTE)"',
        "TBD",
        "Audio Classifier",
        "measured",
        "derived",
    ),
    *(
        "{value: 1, source: derived}",
        "{value: 1 W, at: {seq_len: 1, batch: 1}}",
        "10.1000/1",
        "https://x.y/z",
    ),
)
SLOW_S = 2.0


class Seed(NamedTuple):
    """A valid sheet with the places of its scalars and of its keys' values."""

    text: str
    leaves: list[tuple[KeyPath, int, int]]


def seeds() -> list[Seed]:
    """The sheets of the repository and the examples of the rules; the published sheet counts for more."""
    files = sorted((ROOT / "sheets").glob("**/*.yaml"))
    texts = [path.read_text("utf-8") for path in files] * 30
    texts += [path.read_text("utf-8") for path in sorted((ROOT / "tests" / "examples").glob("*/*/*.yaml"))]
    found = []
    for text in texts:
        document = load_bytes(text.encode(), "seed").document
        if document is not None and isinstance(document.data, dict):
            found.append(Seed(text, list(leaves(document, document.data, ()))))
    return found


def leaves(document: Document, node: object, path: KeyPath) -> list[tuple[KeyPath, int, int]]:
    """Every scalar below a node, and now and then a whole mapping or list."""
    found: list[tuple[KeyPath, int, int]] = []
    entries: list[tuple[str | int, object]] = []
    if isinstance(node, dict):
        entries = list(node.items())
    elif isinstance(node, list):
        entries = list(enumerate(node))
    for part, child in entries:
        found += leaves(document, child, (*path, part))
    span = document.value_span(path) if path and not entries else None
    return [*found, (path, span.start, span.end)] if span is not None else found


def edited(pool: list[Seed], by_key: dict[str, list[str]], dice: random.Random) -> str:
    """A seed with one to five values exchanged, and now and then lines or words moved about."""
    seed = dice.choice(pool)
    text = seed.text
    picked = dice.sample(seed.leaves, min(len(seed.leaves), dice.randint(0, 5)))
    for path, start, end in sorted(picked, key=lambda leaf: -leaf[1]):
        text = text[:start] + new_value(text[start:end], by_key.get(str(path[-1]), []), dice) + text[end:]
    if dice.random() < 0.15:
        raw, others = text.encode(), [other.text.encode() for other in dice.sample(pool, 2)]
        for _ in range(dice.randint(1, 2)):
            raw = dice.choice((by_lines, by_lines, by_tokens))(raw, others, dice)
        text = raw.decode("utf-8", "replace")
    return text


def new_value(old: str, alike: list[str], dice: random.Random) -> str:
    """A value that the same key has elsewhere, one of the same unit, or any."""
    unit = old.rsplit(" ", maxsplit=1)[-1]
    units = [value for value in VALUES if value.endswith(unit)]
    return dice.choice(dice.choice([alike or VALUES, units or VALUES, VALUES]))


def check(text: str) -> tuple[Diagnostic, ...]:
    """Check a text under all settings, hold its diagnostics to their promises, and carry out their fixes."""
    loaded = load_bytes(text.encode(), "fuzz")
    found: tuple[Diagnostic, ...] = ()
    for settings in SETTINGS:
        found = check_document(loaded, "fuzz", settings).diagnostics
    size = len(loaded.document.text) if loaded.document is not None else 0
    for item in found:
        for span in (item.span, *(related.span for related in item.related)):
            assert span is not None, item
            assert 0 <= span.start <= span.end <= size, item
        assert all((item.message, item.help, item.why)), item
    for safe in (True, False):
        fixes = [item.fix for item in found if item.fix is not None and item.fix.safe is safe]
        if fixes and loaded.document is not None:
            mended, applied = apply_fixes(loaded.document.text, fixes)
            assert applied, fixes
            again = check_document(load_bytes(mended.encode(), "mended"), "mended").diagnostics
            assert refused(again) <= refused(found), (fixes, refused(again))
    return found


def refused(found: tuple[Diagnostic, ...]) -> int:
    """How many findings say that the text is no sheet."""
    return sum(item.rule_id.startswith("FS1") for item in found)


def main() -> int:
    """Run; 0 when no check raised and every diagnostic kept its promises."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    pool = seeds()
    by_key: dict[str, list[str]] = {}
    for seed in pool:
        for path, start, end in seed.leaves:
            by_key.setdefault(str(path[-1]), []).append(seed.text[start:end])
    dice = random.Random(options.seed)  # noqa: S311 - to be repeatable, not secret
    seen: Counter[str] = Counter()
    slowest = 0.0
    begun = time.monotonic()
    for run in range(options.runs):
        text = edited(pool, by_key, dice)
        started = time.monotonic()
        try:
            found = check(text)
            slowest = max(slowest, time.monotonic() - started)
            assert slowest < SLOW_S, "too slow"
        except Exception:
            sys.stderr.write(f"run {run}, seed {options.seed}, input:\n{text}\n")
            raise
        seen.update({f"{item.rule_id} {item.slug}" for item in found} or {"(nothing found)"})
        if run % 2000 == 0:
            sys.stderr.write(f"{run} of {options.runs}, {time.monotonic() - begun:.0f} s\n")
    sys.stderr.write(
        f"{options.runs} sheets, slowest {slowest * 1000:.0f} ms; sheets by what was found in them:\n"
    )
    sys.stderr.writelines(f"{count:8} {name}\n" for name, count in seen.most_common())
    return 0


if __name__ == "__main__":
    sys.exit(main())
