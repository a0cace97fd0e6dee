"""How facts of a sheet changed over its revisions, the newest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.comparing.changes import AnswerChange
from factsheet.comparing.difference import difference
from factsheet.comparing.leaves import SheetLeaves
from factsheet.comparing.wording import in_words
from factsheet.sheet.synonyms import PLACES, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from factsheet.comparing.difference import ComparedVersion
    from factsheet.source.revisions import Revision

_STEP = re.compile(r"\.?([^.\[\]]+)|\[([^\[\]]*)\]")
FIRST = "first stated"
_MANY = 12
"""Answers of a first version that are listed; of more, their number says enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """What one revision changed.

    Attributes:
        revision: it; `None` for what is not committed yet.
        changes: those of the facts that were asked for.
        problem: why it could not be compared; empty where it was.
    """

    revision: Revision | None
    changes: tuple[AnswerChange, ...] = ()
    problem: str = ""


class FactPattern:
    """Facts by their path: a field, a row by what names it, or all below a section."""

    def __init__(self, path: str, instead_of: str = "") -> None:
        """Take a path.

        Args:
            path: where the facts are.
            instead_of: what was asked for, where the schema has another place for it.
        """
        self.path = path
        self.instead_of = instead_of
        self._steps = _steps(path)

    def matches(self, place: str) -> bool:
        """Return whether an answer is at the path, or below it; rows that the path does not choose are all meant."""
        rest = _steps(place)
        for key, selector in self._steps:
            if not rest or rest[0][0] != key:
                return False
            row = rest.pop(0)[1]
            if selector and selector != "*" and not set(selector.split(", ")) <= set(row.split(", ")):
                return False
        return True


def _steps(path: str) -> list[tuple[str, str]]:
    """Return the keys of a path, each with what chooses a row of it; a key of a mapping may hold points in brackets."""
    steps: list[tuple[str, str]] = []
    for key, selector in _STEP.findall(path):
        if key:
            steps.append((key, ""))
        elif steps:
            steps[-1] = (steps[-1][0], selector)
    return steps


def patterns_of(path: str, newest: SheetLeaves) -> tuple[FactPattern, ...]:
    """Return what a path means: itself where the sheet or the schema has it, else what else it may be called.

    Args:
        path: such as `parameters.power`, `performance.results[0]`, `latency`.
        newest: the newest version, by whose order numbers of rows are meant.
    """
    named = _with_names(path, newest)
    pattern = FactPattern(named)
    if any(map(pattern.matches, newest.leaves)) or _is_field(path, newest):
        return (pattern,)
    word = plain(path.rpartition(".")[2])
    fields = () if "." in path else _fields_called(word, newest)
    if fields:
        return tuple(FactPattern(place, path) for place in fields)
    others = tuple(FactPattern(place, path) for place in PLACES.get(word, ()))
    return others if any(other.matches(place) for other in others for place in newest.leaves) else (pattern,)


def _fields_called(word: str, newest: SheetLeaves) -> tuple[str, ...]:
    """Return the fields of the schema whose last key is a word: `power` is the chip's, and that of each point."""
    from factsheet.authoring.field_catalogue import catalogue  # the whole schema is walked for it

    paths = (entry.path for entry in catalogue(type(newest.sheet)))
    return tuple(dict.fromkeys(path for path in paths if plain(path.rpartition(".")[2]) == word))


def _is_field(path: str, newest: SheetLeaves) -> bool:
    """Return whether the schema of a sheet has a path, though the sheet may not answer it any more."""
    from factsheet.authoring.field_catalogue import entries_at  # the whole schema is walked for it

    keys = re.sub(r"\[[^\[\]]*\]", "", path)
    return any(
        re.sub(r"\[[^\[\]]*\]", "", entry.path) == keys for entry in entries_at(keys, type(newest.sheet))
    )


def _with_names(path: str, newest: SheetLeaves) -> str:
    """Return a path whose rows are named by what they are called, where it numbers them."""
    named = path
    while (match := re.search(r"\[(\d+)\]", named)) is not None:
        above = named[: match.start()]
        rows = [place for place in newest.records if place.startswith(f"{above}[") and place.endswith("]")]
        rows = [row for row in rows if "[" not in row[len(above) + 1 :]]
        if int(match[1]) >= len(rows):
            return named
        named = rows[int(match[1])] + named[match.end() :]
    return named


def history_entries(
    revisions: Iterable[tuple[Revision | None, Callable[[], ComparedVersion | str]]],
    patterns: Sequence[FactPattern],
) -> Iterator[HistoryEntry]:
    """Yield what changed at each revision, the newest first; revisions that changed none of the facts are left out.

    Args:
        revisions: the newest first, each with what reads it: a version, or why there is none.
        patterns: which facts; all for none.
    """
    after: tuple[Revision | None, ComparedVersion] | None = None
    for revision, read in revisions:
        version = read()
        if isinstance(version, str):
            yield HistoryEntry(revision=revision, problem=version)
            continue
        if after is not None:
            yield from _entry(after[0], tuple(_changes(version, after[1], patterns)))
        after = revision, version
    if after is not None and after[1].sheet is not None:
        yield from _entry(after[0], _first(SheetLeaves(after[1].sheet), patterns))


def _first(sheet: SheetLeaves, patterns: Sequence[FactPattern]) -> tuple[AnswerChange, ...]:
    if not patterns:
        return (
            AnswerChange(place="", kind="added", words=f"a new sheet with {len(sheet.leaves) - 1} answers"),
        )
    found = [
        leaf
        for leaf in sheet.leaves.values()
        if not leaf.qualifies and any(pattern.matches(leaf.place) for pattern in patterns)
    ]
    if len(found) > _MANY:
        places = tuple(leaf.place for leaf in found)
        path = ", ".join(pattern.path for pattern in patterns)
        words = f"{FIRST}, with {len(found)} answers"
        return (AnswerChange(place=path, kind="added", words=words, parts=places),)
    return tuple(
        AnswerChange(place=leaf.place, kind="added", new=in_words(leaf.value), words=FIRST) for leaf in found
    )


def _entry(revision: Revision | None, changes: tuple[AnswerChange, ...]) -> Iterator[HistoryEntry]:
    if changes:
        yield HistoryEntry(revision=revision, changes=changes)


def _changes(
    old: ComparedVersion, new: ComparedVersion, patterns: Sequence[FactPattern]
) -> Iterator[AnswerChange]:
    """Yield the changes of these facts; of a row or section that came or went, those that it has of them."""
    for change in difference(old, new).changes:
        if not patterns or any(pattern.matches(change.place) for pattern in patterns):
            yield change
        elif any(pattern.matches(part) for pattern in patterns for part in change.parts):
            before = None if old.sheet is None else SheetLeaves(old.sheet)
            of = before if change.kind != "added" or new.sheet is None else SheetLeaves(new.sheet, before)
            leaves = {} if of is None else of.leaves
            for part in change.parts:
                if any(pattern.matches(part) for pattern in patterns):
                    text = in_words(leaves[part].value)
                    old_text, new_text = ("", text) if change.kind == "added" else (text, "")
                    yield AnswerChange(
                        place=part,
                        kind=change.kind,
                        old=old_text,
                        new=new_text,
                        words="new" if change.kind == "added" else "gone",
                        effect=change.effect,
                        parts=(part,),
                    )
