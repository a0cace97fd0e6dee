"""Measure how far a sheet answers what a role needs to know: need by need and field by field, without a score."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.facts.fact import Fact
from factsheet.facts.placeholders import is_placeholder, is_sample_address
from factsheet.facts.section import Record
from factsheet.networks.declared import FAMILIES, SECTION
from factsheet.sheet_templates.known_templates import read_any_sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from factsheet.facts.fact import AbsenceKind
    from factsheet.readers.needs import RoleNeed
    from factsheet.readers.roles import RoleName
    from factsheet.readers.stages import StageName, StageRequirement
    from factsheet.review.summary import ReviewSummary
    from factsheet.sheet.model import SheetFields
    from factsheet.source.loader import Loaded

_LANGUAGE = "overview.sheet_language"
START = "factsheet"
"""The key that a sheet begins with: where what is missing altogether is reported, and can be silenced."""
_ASIDES = frozenset({"provenance", "notes", "note", "name", "id"})
"""Keys of sections and rows that are no answer to the rest of the section; the last part of a pattern may name one."""


class SaidWhyNot(NamedTuple):
    """A field that the sheet explicitly has no value for."""

    path: str
    kind: AbsenceKind
    reason: str


class Answer(NamedTuple):
    """The answer of a sheet to a field and to everything below it."""

    answered: bool
    """Whether there is a value."""
    why_not: tuple[SaidWhyNot, ...]

    @property
    def given(self) -> bool:
        """Whether the sheet says anything: a reason why there is no value counts, leaving the field out does not."""
        return self.answered or bool(self.why_not)


def is_given(sheet: SheetFields, pattern: str) -> bool:
    """Return whether a sheet says anything about a field: `answer(sheet, pattern).given`, without the details."""
    return _is_given(sheet, _parts(pattern))


def _is_given(node: object, parts: tuple[str, ...]) -> bool:
    for index, part in enumerate(parts):
        if part == "*":
            return any(
                _is_given(row, parts[index + 1 :]) for row in (node if isinstance(node, tuple) else ())
            )
        node = getattr(node, part, None)
        if node is None:
            return False
        if type(node) is Fact:
            return not is_no_answer(node)  # with a value, or with the reason why there is none
    return node is not None and (isinstance(node, Fact) or any(True for _ in _below(node, "")))


def answer(sheet: SheetFields, pattern: str) -> Answer:
    """Return the answer of a sheet to a field.

    Args:
        sheet: the sheet.
        pattern: its path; `[*]` means every row of a list, and one row that answers is enough.
    """
    answered, why_not = False, []
    for found in _values(sheet, _parts(pattern), ""):
        if isinstance(found, SaidWhyNot):
            why_not.append(found)
        else:
            answered = True
    return Answer(answered, tuple(why_not))


@lru_cache(maxsize=512)
def _parts(pattern: str) -> tuple[str, ...]:
    return tuple(pattern.replace("[*]", ".*").split("."))


def _values(node: object, parts: tuple[str, ...], path: str) -> Iterator[SaidWhyNot | bool]:
    """Yield `True` for each value below a node, and each stated absence."""
    if node is None:
        return
    if isinstance(node, Fact):
        if is_no_answer(node):
            return
        if node.absence is not None:
            yield SaidWhyNot(path, node.absence.kind, node.absence.reason)
        elif node.value is not None:
            yield True
    elif not parts:
        yield from _below(node, path)
    elif parts[0] == "*":
        for index, row in enumerate(node if isinstance(node, tuple) else ()):
            yield from _values(row, parts[1:], f"{path}[{index}]")
    else:
        here = f"{path}.{parts[0]}" if path else parts[0]
        yield from _values(getattr(node, parts[0], None), parts[1:], here)


def is_no_answer(fact: Fact) -> bool:
    """Return whether words such as `TBD` stand where the value, or the reason for its absence, should be."""
    value = fact.value if fact.absence is None else fact.absence.reason
    if isinstance(value, str):
        return is_placeholder(value) or is_sample_address(value)
    return isinstance(value, tuple) and all(map(is_placeholder, value))


def _below(node: object, path: str) -> Iterator[SaidWhyNot | bool]:
    if isinstance(node, Record):
        for key, value in vars(node).items():
            if key not in _ASIDES or isinstance(value, Fact):
                yield from _values(value, (), f"{path}.{key}")
    elif isinstance(node, tuple):
        for index, row in enumerate(node):
            yield from _values(row, (), f"{path}[{index}]")
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _values(value, (), f"{path}.{key}")
    elif not (isinstance(node, str) and is_placeholder(node)):
        yield True


Standing = Literal["answered", "answered in part", "said why not", "missing"]
STANDINGS: tuple[Standing, ...] = ("answered", "answered in part", "said why not", "missing")
"""`answered`: every core field has a value. `answered in part`: some core field has one. `said why not`: none has, but
the sheet says why for at least one. `missing`: the sheet says nothing on any of them. Other fields that belong to a
need do not count: `technology: PCM` alone tells nobody how the weights are programmed."""


class NeedStanding(NamedTuple):
    """The extent to which a sheet answers one need.

    Attributes:
        asked: the need, with who asked for it.
        why: who asked for it, in words, with the source.
        standing: the summary in a word.
        answered: core fields that have a value.
        why_not: core fields, or fields below them, that the sheet says it has no value for.
        missing: core fields that the sheet says nothing about.
    """

    asked: RoleNeed
    why: str
    standing: Standing
    answered: tuple[str, ...]
    why_not: tuple[SaidWhyNot, ...]
    missing: tuple[str, ...]

    @property
    def title(self) -> str:
        """The need's name for readers."""
        return self.asked.need.title


class RoleStanding(NamedTuple):
    """The extent to which a sheet answers one role's needs."""

    role: RoleName
    needs: tuple[NeedStanding, ...]
    title: str
    """What pages call the role."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The core fields that the sheet says nothing about, each once."""
        return tuple(dict.fromkeys(field for need in self.needs for field in need.missing))

    def unmet(self, stage: StageName | None) -> tuple[NeedStanding, ...]:
        """Return the needs of which a sheet at a stage leaves more unsaid than it may.

        Args:
            stage: the stage; a sheet at none is measured as a draft.
        """
        from factsheet.readers.stages import ROLE_CORE  # start-up: most checks are for no role

        if ROLE_CORE[stage or "draft"] == "some":
            return tuple(need for need in self.needs if need.standing == "missing")
        return tuple(need for need in self.needs if need.missing)

    def by_standing(self) -> Mapping[Standing, tuple[NeedStanding, ...]]:
        """Return the needs by how far they are answered, in the order of `STANDINGS`."""
        return {word: tuple(need for need in self.needs if need.standing == word) for word in STANDINGS}

    def why_not_by_kind(self) -> Mapping[AbsenceKind, int]:
        """Count the fields that are said to have no value, by kind; a field that two needs share counts once."""
        fields = {found.path: found.kind for need in self.needs for found in need.why_not}
        return Counter(fields.values())


class SheetStanding(NamedTuple):
    """The extent to which a sheet answers several roles' needs.

    Attributes:
        name: the file's name as reports show it.
        roles: one standing for each role; `None` for a sheet that does not fit the schema.
        stage: the stage that it is measured by; `None` where it names none and none is asked for.
        unmet: what it does not answer of that which is asked of every sheet at that stage.
        reviews: what reviewers said of it.
    """

    name: str
    roles: tuple[RoleStanding, ...] | None
    stage: StageName | None = None
    unmet: tuple[UnmetDemand, ...] = ()
    reviews: ReviewSummary | None = None


def standing_of(
    loaded: Loaded, name: str, roles: Iterable[RoleName] | None, stage: StageName | None = None
) -> SheetStanding:
    """Measure how far a sheet answers several roles' needs, and what its stage asks of it.

    Args:
        loaded: what `factsheet.source` read.
        name: the file's name as reports show it.
        roles: whose needs; `None` for those of every reader of such a sheet.
        stage: the stage that it is measured by; by default the one that it says it is at.
    """
    if loaded.document is None or loaded.problems:
        return SheetStanding(name, None)
    sheet, misfits = read_any_sheet(loaded.document.data)
    if sheet is None or misfits:
        return SheetStanding(name, None)  # an answer under a misspelt key would count as missing
    stage = stage or stage_of(sheet)
    unmet = () if stage is None else unmet_demands(sheet, stage)
    readers = sheet.audience.role_names if roles is None else sheet.audience.among(roles)
    return SheetStanding(name, tuple(completeness(sheet, role) for role in readers), stage, unmet)


def completeness(sheet: SheetFields, role: RoleName) -> RoleStanding:
    """Measure how far a sheet answers a role's needs, the most widely shared first."""
    audience = sheet.audience
    return RoleStanding(
        role,
        tuple(_need(sheet, role, asked) for asked in audience.needs_of(role)),
        audience.roles[role].title,
    )


def _need(sheet: SheetFields, role: RoleName, asked: RoleNeed) -> NeedStanding:
    core = [(field, answer(sheet, field)) for field in asked.need.core]
    answered = tuple(field for field, found in core if found.answered)
    why_not = tuple(said for _, found in core for said in found.why_not)
    missing = tuple(
        field for field, found in core if not found.given and not _is_beside_the_point(sheet, field)
    )
    return NeedStanding(
        asked=asked,
        why=sheet.audience.whose(role, asked),
        standing=_standing(asked, answered, why_not),
        answered=answered,
        why_not=why_not,
        missing=missing,
    )


def _is_beside_the_point(sheet: SheetFields, field: str) -> bool:
    """Return whether a field's section says in its summary that it does not apply: then nothing in it does."""
    section = getattr(sheet, field.partition(".")[0], None)
    summary = getattr(section, "summary", None)
    return (
        isinstance(summary, Fact) and summary.absence is not None and summary.absence.kind == "not_applicable"
    )


def _standing(asked: RoleNeed, answered: tuple[str, ...], why_not: tuple[SaidWhyNot, ...]) -> Standing:
    if answered:
        return "answered" if len(answered) == len(asked.need.core) else "answered in part"
    return "said why not" if why_not else "missing"


class UnmetDemand(NamedTuple):
    """A demand of a stage that a sheet does not meet.

    Attributes:
        demand: what is asked for.
        missing: the fields without an answer, each with its alternatives.
    """

    demand: StageRequirement
    missing: tuple[tuple[str, ...], ...]


def stage_of(sheet: SheetFields) -> StageName | None:
    """Return the stage that a sheet says it is at."""
    from factsheet.readers.stages import STAGES  # start-up: many sheets say nothing of it

    status = sheet.overview.status
    return None if status is None else next((stage for stage in STAGES if stage == status.text), None)


def unmet_demands(sheet: SheetFields, stage: StageName) -> tuple[UnmetDemand, ...]:
    """Return what a sheet does not answer of that which is asked of every sheet at a stage."""
    demands = sheet.audience.demands_at(stage)
    found = (UnmetDemand(demand, _unanswered(sheet, demand)) for demand in demands)
    return tuple(unmet for unmet in found if unmet.missing)


def _unanswered(sheet: SheetFields, demand: StageRequirement) -> tuple[tuple[str, ...], ...]:
    if demand.section == "provenance":
        return () if _has_sources(sheet) else (("provenance.source",),)
    if demand.fields == ((_LANGUAGE,),) and not is_given(sheet, _LANGUAGE):
        from factsheet.checks.prose_language import reads_as_english  # start-up: it compiles patterns

        return () if reads_as_english(sheet) else demand.fields
    return tuple(
        alternatives
        for alternatives in demand.fields
        if not any(_is_met(sheet, field) for field in alternatives)
    )


def _is_met(sheet: SheetFields, field: str) -> bool:
    """Return whether a sheet answers a demand; a network of any family answers one for a network."""
    section, _, key = field.rpartition(".")
    if section == SECTION and key in FAMILIES:
        return any(is_given(sheet, f"{SECTION}.{family}") for family in FAMILIES)
    return is_given(sheet, field)


def _has_sources(sheet: SheetFields) -> bool:
    """Return whether the sheet says anywhere where its figures come from; FS503 checks that figure by figure."""
    if sheet.provenance is not None and sheet.provenance.source:
        return True
    from factsheet.sheet.walk import facts

    return any(placed.source for placed in facts(sheet))
