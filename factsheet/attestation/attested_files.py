"""Files that a declaration is about beside the sheet: weights and data, by the digests of what they hold."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias, get_args

from factsheet.errors import AttestationError, SourceUnreadableError, UsageError, in_one_line, reason_of
from factsheet.facts.fact import Fact
from factsheet.source.writing import note_input

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.sheet.model import SheetFields

FileRole: TypeAlias = Literal["weights", "data"]
FILE_ROLES: Final[tuple[FileRole, ...]] = get_args(FileRole)
FileOrigin: TypeAlias = Literal["file", "sheet"]
"""`file`: the digest was taken of the file itself. `sheet`: the sheet states it, and nobody read the file."""
_MOST_FILES: Final = 10_000
_SHA256: Final = "sha256:"
_GIT: Final = ".git"


class AttestedFile(NamedTuple):
    """A file with the SHA-256 of what it holds, in hexadecimal digits."""

    name: str
    sha256: str
    role: FileRole
    origin: FileOrigin = "file"


def as_paths(paths: Sequence[Path | str] | Path | str) -> tuple[Path | str, ...]:
    """Return paths as a tuple; a text alone is one of them, and not one for each of its letters."""
    return (paths,) if isinstance(paths, str | Path) else tuple(paths)


def digests_of(paths: Sequence[Path | str], role: FileRole) -> tuple[AttestedFile, ...]:
    """Return the digests of files, and of all files in folders, each by its path from the folder named.

    Of a folder that is a repository, `.git` is left out.

    Raises:
        SourceUnreadableError: one cannot be read, or is no regular file; or a link within a folder leads to another.
        UsageError: two have one name, or there are too many.
    """
    listed = [found for path in as_paths(paths) for found in _files(Path(path))]
    seen: set[str] = set()
    for name, _ in listed:
        if name in seen:
            raise UsageError(
                f"two of the files are called `{in_one_line(name)}`",
                "nobody could tell which one a digest is of",
                "name the folder above them instead",
                place=f"--{role}",
            )
        seen.add(name)
    return tuple(AttestedFile(name, _digest(file), role) for name, file in listed)


def _files(path: Path) -> list[tuple[str, Path]]:
    if not os.path.isdir(path):  # noqa: PTH112  to it, a folder that cannot be entered is no error
        return [(_encodable(path.name, path), path)]
    top = path.resolve().name
    files = []
    for file in _files_within(path):
        files.append(file)
        if len(files) > _MOST_FILES:
            break
    if not files or len(files) > _MOST_FILES:
        many = f"more than {_MOST_FILES:,} files are" if files else "no file is"
        raise UsageError(
            f"{in_one_line(str(path))}: {many} in this folder",
            help="name the files themselves, or the folder that holds them",
        )
    files.sort(key=str)
    return [(_encodable(f"{top}/{file.relative_to(path).as_posix()}", file), file) for file in files]


def _files_within(top: Path) -> Iterator[Path]:
    """Yield all that is in a folder and in those within it, and pass nothing over but for `.git`."""
    fault: list[OSError] = []
    # A folder that cannot be listed would be passed over; the faults are collected, since `os.walk` swallows none else.
    for place, folders, names in os.walk(top, onerror=fault.append):
        if fault:
            break
        folders[:] = [name for name in folders if name != _GIT]
        for name in folders:
            if Path(place, name).is_symlink():
                raise SourceUnreadableError(
                    Path(place, name),
                    "it is a link to a folder, and its files would be left out; name that folder as well, or take the "
                    "link away",
                )
        yield from (Path(place, name) for name in names if name != _GIT)
    for error in fault:
        raise SourceUnreadableError(Path(error.filename or top), reason_of(error)) from None


def _encodable(name: str, file: Path) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        raise SourceUnreadableError(file, "its name is no text, and no declaration could hold it") from None
    return name


def _digest(file: Path) -> str:
    note_input(file)
    try:
        with open(file, "rb", opener=_open_at_once) as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise SourceUnreadableError(file, "it is no regular file, whose digest would stay the same")
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        raise SourceUnreadableError(file, reason_of(error)) from None


def _open_at_once(path: str, flags: int) -> int:
    # To open a named pipe otherwise would be to wait for whoever writes to it. Windows has neither.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def stated_weights(sheet: SheetFields) -> AttestedFile | None:
    """Return the file of the weights as the sheet names it, where it states a SHA-256 of it."""
    setup = getattr(sheet, "setup", None)
    digest = getattr(setup, "weights_digest", None)
    if (
        not isinstance(digest, Fact)
        or not isinstance(digest.value, str)
        or not digest.value.startswith(_SHA256)
    ):
        return None
    link = getattr(setup, "weights", None)
    name = link.words() if isinstance(link, Fact) and link.absence is None else "weights"
    return AttestedFile(name or "weights", digest.value.removeprefix(_SHA256), "weights", "sheet")


def with_stated(files: Sequence[AttestedFile], sheet: SheetFields) -> tuple[AttestedFile, ...]:
    """Return the files, with the weights that the sheet names by a digest.

    Raises:
        AttestationError: files of weights are given, and none has the digest that the sheet states.
    """
    stated = stated_weights(sheet)
    if stated is None:
        return tuple(files)
    given = [one for one in files if one.role == "weights"]
    if any(one.sha256 == stated.sha256 for one in given):
        return tuple(files)
    if given:
        raise AttestationError(
            f"the sheet states the digest sha256:{stated.sha256[:12]}… for the weights, and no file given has it",
            "the declaration would be about other weights than the sheet",
            "give the file that is meant, or correct `setup.weights_digest`; `sha256sum FILE` prints it",
            place="setup.weights_digest",
        )
    return (*files, stated)
