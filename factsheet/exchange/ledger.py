"""Accounts for every answer of a sheet while it is exported: what nobody carried is unsaid, by construction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factsheet.exchange.exported import Exported, Unsaid
from factsheet.sheet.digest import plain_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from factsheet.exchange.exported import ExportedFile
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_ABSENT = ("not_applicable", "not_disclosed", "not_evaluated")
_VALUE_KEYS = frozenset({"value", *_ABSENT})


def answers_of(data: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Yield every answer in the plain data of a sheet with its path, in the order of the data.

    A list of scalars is one answer, and so is a list or mapping with nothing in it. Of a fact with provenance, each
    key is an answer of its own: `parameters.power.value`, `parameters.power.source`.
    """
    if isinstance(data, dict) and data:
        for key, value in data.items():
            yield from answers_of(value, (*path, key))
    elif isinstance(data, list | tuple) and any(isinstance(entry, dict | list | tuple) for entry in data):
        for index, entry in enumerate(data):
            yield from answers_of(entry, (*path, index))
    elif data is not None:
        yield path, data


def words_of(answer: Any) -> str:
    """Return an answer in words."""
    if isinstance(answer, bool):
        return "true" if answer else "false"
    if isinstance(answer, list | tuple):
        return ", ".join(map(words_of, answer))
    return "" if answer == {} else str(answer)


class FactLedger:
    """The answers of a sheet, each of which is carried, carried less exactly, or unsaid."""

    def __init__(self, sheet: SheetFields) -> None:
        self.data = plain_data(sheet)
        self._answers: dict[KeyPath, Any] = dict(answers_of(self.data))
        self._carried: dict[KeyPath, str] = {}
        """Paths of what is carried, with what is lost; empty where nothing is."""

    def carry(self, path: KeyPath, *, lost: str = "") -> None:
        """Mark an answer as carried: of a fact, its value or the reason why there is none, and not its provenance.

        Args:
            path: the fact, or any other answer.
            lost: what is lost of it; nothing where it is carried as it is.
        """
        for whole in (path, *((*path, key) for key in _VALUE_KEYS)):
            if whole in self._answers:
                self._carried[whole] = lost

    def carry_below(self, path: KeyPath, *, lost: str = "") -> None:
        """Mark everything at a path and below it as carried."""
        for whole in self._answers:
            if whole[: len(path)] == path:
                self._carried[whole] = lost

    def carries(self, path: KeyPath) -> bool:
        """Return whether an answer is marked."""
        return path in self._carried or any((*path, key) in self._carried for key in _VALUE_KEYS)

    def left(self) -> Iterator[tuple[KeyPath, Any]]:
        """Yield every answer that is not marked so far, with its path."""
        for path, answer in tuple(self._answers.items()):
            if path not in self._carried:
                yield path, answer

    def exported(
        self,
        files: Iterable[ExportedFile],
        otherwise: str,
        reasons: Mapping[KeyPath, str] | Callable[[KeyPath], str] | None = None,
    ) -> Exported:
        """Return the files with what is unsaid in them.

        Args:
            files: what was written.
            otherwise: why an answer is left out, unless there is another reason.
            reasons: other reasons, by the beginnings of paths, or what gives one for a path.
        """

        def reason_of(path: KeyPath) -> str:
            if callable(reasons):
                return reasons(path) or otherwise
            found = (reason for start, reason in (reasons or {}).items() if path[: len(start)] == start)
            return next(found, otherwise)

        unsaid = tuple(Unsaid(path, words_of(answer), reason_of(path)) for path, answer in self.left())
        approximated = tuple(
            Unsaid(path, words_of(self._answers[path]), lost) for path, lost in self._carried.items() if lost
        )
        return Exported(tuple(files), unsaid, approximated, len(self._answers))
