"""Cards as they are found in public, and worse: each is read or refused in words, and soon."""

from __future__ import annotations

from time import monotonic, process_time
from typing import TYPE_CHECKING

import pytest

from factsheet.authoring.importing.cards import card
from factsheet.authoring.importing.imported import ImportOptions
from factsheet.authoring.importing.kinds import recognise

if TYPE_CHECKING:
    from pathlib import Path

CARD = """---
license: mit
model-index:
- name: x
  results:
  - task: {type: text-classification}
    dataset: {name: glue, type: glue}
    metrics:
    - {type: accuracy, value: 0.91}
---
# X
"""
ODD = CARD.replace(
    "license: mit", "license: [mit, 5]\nlanguage: {a: b}\ndatasets: 7\ntags: null\nbase_model: [1]"
)
CARDS: dict[str, bytes] = {
    "no front matter": b"# Title\n\ntext",
    "CRLF": CARD.replace("\n", "\r\n").encode(),
    "byte order mark": CARD.encode("utf-8-sig"),
    "UTF-16": CARD.encode("utf-16"),
    "Windows-1252": CARD.replace("# X", "# Modèle").encode("cp1252"),
    "invalid model-index": CARD.replace("results:", "results: 5\n  other:").encode(),
    "NaN": CARD.replace("0.91", ".nan").encode(),
    "values of other kinds": ODD.encode(),
    "HTML": b"<html><body>" + b"<div>" * 2000 + b"</body></html>",
    "a megabyte": CARD.encode() + b"word " * 220_000,
    "deep nesting": b"---\nx: " + b"[" * 3000 + b"\n---\n",
    "tags of Python": b'---\nlicense: !!python/object/apply:os.system ["true"]\n---\n# T\n',
    "aliases": b"---\na: &a [x]\n"
    + b"".join(b"b%d: [*a, *a, *a]\n" % index for index in range(500))
    + b"---\n",
    "nothing between": b"---\n---\n",
    "no end": b"---\nlicense: mit\n",
    "bytes": b"\x00\xff" * 500,
}


@pytest.mark.parametrize("name", CARDS)
def test_a_card_of_any_kind(tmp_path: Path, name: str) -> None:
    file = tmp_path / "README.md"
    file.write_bytes(CARDS[name])
    before = monotonic()
    assert recognise(file) is card.KIND
    found = card.KIND.read(str(file), ImportOptions())
    assert monotonic() - before < 2
    assert found.facts or found.left_out or found.unclear


OPENERS = ("<!--", "<![CDATA[", "<?", "</", "<b> x", "![", "``` \n", "_", "{{", "\n#")


@pytest.mark.parametrize("opener", OPENERS)
def test_what_is_opened_and_never_ended_takes_as_much_longer_as_there_is_more_of_it(
    opener: str, tmp_path: Path
) -> None:
    # Eight times as much takes eight times as long, or 64 times where the whole rest is looked through for each.
    file = tmp_path / "README.md"
    spent = []
    for size in (4_000, 4_000, 32_000):  # the first loads what cards need
        file.write_text(f"---\nlicense: mit\n---\n# Results\n\n<div>\n{opener * (size // len(opener))}")
        before = process_time()
        assert card.KIND.read(str(file), ImportOptions()).facts
        spent.append(process_time() - before)
    assert spent[2] < 24 * spent[1] + 0.05


def test_of_a_long_card_the_beginning_is_read_and_the_rest_is_named(tmp_path: Path) -> None:
    for number, body in enumerate(
        ("9" * 3_000_000, "- a\n" * 20_000, "".join(" " * one + "- a\n" for one in range(900)))
    ):
        file = tmp_path / f"{number}.md"
        file.write_text(f"---\nlicense: mit\n---\n{body}")
        found = card.KIND.read(str(file), ImportOptions())
        assert found.facts[0].value == "MIT"
        assert [one.why for one in found.left_out if "further characters" in one.what] == [
            "of a card, 200,000 characters and 5,000 lines below the front matter are read"
        ]
