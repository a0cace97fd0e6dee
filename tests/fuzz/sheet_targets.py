"""Sheets: loading, checking and fixing them, what commands make of them, and their pages."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from fuzz_cases import ROOT, Case, Target, run_command
from mutations import by_lines, by_tokens, mutated_text

from factsheet.checks.engine import check_document
from factsheet.checks.fixing import apply_fixes
from factsheet.checks.settings import Settings
from factsheet.readers.roles import ROLE_NAMES
from factsheet.source.loader import load_bytes

if str(ROOT / "tests" / "source") not in sys.path:
    sys.path.append(str(ROOT / "tests" / "source"))

from loader_invariants import check_bytes  # the line above is what makes it importable

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.source.document import Document, KeyPath

SETTINGS = (Settings(), Settings(roles=ROLE_NAMES, stage="published"))
SAMPLES = (
    b"factsheet: 1\nname: BERT\nops: {analog: 21.74 G ops}\nresults:\n  - task: CoLA\n    score: 57.30 %\n",
    b"a: &x [1, *x, !t 'y', \"z\\x1b\\u00e9\"]\nb: |\n  text\n\n  more\n\nc: >-\n  folded\n  text\n# comment\nd:\n",
    "\ufeffµ: ² \N{GRINNING FACE}\r\n'k''s':\r\n- - 1\r\n  - 0x1F\r\n- ? [c]\r\n  : e\r\n".encode(),
    b"%YAML 1.2\n---\nyes: no\n<<: {a: 1}\na: 017\na: 1e999\n...\n---\nb: 2\n",
    b'{"a": [1.0, 2e3, null, true], "b": {"c": "\\ud83d\\ude00"}, "d": []}\n',
    b"- a\n-  b: c\n   d: - e\n\tf: g\n",
)
"""What YAML has that sheets seldom hold."""
VALUES: tuple[str, ...] = (
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
    *(
        "approx. 0 %",
        "0 to 100 %",
        "0 inferences/s/W",
        "> 1 inferences/s/W",
        "0 TOPS/W",
        "> 1 TOPS/W",
        "1e15",
    ),
    *(
        "0 ops",
        "< 1 ops",
        "1e300 ops",
        "> 1 G ops",
        "1000000000",
        "up to 128",
        "at least 1",
        "1 to 4",
        "0 to 0",
    ),
    *(
        "2.5k",
        "2 to 4k",
        "2.5k to 393k",
        "not stated",
        "{not_disclosed: why}",
        "{not_applicable: why}",
        "10.1000/1",
    ),
    *(
        "2022",
        "2022-11",
        "9999-12-31",
        "0000",
        "GLUE",
        "glue",
        "MNLI",
        "analog",
        "digital",
        "regression",
        "TBD",
    ),
    *(
        "accuracy",
        "Spearma",
        "Pearson/Spearman",
        "F1",
        "perplexity",
        "train",
        "ibm-2022",
        "IBM",
        "../x",
        "measured",
    ),
    *('"2.5k (RTE) to 1e99 (MNLI)"', '"( ( ("', '"1 (RTE)"', "Audio Classifier", "derived", "https://x.y/z"),
    *(
        "{value: 1, source: derived}",
        "{value: 1 W, at: {seq_len: 1, batch: 1}}",
        '"\\e[31m\\u202e"',
        '"a\\nb"',
    ),
    *('"=cmd|x"', '"<b>{{7*7}}"', "-5 mm²", "1e12", "100000000000000", "0.1 ops", "-10 ops", "inf", ".nan"),
)


class Seed(NamedTuple):
    """A valid sheet with the places of its scalars."""

    text: str
    leaves: list[tuple[KeyPath, int, int]]


@cache
def seeds() -> tuple[list[Seed], dict[str, list[str]]]:
    """Return the sheets of the repository and the examples of the rules, and the values that each key has in them."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "sheets").glob("**/*.yaml"))] * 30
    texts += [path.read_text("utf-8") for path in sorted((ROOT / "tests" / "examples").glob("*/*/*.yaml"))]
    found: dict[str, Seed] = {}
    for text in texts:
        document = None if text in found else load_bytes(text.encode(), "seed").document
        if document is not None and isinstance(document.data, dict):
            found[text] = Seed(text, list(_leaves(document, document.data, ())))
    by_key: dict[str, list[str]] = {}
    for seed in found.values():
        for path, start, end in seed.leaves:
            by_key.setdefault(str(path[-1]), []).append(seed.text[start:end])
    return [found[text] for text in texts if text in found], by_key


def _leaves(document: Document, node: object, path: KeyPath) -> Iterator[tuple[KeyPath, int, int]]:
    entries: list[tuple[str | int, object]] = []
    if isinstance(node, dict):
        entries = list(node.items())
    elif isinstance(node, list):
        entries = list(enumerate(node))
    for part, child in entries:
        yield from _leaves(document, child, (*path, part))
    span = document.value_span(path) if path and not entries else None
    if span is not None:
        yield path, span.start, span.end


def edited(dice: random.Random, most: int = 5) -> bytes:
    """Return a valid sheet with up to so many values exchanged, and now and then lines or words moved about."""
    pool, by_key = seeds()
    seed = dice.choice(pool)
    text = seed.text
    picked = dice.sample(seed.leaves, min(len(seed.leaves), dice.randint(0, most)))
    for path, start, end in sorted(picked, key=lambda leaf: -leaf[1]):
        text = text[:start] + _value(text[start:end], by_key.get(str(path[-1]), []), dice) + text[end:]
    raw = text.encode()
    if dice.random() < 0.15:
        others = [other.text.encode() for other in dice.sample(pool, 2)]
        for _ in range(dice.randint(1, 2)):
            raw = dice.choice((by_lines, by_lines, by_tokens))(raw, others, dice)
    return raw


def _value(old: str, alike: list[str], dice: random.Random) -> str:
    unit = old.rsplit(" ", maxsplit=1)[-1]
    units = [value for value in VALUES if value.endswith(unit)]
    return dice.choice(dice.choice([alike or VALUES, units or VALUES, VALUES]))


def _text(dice: random.Random) -> bytes:
    pool, _ = seeds()
    texts = [*SAMPLES, dice.choice(pool).text.encode()]
    text = dice.choice(texts)
    lines = text.splitlines(keepends=True)
    if len(lines) > 30 and dice.random() < 0.95:
        start = dice.randrange(len(lines))
        text = b"".join(lines[start : start + dice.randint(1, 40)])
    return mutated_text(text, texts, dice)


def _make(dice: random.Random) -> Case:
    return Case({"sheet.yaml": _text(dice) if dice.random() < 0.4 else edited(dice)})


def _load_and_check(_: Path, case: Case) -> None:
    """Load, check under two settings, and carry out the fixes; hold all of it to its promises."""
    loaded = check_bytes(case.files["sheet.yaml"])
    found: tuple[Diagnostic, ...] = ()
    for settings in SETTINGS:
        found = check_document(loaded, "fuzz", settings).diagnostics
    document = loaded.document
    size = len(document.text) if document is not None else 0
    for item in found:
        for span in (item.span, *(related.span for related in item.related)):
            assert span is not None, item
            assert 0 <= span.start <= span.end <= size, item
        assert all((item.message, item.help, item.why)), item
    if document is None:
        return
    for safe in (True, False):
        fixes = [item.fix for item in found if item.fix is not None and item.fix.safe is safe]
        if fixes:
            fixed, applied = apply_fixes(document.text, fixes)
            assert applied, fixes
            again = check_document(load_bytes(fixed.encode(), "fixed"), "fixed").diagnostics
            assert _refusals(again) <= _refusals(found), (fixes, _refusals(again))


def _refusals(found: tuple[Diagnostic, ...]) -> int:
    """Return how many findings say that the text is no sheet."""
    return sum(item.rule_id.startswith("FS1") for item in found)


def _make_mild(dice: random.Random) -> Case:
    return Case({"sheet.yaml": edited(dice, 3)})


_WORK: tuple[tuple[str, ...], ...] = (
    ("derive", "sheet.yaml"),
    ("derive", "sheet.yaml", "--format", "json"),
    ("derive", "sheet.yaml", "--sensitivity"),
    ("status", "sheet.yaml"),
    ("status", "sheet.yaml", "--format", "markdown"),
    ("status", "sheet.yaml", "--format", "json", "--role", "all"),
    ("inspect", "sheet.yaml"),
    ("inspect", "sheet.yaml", "--format", "csv"),
    ("inspect", "sheet.yaml", "--format", "json"),
    ("todo", "sheet.yaml", "--role", "all"),
    ("fill", "sheet.yaml", "--diff"),
    ("badge", "sheet.yaml"),
)


def _run_commands(_: Path, case: Case) -> None:
    """Derive, status and inspect, each in the form that the case's content happens to choose."""
    choice = sum(case.files["sheet.yaml"])
    for name in ("derive", "status", "inspect"):
        forms = [arguments for arguments in _WORK if arguments[0] == name]
        run_command(*forms[choice % len(forms)])


def _run_further(_: Path, case: Case) -> None:
    choice = sum(case.files["sheet.yaml"])
    forms = [arguments for arguments in _WORK if arguments[0] in {"todo", "fill", "badge"}]
    run_command(*forms[choice % len(forms)])
    kind = ("concise", "full", "json", "github", "gitlab", "sarif", "junit")[choice % 7]
    run_command("validate", "sheet.yaml", "--output-format", kind, "--role", "all", "--stage", "published")


def _render(_: Path, case: Case) -> None:
    role = ("full", *ROLE_NAMES)[sum(case.files["sheet.yaml"]) % (len(ROLE_NAMES) + 1)]
    for kind in ("markdown", "html"):
        run_command("render", "sheet.yaml", "--format", kind, "--role", role)


def _render_pdf(_: Path, case: Case) -> None:
    role = ("full", *ROLE_NAMES)[sum(case.files["sheet.yaml"]) % (len(ROLE_NAMES) + 1)]
    run_command("render", "sheet.yaml", "--format", "pdf", "--role", role)


TARGETS = (
    Target("sheets", _make, _load_and_check),
    Target("sheet-commands", _make_mild, _run_commands),
    Target("sheet-reports", _make_mild, _run_further),
    Target("pages", _make_mild, _render),
    Target("pdf", _make_mild, _render_pdf, 30.0),
)
