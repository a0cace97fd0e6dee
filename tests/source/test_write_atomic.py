from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from factsheet.errors import ChangedMeanwhileError, InputOverwriteError, WriteError
from factsheet.source.loader import read_sheet
from factsheet.source.writing import atomic_file, inputs_kept, replace_text, write_atomic

if TYPE_CHECKING:
    from collections.abc import Callable


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def test_content_is_written_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    write_atomic(file, "é: 1\r\nb: 😀\n")
    assert file.read_bytes() == "é: 1\r\nb: 😀\n".encode()
    assert names_in(tmp_path) == ["a.yaml"]


def test_an_existing_file_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o640)
    write_atomic(file, "new")
    assert (file.read_text(encoding="utf-8"), mode_of(file)) == ("new", 0o640)


def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "a.yaml", "new")
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "a.yaml") == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "a.yaml"
    target.write_text("old", encoding="utf-8")
    link = tmp_path / "link.yaml"
    link.symlink_to(Path("real") / "a.yaml")
    write_atomic(link, "new")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"


def test_a_link_to_nothing_makes_its_target(tmp_path: Path) -> None:
    (tmp_path / "link.yaml").symlink_to("a.yaml")
    write_atomic(tmp_path / "link.yaml", "new")
    assert (tmp_path / "a.yaml").read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.chmod", "pathlib.Path.replace"])
def test_a_failure_leaves_the_old_file_whole_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: BaseException
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("old", encoding="utf-8")

    def fail(*_args: object) -> NoReturn:
        raise failure

    monkeypatch.setattr(step, fail)
    with pytest.raises(WriteError if isinstance(failure, OSError) else KeyboardInterrupt) as caught:
        write_atomic(file, "new")
    monkeypatch.undo()
    assert file.read_text(encoding="utf-8") == "old"
    assert names_in(tmp_path) == ["a.yaml"]
    if isinstance(caught.value, WriteError):
        assert caught.value.path == file
        assert caught.value.reason == "No space left on device"
        assert "No space left on device" in caught.value.diagnostics()


def test_a_text_that_utf8_cannot_carry_is_refused_before_the_file_is_touched(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("old", encoding="utf-8")
    with pytest.raises(WriteError, match="surrogate"):
        write_atomic(file, "\ud800")
    assert file.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("name", ["missing/a.yaml", "folder", "nul\0"])
def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(WriteError):
        write_atomic(tmp_path / name, "new")
    assert names_in(tmp_path) == ["folder"]


def test_a_protected_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("old", encoding="utf-8")
    monkeypatch.setattr(
        "os.access", lambda *_args: False
    )  # a superuser may write anywhere, so modes prove nothing
    with pytest.raises(WriteError, match="write-protected"):
        write_atomic(file, "new")
    assert file.read_text(encoding="utf-8") == "old"


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_atomic(Path(os.devnull), "new")
    assert not stat.S_ISREG(Path(os.devnull).stat().st_mode)


def test_a_stream_takes_the_place_of_the_file_when_its_block_ends(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("old", encoding="utf-8")
    with atomic_file(file) as stream:
        stream.write(b"ne")
        stream.write(b"w")
        assert file.read_text(encoding="utf-8") == "old"
    assert file.read_text(encoding="utf-8") == "new"
    assert names_in(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), ValueError("not of the file"), OSError("nor this")])
def test_a_block_that_fails_leaves_the_file_alone_and_its_own_error(
    tmp_path: Path, failure: BaseException
) -> None:
    def half() -> None:
        with atomic_file(tmp_path / "a.csv") as stream:
            stream.write(b"half")
            raise failure

    with pytest.raises(type(failure)) as caught:
        half()
    assert caught.value is failure
    assert not names_in(tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the device that is always full is Linux's")
def test_a_full_disk_is_an_error_with_the_files_name() -> None:
    with (
        pytest.raises(WriteError, match=r"/dev/full: cannot be written: No space left on device"),
        atomic_file(Path("/dev/full")) as stream,
    ):
        stream.write(b"anything")


def test_an_edited_text_takes_the_place_of_the_one_that_was_read(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    file.chmod(0o640)
    replace_text(file, "a: 1\r\n", "a: 2\r\n")
    assert (file.read_bytes(), mode_of(file)) == (b"\xef\xbb\xbfa: 2\r\n", 0o640)


def saved_in_place(file: Path) -> None:
    file.write_text("theirs", encoding="utf-8")


def saved_by_rename(file: Path) -> None:
    (file.parent / "new").write_text("theirs", encoding="utf-8")
    (file.parent / "new").replace(file)


def saved_with_the_same_length(file: Path) -> None:
    times = file.stat()
    file.write_text("a: 9\n", encoding="utf-8")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize("save", [saved_in_place, saved_by_rename, saved_with_the_same_length, Path.unlink])
@pytest.mark.parametrize("early", [True, False])
def test_a_change_by_somebody_else_is_never_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, save: Callable[[Path], None], early: bool
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1\n", encoding="utf-8")
    really = os.fsync

    def meanwhile(descriptor: int) -> None:
        really(descriptor)
        save(file)

    if early:
        save(file)
    else:
        monkeypatch.setattr(
            os, "fsync", meanwhile
        )  # the last that happens before the new content is in place
    with pytest.raises(ChangedMeanwhileError) as caught:
        replace_text(file, "a: 1\n", "a: 2\n")
    assert "run again" in caught.value.diagnostics()
    theirs = [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()]
    assert theirs in ([], ["theirs"], ["a: 9\n"])


def test_a_file_that_is_not_in_utf_8_keeps_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: caf\xe9\n")
    with pytest.raises(WriteError, match="not in UTF-8"):
        replace_text(file, "a: caf\ufffd\n", "a: b\n")
    assert file.read_bytes() == b"a: caf\xe9\n"


def test_inputs_are_kept_only_within_their_block(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("old", encoding="utf-8")
    with inputs_kept():
        write_atomic(file, "a: 1\n")
        read_sheet(file)
        with pytest.raises(InputOverwriteError, match="this command reads"):
            write_atomic(file, "new")
    assert file.read_text(encoding="utf-8") == "a: 1\n"
    write_atomic(file, "new")
    assert file.read_text(encoding="utf-8") == "new"


def test_a_device_is_an_output_though_it_is_an_input_too() -> None:
    with inputs_kept([Path(os.devnull)]):
        write_atomic(Path(os.devnull), "gone")
