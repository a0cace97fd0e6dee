"""A sheet in another format: its files, and the facts that the format cannot hold, or holds less exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factsheet.source.document import KeyPath


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file to write.

    Attributes:
        name: relative to the folder that it goes into, of parts that any system takes.
        content: in UTF-8 where it is text.
    """

    name: str
    content: bytes

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Unsaid:
    """An answer of the sheet that a format cannot hold, or only in part.

    Attributes:
        path: where it is in the sheet.
        value: the answer, as written.
        reason: why it is left out, or what is lost.
    """

    path: KeyPath
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """Something that a file which was completed says otherwise than the sheet; it stays.

    Attributes:
        path: where it is in the file.
        there: what the file says; `None` where it says nothing, and another key stands in the way.
        ours: what the sheet says.
    """

    path: KeyPath
    there: object
    ours: object


@dataclass(frozen=True, slots=True)
class Exported:
    """A sheet in another format.

    Attributes:
        files: to be written together.
        unsaid: answers that are in none of them.
        approximated: answers that are in one, less exactly.
        answers: how many the sheet has; each key of a fact with provenance is one.
        kept: what stays in a file that was completed, though the sheet says otherwise.
    """

    files: tuple[ExportedFile, ...]
    unsaid: tuple[Unsaid, ...] = ()
    approximated: tuple[Unsaid, ...] = ()
    answers: int = 0
    kept: tuple[KeptAnswer, ...] = ()
