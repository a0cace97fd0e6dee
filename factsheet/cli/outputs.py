"""Keep the files that a command reads from being replaced by what it writes."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.errors import SourceError, UsageError, WriteError, reason_of
from factsheet.source.discovery import find_sheets
from factsheet.source.writing import STANDARD_INPUT, inputs_kept, refuse_overwriting_inputs
from factsheet.systems import fault_of_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OUTPUT_OPTIONS = ("-o", "--output", "--chart", "--plot", "--report", "--hardware-file", "--output-format")
"""Options whose value names a file to be written; that of the last begins with its format, `json=report.json`."""
FORCE = "--force"
"""The option of every command with such an option: replace whatever is there, but never an input."""
IN_PLACE_OPTIONS = ("--write", "--baseline", "--sheet", "--into")
"""Options whose value names a file that is read, edited and written back; for any other output it is an input."""

_PERHAPS_READ = (".toml", ".yaml", ".yml")
"""Endings of files that a command may read without being told to: what they are is known when it comes to writing."""

_MAKE_FOLDERS = (["render"], ["catalog"], ["export"])
"""Commands whose output may be a folder, and which make it."""

CHECK = "--check"
_WRITE_NOTHING_TO_CHECK = (["render"],)
"""Commands that with `--check` compare the files that are named as outputs, whatever these hold, and write none."""

_READ_FIRST = (["catalog"],)
"""Commands that read all that is in a folder before they write, each file noted as it is read: to look through the
folder before would take as long again."""


@contextmanager
def inputs_kept_of(arguments: Sequence[str]) -> Iterator[None]:
    """Within the block, refuse to write over a file that the command reads, before any work where that is known.

    Files that are not named among the arguments, such as the configured sheet, are refused when it comes to writing.

    Raises:
        InputOverwriteError: an output is one of the inputs; nothing was changed.
        UsageError: an output has an empty name, two outputs are one file, or one is there and was not written by us;
            nothing was written.
        WriteError: there can be no file of that name.
    """
    options = _before_dashes(arguments)
    named, outputs = named_files(arguments)
    if list(arguments[:1]) in _WRITE_NOTHING_TO_CHECK and CHECK in options:
        outputs = []
    inputs: list[Path | int] = [*named, *([STANDARD_INPUT] if "-" in arguments else [])]
    for output in outputs:
        refuse_overwriting_inputs(output, inputs)
    _refuse_shared(outputs)
    forced = FORCE in options
    for output in outputs:
        if not forced and output.suffix.lower() not in _PERHAPS_READ:
            _refuse_foreign(output)
        _refuse_impossible(output, makes_folders=list(arguments[:1]) in _MAKE_FOLDERS)
    with inputs_kept(inputs, None if forced else _refuse_foreign):
        yield


def _refuse_foreign(output: Path, successor: Path | None = None) -> None:
    """Refuse to replace a file that holds no output of ours, or one of another kind than its successor."""
    if not os.path.isfile(output):  # noqa: PTH113  as elsewhere here: to it, a NUL is no error
        return
    from factsheet.reports.output_kinds import refuse_other_kind  # only where there is a file

    try:
        new = None if successor is None else _content_of(successor)
        refuse_other_kind(str(output), _content_of(output), new)
    except OSError:  # whoever writes to it says so
        return


def _content_of(file: Path) -> bytes:
    """Return what a file holds; of one that is larger than our pages, the two ends."""
    from factsheet.reports.output_kinds import LARGEST

    with file.open("rb") as stream:
        start = stream.read(LARGEST)
        if len(start) < LARGEST:
            return start
        stream.seek(-LARGEST, os.SEEK_END)
        return start + stream.read()


def _before_dashes(arguments: Sequence[str]) -> Sequence[str]:
    """Return the arguments that may be options: behind `--`, none is."""
    return arguments[: arguments.index("--")] if "--" in arguments else arguments


def _refuse_impossible(output: Path, *, makes_folders: bool) -> None:
    """Refuse a file that cannot be written, before hours of work: a name that is too long, a folder that is missing."""
    fault = fault_of_name(output)
    if fault:
        raise WriteError(output, fault)
    try:
        mode = _mode_of(output)
        if mode is not None and stat.S_ISREG(mode) and not os.access(output, os.W_OK):
            raise PermissionError(None, "The file is write-protected")
        if makes_folders:
            return
        if mode is not None and stat.S_ISDIR(mode):
            raise IsADirectoryError(None, os.strerror(errno.EISDIR))
        if mode is None or stat.S_ISREG(mode):  # a device is written to, and its folder is not
            folder = Path(os.path.realpath(output)).parent
            folder.stat()
            if not os.access(folder, os.W_OK | os.X_OK):
                raise PermissionError(None, os.strerror(errno.EACCES))
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise WriteError(output, reason_of(error)) from None


def _mode_of(output: Path) -> int | None:
    try:
        return output.stat().st_mode
    except FileNotFoundError:
        return None


def _refuse_shared(outputs: Sequence[Path]) -> None:
    seen: set[str] = set()
    for output in outputs:
        try:
            real = os.path.realpath(output)
        except (OSError, ValueError):  # whoever writes to it says so
            continue
        if os.path.normcase(real) in seen:
            raise UsageError(
                f"{output}: two outputs go to this file",
                "the last one would replace those before it",
                "give each its own name",
            )
        # A device or a pipe takes all that comes.
        if os.path.isfile(real) or not os.path.exists(real):  # noqa: PTH110, PTH113  as elsewhere here
            seen.add(os.path.normcase(real))


def named_files(arguments: Sequence[str]) -> tuple[list[Path], list[Path]]:
    """Return the files that arguments name: those that are read, and those that are written.

    It reads the arguments as they are, so that a command need not remember to declare its files. A text that only
    happens to be the name of a file is taken for an input: the worst that follows is that this file is not replaced.

    Raises:
        UsageError: an output has an empty name.
    """
    inputs: list[Path] = []
    outputs: list[Path] = []
    option = ""
    options = _before_dashes(arguments)
    folders = list(arguments[:1]) not in _READ_FIRST
    for text in arguments[len(options) :]:
        inputs += _files_at(text, folders=folders)
    for argument in options:
        if option:
            named, value, option = option, argument, ""
        elif argument in OUTPUT_OPTIONS:
            option = argument
            continue
        elif argument.startswith("--") and "=" in argument:
            named, _, value = argument.partition("=")
        elif argument.startswith("-o") and len(argument) > len("-o"):
            named, value = "-o", argument.removeprefix("-o").removeprefix("=")
        else:
            named, value = "", argument
        if named in OUTPUT_OPTIONS:
            if not value:  # a path of no characters would be that of the folder one is in
                raise UsageError(
                    "the name of the file is empty",
                    "nothing was written",
                    "give a name; in a script, see that the variable is set",
                    place=named,
                )
            outputs.append(Path(value.partition("=")[2] if named == "--output-format" else value))
        else:
            inputs += _sources_in(value, folders=folders)
    return inputs, [path for path in outputs if path.name]


def _sources_in(value: str, *, folders: bool) -> list[Path]:
    """Return the files that a source names: with its kind before it, or the name of an object behind, or several.

    `card=README.md`, `torchscript:net.pt`, `nets.py:make`, `ibm-2022,mine.yaml`.
    """
    texts = (value, value.rpartition(":")[0], *value.split(","))
    names = (
        name for text in texts for name in (text, *(text.partition(mark)[2] for mark in "=:" if mark in text))
    )
    # Each once: of a folder, all of it is looked through.
    return [file for name in dict.fromkeys(names) for file in _files_at(name, folders=folders)] + _code_at(
        value
    )


def _code_at(text: str) -> list[Path]:
    """Return the files of a module in the working directory, and of the packages around it: `package.nets:make`."""
    module, colon, _ = text.partition(":")
    if not colon or not all(part.isidentifier() for part in module.split(".")):
        return []
    around = [Path(name, "__init__.py") for name in accumulate(module.split("."), "{}/{}".format)]
    return [path for path in (Path(module.replace(".", "/") + ".py"), *around) if path.is_file()]


def _files_at(text: str, *, folders: bool) -> list[Path]:
    if os.path.isfile(text):  # noqa: PTH113  to it, a NUL is no error
        return [Path(text)]
    if not folders or not text or not os.path.isdir(text):  # noqa: PTH112  likewise
        return []
    folder = Path(text)
    # All of a saved model is read; of another folder, its sheets.
    try:
        return list(folder.iterdir()) if (folder / "config.json").exists() else find_sheets([folder])
    except (OSError, SourceError):  # whoever reads the folder says so
        return []
