"""The four dimensions mean the same to whoever grades, on a page, in a file and at a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

from factsheet.cli.run import run
from factsheet.readers.study import CRITERIA, Dimension

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]


def test_forms_and_the_documentation_have_the_same_words(tmp_path: Path) -> None:
    assert tuple(CRITERIA) == get_args(Dimension)
    texts = [(ROOT / "docs" / "reviews.md").read_text(encoding="utf-8")]
    for name in ("form.yaml", "form.html"):
        assert run(["review", "form", str(ROOT / "sheets" / "bert.yaml"), "-o", str(tmp_path / name)]) == 0
        texts.append((tmp_path / name).read_text(encoding="utf-8"))
    for text in texts:
        assert [one for one in CRITERIA.values() if one not in text] == []


def test_the_terminal_has_them_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import io
    import sys

    sheet = tmp_path / "sheet.yaml"
    sheet.write_bytes((ROOT / "sheets" / "bert.yaml").read_bytes())
    monkeypatch.setattr(sys, "stdin", io.StringIO("quit\n"))
    run(["review", "score", str(sheet), "--by", "P7", "--role", "data-scientist"])
    shown = " ".join(capsys.readouterr().out.split())
    assert [one for one in CRITERIA.values() if one not in shown] == []
