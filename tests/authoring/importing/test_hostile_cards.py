"""Cards as they are found in public, and worse: each is read or refused in words, and soon."""

from __future__ import annotations

from time import monotonic
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
