"""What a sheet that a program makes has to be so that it can be written: its line breaks, its characters, its numbers.

A text is held to the same by the loader, which has said so before anything gets here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from factsheet.facts.misfits import Misfit
from factsheet.sheet.load import read_factsheet_as
from factsheet.sheet.model import SheetFields
from factsheet.source.characters import name_of, unsafe_in_value
from factsheet.source.decoding import DEFAULT_LIMITS
from factsheet.source.dumping import MOST_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.source.document import KeyPath


_Sheet = TypeVar("_Sheet", bound=SheetFields)
_MOST_DEPTH = DEFAULT_LIMITS.depth


def read_writable(model: type[_Sheet] | Misfit, data: object) -> tuple[_Sheet | None, tuple[Misfit, ...]]:
    """Validate plain data that was not read from a text, as `read_factsheet_as` does; what it returns can be written.

    Args:
        model: the class of the sheet that comes back; a misfit where the sheet names a template that there is not.
        data: its sections.

    Returns:
        The sheet and every misfit.
    """
    data = with_line_feeds(data)
    refused = tuple(_unwritable(data))
    if any(len(misfit.path) > _MOST_DEPTH for misfit in refused):
        return None, refused  # what follows would go down as far as it leads
    if isinstance(model, Misfit):
        return None, (model, *refused)
    sheet, misfits = read_factsheet_as(model, data)
    if sheet is not None and not refused and not misfits:
        # Facts that were made in Python have not been looked into.
        refused = tuple(_unwritable(sheet.model_dump(exclude_none=True)))
    paths = {misfit.path for misfit in refused}
    return sheet, (*refused, *(misfit for misfit in misfits if misfit.path not in paths))


def with_line_feeds(data: Any, depth: int = 0) -> Any:
    """Return plain data whose texts end lines as a sheet does, with a line feed, as Windows and old Macs do not.

    What lies deeper than a text of a sheet may stays as it is; `read_writable` refuses it.
    """
    if isinstance(data, str):
        return data.replace("\r\n", "\n").replace("\r", "\n") if "\r" in data else data
    if depth > _MOST_DEPTH:
        return data
    if type(data) is dict:
        return {
            with_line_feeds(key, depth + 1): with_line_feeds(value, depth + 1) for key, value in data.items()
        }
    if type(data) in {list, tuple}:
        return type(data)(with_line_feeds(item, depth + 1) for item in data)
    return data


def _unwritable(data: Any, path: KeyPath = ()) -> Iterator[Misfit]:
    """Yield what no text of a sheet can say: characters that are refused, numbers too long, great depth."""
    if isinstance(data, dict | list | tuple) and len(path) > _MOST_DEPTH:
        yield Misfit(
            "wrong-answer",
            path,
            on_key=False,
            message=f"it is nested more than {_MOST_DEPTH} levels deep",
            why="no fact of a sheet is, and a text that is so deep would not be read",
            help="give the answer itself",
        )
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _refused(key, (*path, key), on_key=True) if isinstance(key, str) else ()
            yield from _unwritable(value, (*path, key))
    elif isinstance(data, list | tuple):
        for index, value in enumerate(data):
            yield from _unwritable(value, (*path, index))
    elif isinstance(data, str):
        yield from _refused(data, path)
    elif isinstance(data, int) and abs(data) >= 10**MOST_DIGITS:
        yield Misfit(
            "wrong-answer",
            path,
            on_key=False,
            message=f"a number of more than {MOST_DIGITS} digits",
            why="nothing that a sheet describes is so large, and readers of YAML would round it",
            help="see that it is the number that was meant",
        )


def _refused(text: str, path: KeyPath, *, on_key: bool = False) -> Iterator[Misfit]:
    character = unsafe_in_value(text)
    if character is not None:
        yield Misfit(
            "wrong-answer",
            path,
            on_key=on_key,
            message=f"the {'key' if on_key else 'text'} holds {name_of(character)}, a character that no sheet may hold",
            why="it could drive a terminal, or cannot be written at all",
            help="leave it out",
        )
