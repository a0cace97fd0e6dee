"""All that changed from one version of a sheet to another, and whether any of it is a regression."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from factsheet.comparing.changes import AnswerChange, LeafChanges, became, evidence_change, provenance_effect
from factsheet.comparing.leaves import SheetLeaves
from factsheet.comparing.wording import in_words
from factsheet.facts.fact import Fact
from factsheet.sheet.performance import System
from factsheet.sheet.walk import citations
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from factsheet.comparing.changes import ChangeKind, Effect
    from factsheet.comparing.leaves import Leaf
    from factsheet.facts.misfits import Misfit
    from factsheet.sheet.model import SheetFields

_FEW = 4
_ALIKE = 0.5
"""Share of what two rows say that has to be the same for them to be one row under two names."""
_MOST_PAIRS = 10_000
"""Pairs of rows that are looked at for it: where more came and went, a list was made anew."""
_CAME: Mapping[ChangeKind, str] = {"added": "new", "removed": "gone"}
_FIRST = ("figure", "answered", "withdrawn", "added", "removed", "provenance", "evidence")
"""Kinds of change in the order of their weight; the others follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedVersion:
    """A sheet as it was at some time.

    Attributes:
        name: what to call it.
        sheet: what fits the schema of it; `None` where there is no sheet, as before it was begun.
        misfits: what does not, and takes no part in comparisons.
        problems: what could not be read of its text.
    """

    name: str
    sheet: SheetFields | None
    misfits: tuple[Misfit, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def left_out(self) -> tuple[str, ...]:
        """What of it takes no part in comparisons, each with the place and the reason."""
        unfit = (f"{self.name}: {dotted(misfit.path)}: {misfit.message}" for misfit in self.misfits)
        return (*unfit, *(f"{self.name}: {problem}" for problem in self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDifference:
    """What changed between two versions.

    Attributes:
        old: name of the one.
        new: name of the other.
        changes: in the order of the new sheet, those of the same place together.
        left_out: what took no part, with the reason.
    """

    old: str
    new: str
    changes: tuple[AnswerChange, ...]
    left_out: tuple[str, ...] = ()

    @property
    def regressions(self) -> tuple[AnswerChange, ...]:
        """What is worse than before."""
        return self.of("worse")

    @property
    def improvements(self) -> tuple[AnswerChange, ...]:
        """What is better than before."""
        return self.of("better")

    def of(self, effect: Effect | None) -> tuple[AnswerChange, ...]:
        """Return the changes of one effect, the weightiest kinds first."""
        return tuple(sorted((c for c in self.changes if c.effect == effect), key=_weight))


def _weight(change: AnswerChange) -> int:
    return _FIRST.index(change.kind) if change.kind in _FIRST else len(_FIRST)


def difference(old: ComparedVersion, new: ComparedVersion) -> SheetDifference:
    """Return what changed from one version of a sheet to another, by its meaning."""
    known = {(misfit.path, misfit.message) for misfit in old.misfits}
    unfit = [
        AnswerChange(
            place=dotted(misfit.path),
            kind="unfit",
            new=misfit.message,
            words="does not fit the schema",
            effect="worse",
        )
        for misfit in new.misfits
        if (misfit.path, misfit.message) not in known
    ]
    fitting = {(misfit.path, misfit.message) for misfit in new.misfits}
    fitted = [
        AnswerChange(
            place=dotted(misfit.path),
            kind="unfit",
            old=misfit.message,
            words="fits the schema now",
            effect="better",
        )
        for misfit in old.misfits
        if (misfit.path, misfit.message) not in fitting
    ]
    changes = () if old.sheet is None or new.sheet is None else tuple(_changes(old.sheet, new.sheet))
    if (old.sheet is None) != (new.sheet is None):
        changes = (_whole(old.sheet, new.sheet),)
    return SheetDifference(
        old=old.name,
        new=new.name,
        changes=(*unfit, *fitted, *changes),
        left_out=(*old.left_out, *new.left_out),
    )


def _whole(old: SheetFields | None, new: SheetFields | None) -> AnswerChange:
    sheet = new or old
    answers = tuple(SheetLeaves(sheet).leaves)[1:] if sheet is not None else ()  # without its version
    return AnswerChange(
        place="",
        kind="removed" if new is None else "added",
        words="the sheet is gone" if new is None else f"a new sheet with {len(answers)} answers",
        effect="worse" if new is None else None,
        parts=answers,
    )


def _changes(old: SheetFields, new: SheetFields) -> Iterator[AnswerChange]:
    before = SheetLeaves(old)
    after = SheetLeaves(new, before)
    of_leaf = LeafChanges(old, new)
    came: dict[str, list[Leaf]] = {}
    for place, leaf in after.leaves.items():
        known = before.leaves.get(place)
        if leaf.qualifies or (known is not None and known.qualifies):
            yield from _inherited(known, leaf, before, after)
        elif known is not None:
            yield from of_leaf.between(known, leaf)
        else:
            came.setdefault(_group(leaf, before), []).append(leaf)
    went: dict[str, list[Leaf]] = {}
    for place, leaf in before.leaves.items():
        if place not in after.leaves:
            if leaf.qualifies:
                yield from _inherited(leaf, None, before, after)
            else:
                went.setdefault(_group(leaf, after), []).append(leaf)
    for one, other in _renamed(went, came):
        yield from _renaming((one, other), went.pop(one), came.pop(other), of_leaf)
    yield from (_came_or_went(place, leaves, "added", after) for place, leaves in came.items())
    yield from (_came_or_went(place, leaves, "removed", before) for place, leaves in went.items())


def _renamed(went: Mapping[str, Sequence[Leaf]], came: Mapping[str, Sequence[Leaf]]) -> list[tuple[str, str]]:
    """Return the rows of a list that are called otherwise than before and say for the most part the same."""
    likenesses: list[tuple[float, list[str], str, str]] = []
    if len(went) * len(came) > _MOST_PAIRS:
        return []
    for one, old in went.items():
        for other, new in came.items():
            if (
                one.endswith("]")
                and other.endswith("]")
                and one.rpartition("[")[0] == other.rpartition("[")[0]
            ):
                before, after = _said(one, old), _said(other, new)
                likeness = len(before & after) / len(before | after)
                likenesses.append((-likeness, sorted((one, other)), one, other))
    pairs: list[tuple[str, str]] = []
    for likeness, _, one, other in sorted(likenesses):
        taken = {name for pair in pairs for name in pair}
        if -likeness >= _ALIKE and not taken & {one, other}:
            pairs.append((one, other))
    return pairs


def _said(row: str, leaves: Sequence[Leaf]) -> set[tuple[str, str]]:
    return {(leaf.place.removeprefix(row), in_words(leaf.value)) for leaf in leaves}


def _renaming(
    rows: tuple[str, str], old: Sequence[Leaf], new: Sequence[Leaf], of_leaf: LeafChanges
) -> Iterator[AnswerChange]:
    """Yield the change of a row's name, and what else changed in it."""
    one, other = rows
    names = [row.rpartition("[")[2].rstrip("]") for row in rows]
    # One name for both ways round: a difference is the reverse of that of the other way.
    row = min(rows)
    yield AnswerChange(
        place=row, kind="answer", old=names[0], new=names[1], words="the row is called otherwise"
    )
    before = {
        leaf.place.removeprefix(one): replace(leaf, place=row + leaf.place.removeprefix(one)) for leaf in old
    }
    after = {
        leaf.place.removeprefix(other): replace(leaf, place=row + leaf.place.removeprefix(other))
        for leaf in new
    }
    for name, leaf in after.items():
        if name in before:
            yield from of_leaf.between(before[name], leaf)
        else:
            yield _single(leaf, "added")
    yield from (_single(leaf, "removed") for name, leaf in before.items() if name not in after)


def _single(leaf: Leaf, kind: ChangeKind) -> AnswerChange:
    text, place = in_words(leaf.value), leaf.place
    old, new = ("", text) if kind == "added" else (text, "")
    return AnswerChange(place=place, kind=kind, old=old, new=new, words=_CAME[kind], parts=(place,))


def _group(leaf: Leaf, other: SheetLeaves) -> str:
    """Return the outermost row or section around an answer that the other sheet does not have; else the answer."""
    return next((holder for holder in leaf.holders if holder not in other.records), leaf.place)


def _came_or_went(place: str, leaves: Sequence[Leaf], kind: ChangeKind, sheet: SheetLeaves) -> AnswerChange:
    """Return the change of a row, a section or an answer that only one of the sheets has."""
    answered = [
        leaf for leaf in leaves if not (isinstance(leaf.value, Fact) and leaf.value.absence is not None)
    ]
    words, counts = _what(place, leaves, sheet)
    effect: Effect | None = None
    if counts and answered:
        effect = "better" if kind == "added" else "worse"
    text = in_words(leaves[0].value) if len(leaves) == 1 else _in_short(place, leaves)
    return AnswerChange(
        place=place,
        kind=kind,
        old="" if kind == "added" else text,
        new=text if kind == "added" else "",
        words=" ".join(filter(None, (_CAME[kind], words)))
        .replace("new a ", "a new ")
        .replace("gone a ", "gone: a "),
        effect=effect,
        parts=tuple(leaf.place for leaf in leaves),
    )


_NEUTRAL = ("errata", "reviews", "producers", "figures", "limitations")
"""Sections in which more is neither better nor worse: an erratum is no improvement, correcting one no regression."""


def _what(place: str, leaves: Sequence[Leaf], sheet: SheetLeaves) -> tuple[str, bool]:
    """Return what came or went, and whether a reader misses it."""
    top = place.partition(".")[0].partition("[")[0]
    if place.startswith("references["):
        name = place.removeprefix("references[id=").removesuffix("]")
        cited = sum(name in ids for _, ids in citations(sheet.sheet))
        times = "is cited by nothing" if not cited else f"is cited {cited} time{'s' * (cited > 1)}"
        return f"a reference, which {times}", bool(cited)
    if len(leaves) == 1 and leaves[0].place == place:
        counts = isinstance(leaves[0].value, Fact) and top not in _NEUTRAL
        return "", counts
    what = "a row" if place.endswith("]") else "a section" if "." not in place else "a part"
    return f"{what} with {len(leaves)} answer{'s' * (len(leaves) > 1)}", top not in _NEUTRAL


def _in_short(place: str, leaves: Sequence[Leaf]) -> str:
    """Return the first answers of a row or section in one line."""
    facts = [leaf for leaf in leaves if isinstance(leaf.value, Fact) and leaf.value.absence is None]
    chosen = (facts or leaves)[:_FEW]
    told = [f"{leaf.place.removeprefix(place).lstrip('.')}: {in_words(leaf.value)}"[:120] for leaf in chosen]
    more = len(leaves) - len(chosen)
    return "; ".join((*told, *([f"and {more} more"] if more else [])))


def _inherited(
    old: Leaf | None, new: Leaf | None, before: SheetLeaves, after: SheetLeaves
) -> Iterator[AnswerChange]:
    """Yield the change of a provenance that figures below it take over; none where no figure is the other for it."""
    leaf = new or old
    assert leaf is not None  # noqa: S101  one of the sheets has it
    if old is not None and new is not None and old.value == new.value:
        return
    key = leaf.path[-1]
    affected = list(_below(leaf, before, after, str(key)))
    if not affected:
        return
    many = f" of {len(affected)} figure{'s' * (len(affected) > 1)}"
    if key == "source":
        one, other = affected[0]
        pairs = {(first.source, second.source) for first, second in affected}
        effects = {provenance_effect(*pair) for pair in pairs}
        yield AnswerChange(
            place=leaf.place,
            kind="provenance",
            old=one.source or "not stated",
            new=other.source or "not stated",
            words=f"{became(one.source, other.source)}: the provenance{many}",
            effect=effects.pop() if len(effects) == 1 else None,
        )
    else:
        one, other = affected[0]
        change = evidence_change(leaf.place, one.evidence, other.evidence)
        yield AnswerChange(
            place=change.place,
            kind="evidence",
            old=change.old,
            new=change.new,
            words=f"{change.words}: the evidence{many}",
            effect=change.effect,
        )


def _below(leaf: Leaf, before: SheetLeaves, after: SheetLeaves, key: str) -> Iterator[tuple[Leaf, Leaf]]:
    """Yield the figures whose provenance changed with one above them, as before and as after."""
    top = leaf.place.removesuffix(f".{key}").removesuffix("provenance").rstrip(".")
    system = next((r for sheet in (after, before) if isinstance(r := sheet.records.get(top), System)), None)
    table = top.partition(".systems[")[0]
    for place, new in after.leaves.items():
        old = before.leaves.get(place)
        if old is None or not isinstance(old.value, Fact) or not isinstance(new.value, Fact):
            continue
        # Both are taken over together: a figure that states either says it for itself.
        own = (old.value.source, old.value.evidence, new.value.source, new.value.evidence)
        if any(own) or getattr(old, key) == getattr(new, key):
            continue
        if system is not None:
            if place.startswith(f"{table}.") and new.path[-1] == system.id:
                yield old, new
        elif not top or place == top or place.startswith((f"{top}.", f"{top}[")):
            yield old, new


def only(changed: SheetDifference, places: Iterable[str]) -> tuple[AnswerChange, ...]:
    """Return the changes at these places, and of the rows and sections that they are in."""
    wanted = set(places)
    return tuple(c for c in changed.changes if c.place in wanted or wanted.intersection(c.parts))
