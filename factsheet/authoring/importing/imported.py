"""What a source gave: facts of a sheet, values that could mean two things, and what no field holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from factsheet.recompute.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from factsheet.authoring.found import Found
    from factsheet.source.document import KeyPath
    from factsheet.source.dumping import Data

NEW_ROW = -1
"""At the end of a path: the value is a row of its list, put behind those that other facts gave."""
NAME: KeyPath = ("overview", "model")
"""The field of the model's name."""


@dataclass(frozen=True)
class LeftOut:
    """Something that a source states and that was not taken, with the reason."""

    where: str
    what: str
    why: str


@dataclass(frozen=True)
class Unclear:
    """A value that could mean more than one thing. It becomes a question; nobody guesses.

    Attributes:
        path: the field that it would answer.
        where: file, line and name in the file.
        what: the value as the source has it.
        readings: what it could mean, each in words with the answer that it would be.
    """

    path: KeyPath
    where: str
    what: str
    readings: tuple[tuple[str, Data], ...]


@dataclass(frozen=True)
class Imported:
    """All that one source gave.

    Attributes:
        name: what to call the source: the name of its file.
        kind: what it is, in words: `a Hugging Face model card`.
        facts: what it states.
        left_out: what was not taken.
        unclear: what has to be asked.
        hardware: the content of a hardware file for `factsheet simulate`, where it describes one.
        comments: what a reader of the new sheet has to know about a section, by its path.
        called: what its title or its folder calls the model, where nothing states a name.
        otherwise: facts for fields that no source answers, such as the library that a module is read with.
        assumed: what the source does not state and a library assumes, a sentence by the section that rests on it.
        template: the template that it is a sheet of; empty where it is none, or one of the study.
    """

    name: str
    kind: str
    facts: tuple[Found, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    hardware: Data = None
    comments: tuple[tuple[KeyPath, str], ...] = ()
    assumed: Mapping[str, str] = field(default_factory=dict)
    called: str = ""
    otherwise: tuple[Found, ...] = ()
    template: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """What a reader needs to know besides its file.

    Attributes:
        request: the sizes that networks are read at, and what is put on tiles.
        run_code: whether the user named a callable of their own that may be run.
    """

    request: Request = field(default_factory=Request)
    run_code: bool = False


@dataclass(frozen=True)
class ImportKind:
    """A kind of source.

    Attributes:
        name: the word that names it on a command line, `--from NAME=FILE`.
        words: what it is, with its article: `a Hugging Face model card`.
        recognises: whether a source is of this kind, by its path and the first bytes of the file, which are empty for
            a folder.
        read: gives what it states. It raises `UsageError` for a file that cannot be used at all.
        conversion: what to do first with a file that is not read as it is, by its first bytes; empty for any other.
    """

    name: str
    words: str
    recognises: Callable[[Path, bytes], bool]
    read: Callable[[str, ImportOptions], Imported]
    conversion: Callable[[bytes], str] = lambda _: ""
