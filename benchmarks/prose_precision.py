"""What all rules say of texts that people wrote: READMEs and abstracts of public models, put into a sheet of another.

`python -m benchmarks.prose_precision CLONES`, in the root of the repository. CLONES is a folder with clones of the
repositories that `prose_texts.txt` lists with their revisions and files, each as OWNER/NAME, OWNER+NAME or
OWNER+NAME/repo; nothing is downloaded. Each text is put into fields of prose of `sheets/bert.yaml`, once as a whole and
once paragraph by paragraph over several fields. What is found then and not before is an alarm; `prose_judged.txt` says
of those that were looked at which are right: the sentence says of the model at hand what the sheet does not.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from factsheet.checks.engine import check_document  # noqa: E402  found by the line above
from factsheet.source.editing import put  # noqa: E402
from factsheet.source.loader import load_bytes  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.diagnostic import Diagnostic

HERE = Path(__file__).resolve().parent
SHEET = (ROOT / "sheets" / "bert.yaml").read_text(encoding="utf-8")
LONGEST = 19_000
"""Characters of a text that a field of prose takes."""
FIELDS = (
    ("overview", "summary"),
    ("model_architecture", "summary"),
    ("hwa_training", "summary"),
    ("performance", "summary"),
    ("limitations", "summary"),
)
"""What the paragraphs are distributed over."""


class Text(NamedTuple):
    """A text with its address."""

    address: str
    text: str


class Alarm(NamedTuple):
    """A finding in a text that was written for another model."""

    address: str
    rule: str
    words: str
    message: str
    context: str

    @property
    def key(self) -> str:
        """How the list of judged alarms names it."""
        return f"{self.address} {self.rule} {self.words}"


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return the exit status: 2 where a clone is not there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prose_precision", description=__doc__)
    parser.add_argument("clones", type=Path, help="the folder of the clones")
    parser.add_argument("--open", action="store_true", help="list the alarms that nobody has looked at yet")
    parser.add_argument("--list", action="store_true", help="list every alarm")
    asked = parser.parse_args(arguments)
    judged = read_judged()
    counts: Counter[str] = Counter()
    rules: dict[str, Counter[str]] = {}
    try:
        for text in texts(asked.clones):
            counts["texts"] += 1
            counts["words"] += len(text.text.split())
            for alarm in alarms(text):
                verdict = judged.get(alarm.key, "open")
                rules.setdefault(alarm.rule, Counter())[verdict] += 1
                if asked.list or (asked.open and verdict == "open"):
                    print(f"{verdict}: {alarm.key}\n    {alarm.message}\n    {alarm.context}\n")
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"a text cannot be read: {error}", file=sys.stderr)
        return 2
    print(table(counts, rules))
    return 0


def table(counts: Counter[str], rules: dict[str, Counter[str]]) -> str:
    """Return alarms by rule, and how many of those that were looked at are right."""
    lines = [
        f"{counts['texts']} texts of {counts['words']:,} words",
        "rule    alarms  right  wrong  not looked at",
    ]
    for rule, found in sorted(rules.items()):
        lines.append(f"{rule}  {found.total():6} {found['right']:6} {found['wrong']:6} {found['open']:14}")
    total: Counter[str] = sum(rules.values(), Counter())
    lines.append(f"all    {total.total():6} {total['right']:6} {total['wrong']:6} {total['open']:14}")
    return "\n".join(lines)


def texts(clones: Path) -> Iterator[Text]:
    """Yield the texts of the list, in its order."""
    repository, revision, folder = "", "", Path()
    for line in (HERE / "prose_texts.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("github:"):
            repository, _, revision = line.removeprefix("github:").partition("@")
            joined = repository.replace("/", "+")
            places = [clones / repository, clones / joined / "repo", clones / joined]
            folder = next((place for place in places if place.is_dir()), places[0])
        elif line and not line.startswith("#"):
            command = ["git", "-C", str(folder), "show", f"{revision}:{line}"]
            shown = subprocess.run(command, check=True, capture_output=True).stdout
            yield Text(f"{repository}/{line}", _plain(shown.decode("utf-8", "replace")))


def _plain(text: str) -> str:
    """Return a text without its front matter and without characters that a sheet refuses."""
    if text.startswith("---\n") and "\n---\n" in text[4:]:
        text = text[4:].split("\n---\n", 1)[1]
    text = text.replace("\r\n", "\n").replace("\t", "    ")
    kept = "".join(sign for sign in text if sign == "\n" or sign.isprintable())
    return kept.strip()[:LONGEST]


def alarms(text: Text) -> list[Alarm]:
    """Return what is found in the sheet with the text that is not found without it, each once."""
    found: dict[str, Alarm] = {}
    for sheet in (_filled(_template((("purpose", "summary"),)), [text.text]), _distributed(text.text)):
        usual = _usual().copy()
        for item in _check(sheet):
            if usual[_identity(item)] > 0:
                usual[_identity(item)] -= 1
                continue
            alarm = _alarm(text, item, sheet)
            found.setdefault(alarm.key, alarm)
    return list(found.values())


@cache
def _usual() -> Counter[tuple[str, object, str]]:
    return Counter(map(_identity, _check(SHEET)))


@cache
def _template(paths: tuple[tuple[str, str], ...]) -> str:
    """Return the sheet with a placeholder at each path."""
    sheet = SHEET
    for number, path in enumerate(paths):
        sheet = put(sheet, path, f"placeholder-{number}")
    return sheet


def _filled(template: str, texts: list[str]) -> str:
    for number, text in enumerate(texts):
        template = template.replace(
            f"placeholder-{number}", json.dumps(text or "Nothing.", ensure_ascii=False)
        )
    return template


def _distributed(text: str) -> str:
    paragraphs = text.split("\n\n")
    size = -(-len(paragraphs) // len(FIELDS))
    parts = [paragraphs[size * number : size * (number + 1)] for number in range(len(FIELDS))]
    return _filled(_template(FIELDS), ["\n\n".join(part).strip() for part in parts])


def _check(text: str) -> list[Diagnostic]:
    found = check_document(load_bytes(text.encode(), "sheet"), "sheet").diagnostics
    return [item for item in found if item.severity in {"error", "warning"}]


def _identity(item: Diagnostic) -> tuple[str, object, str]:
    return item.rule_id, item.path, item.message


def _alarm(text: Text, item: Diagnostic, sheet: str) -> Alarm:
    span = item.span
    words = " ".join(sheet[span.start : span.end].split())[:60] if span else ""
    around = " ".join(sheet[max(0, span.start - 160) : span.end + 120].split()) if span else ""
    return Alarm(text.address, item.rule_id, words, item.message, around)


def read_judged() -> dict[str, str]:
    """Read which alarms were looked at: `right` or `wrong`, then the alarm."""
    path = HERE / "prose_judged.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    pairs = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return {rest: verdict for verdict, _, rest in pairs}


if __name__ == "__main__":
    sys.exit(main())
