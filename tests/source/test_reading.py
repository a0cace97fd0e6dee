from __future__ import annotations

import io
from typing import TYPE_CHECKING, NoReturn

import pytest

from factsheet.errors import SourceError, SourceUnreadableError
from factsheet.source.decoding import ReadingLimits
from factsheet.source.loader import read_sheet, read_stream

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_read_under_its_path_or_another_name(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: 1\r\n")
    document = read_sheet(file).document
    assert document
    assert (document.name, document.data, document.text) == (str(file), {"a": 1}, "a: 1\r\n")
    renamed = read_sheet(file, display_name="sheets/a.yaml").document
    assert renamed
    assert renamed.name == "sheets/a.yaml"


@pytest.mark.parametrize("name", ["missing.yaml", ".", "nul\0.yaml"])
def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceUnreadableError) as caught:
        read_sheet(tmp_path / name)
    assert isinstance(caught.value, SourceError)
    assert caught.value.path == tmp_path / name
    assert caught.value.reason in caught.value.diagnostics()
    assert "Errno" not in caught.value.diagnostics()


def test_a_stream_is_read_to_just_past_the_limit() -> None:
    stream = io.BytesIO(b"#" * 1000)
    loaded = read_stream(stream, "<stdin>", limits=ReadingLimits(bytes=100))
    assert [problem.code for problem in loaded.problems] == ["file-too-large"]
    assert stream.tell() == 101


def test_a_stream_that_breaks_is_an_error() -> None:
    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> NoReturn:
            raise OSError(5, "Input/output error")

    with pytest.raises(SourceUnreadableError, match="<stdin>: cannot be read: Input/output error"):
        read_stream(Broken(), "<stdin>")
