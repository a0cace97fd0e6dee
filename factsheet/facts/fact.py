"""A fact: a value as its author wrote it, or the reason why there is none, with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from factsheet.errors import AnswerRefusedError
from factsheet.facts.evaluation import Evaluation
from factsheet.facts.kind import as_dumped, refused
from factsheet.facts.kinds import Measure
from factsheet.facts.plain_kinds import Batch, Ids
from factsheet.facts.ranges import at_least
from factsheet.facts.section import Provenance, Record, Source, Text, ask
from factsheet.quantities.quantity import grouped

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema
    from pydantic_core.core_schema import SerializationInfo

    from factsheet.facts.kind import Kind, Value
    from factsheet.quantities.quantity import Quantity

AbsenceKind = Literal["not_applicable", "not_disclosed", "not_evaluated"]
RelativeTo = Literal[
    "not stated",
    "absolute",
    "w_max",
    "g_max",
    "weight_std",
    "input_bound",
    "output_bound",
    "output_std",
    "input_std",
    "device_model",
]
Per = Literal["tensor", "layer", "channel", "tile", "column", "device"]
Passes = Literal["forward pass", "backward pass", "forward and backward pass", "weight update"]
ABSENCES: tuple[AbsenceKind, ...] = ("not_applicable", "not_disclosed", "not_evaluated")

_ABSENCE_WORDS = {
    "not_applicable": "not applicable",
    "not_disclosed": "not disclosed",
    "not_evaluated": "not evaluated",
}


class Absence(NamedTuple):
    """Why a fact has no value. Saying so is an answer; leaving the key out is not."""

    kind: AbsenceKind
    reason: str

    @property
    def words(self) -> str:
        """The kind in plain words, e.g. `not disclosed`."""
        return _ABSENCE_WORDS[self.kind]


class At(NamedTuple):
    """The operating point that a figure holds at; `None` where the sheet leaves it out."""

    seq_len: int | None = None
    batch: int | Literal["not stated"] | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer of the sheet.

    Exactly one of `value` and `absence` is set. `source` and what follows are the fact's own
    provenance; a section's or the sheet's `provenance` fills in what a fact leaves out.
    """

    value: Quantity | str | int | bool | tuple[str, ...] | None = None
    absence: Absence | None = None
    source: Source | None = None
    evidence: tuple[str, ...] = ()
    by: str | None = None
    date: str | None = None
    note: str | None = None
    at: At | None = None
    relative_to: RelativeTo | None = None
    per: Per | None = None
    applied_in: Passes | None = None
    allowance: Tolerance | None = None
    """How far a recomputed value may be from this one, with the reason, where the sheet accepts a difference."""
    evaluation: Evaluation | None = None
    """How a score was taken, where it says so itself."""

    @property
    def tolerance(self) -> float | None:
        """Relative difference that a recomputed value may have; `None` where the sheet accepts none."""
        within = self.allowance.within.quantity if self.allowance is not None else None
        return within.value if within is not None else None

    @property
    def tolerance_reason(self) -> str | None:
        """Why the sheet accepts that difference."""
        return None if self.allowance is None else self.allowance.reason

    @property
    def quantity(self) -> Quantity | None:
        """The value as a quantity; `None` when absent or of another kind."""
        value = self.value
        return None if value is None or isinstance(value, str | int | tuple) else value

    @property
    def text(self) -> str | None:
        """The value as prose or a single line; `None` when absent or of another kind."""
        return self.value if isinstance(self.value, str) else None

    @property
    def items(self) -> tuple[str, ...]:
        """The value as a list of lines; empty when absent or of another kind."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def whole(self) -> int | None:
        """The value as a whole number; `None` when absent or of another kind."""
        value = self.value
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def wholes(self) -> tuple[int, ...]:
        """The value as whole numbers; empty when absent or of another kind."""
        if self.whole is not None:
            return (self.whole,)
        return tuple(int(item) for item in self.items if item.isdecimal())

    @property
    def flag(self) -> bool | None:
        """The value as yes or no; `None` when absent or of another kind."""
        return self.value if isinstance(self.value, bool) else None

    def words(self) -> str:
        """Return the answer in one string, as written; the absence with its reason when there is no value."""
        value = self.value
        if self.absence is not None:
            return f"{self.absence.words}: {self.absence.reason}"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, tuple):
            return ", ".join(value)
        if value is None or isinstance(value, str | int):
            return str(value)
        return value.text

    def shown(self) -> str:
        """Return the answer in one string as pages show it: as written, with thousands apart in figures."""
        if self.quantity is not None:
            return grouped(self.quantity.text)
        return self.words() if self.whole is None else f"{self.whole:,}"

    @classmethod
    def core_schema(cls, kind: Kind, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return pydantic's schema of a fact whose value is of this kind.

        The mapping form is a model, `Entry`, that pydantic checks before the value is read.
        """
        from pydantic_core import core_schema  # loaded once models are built

        return core_schema.no_info_wrap_validator_function(
            partial(_read, kind),
            handler.generate_schema(Entry),
            serialization=core_schema.plain_serializer_function_ser_schema(
                partial(_dumped, kind), info_arg=True
            ),
        )


class AtPoint(Record):
    """The operating point that a figure holds at."""

    seq_len: int | None = ask(
        "Tokens in one sequence.",
        "At which sequence length, in tokens, does this figure hold?",
        32,
        ge=1,
        le=10**9,
    )
    batch: Annotated[int | Literal["not stated"], Batch()] | None = ask(
        "Sequences processed together; `not stated` where the source leaves it out.",
        "At which batch size does this figure hold?",
        4,
    )


_NO_LESS_THAN_NONE = at_least(0, "a difference has no sign here: it is accepted on both sides of the figure")


class Tolerance(Record):
    """How far a recomputed value may be from a figure, and why."""

    within: Annotated[Fact, Measure("ratio", within=_NO_LESS_THAN_NONE)] = ask(
        "Relative difference that is accepted.",
        "How far from this figure may a recomputed value be?",
        "5 %",
        default=...,
    )
    reason: Text = ask(
        "Why.",
        "Why may a recomputed value be off from this figure?",
        "The chip's clock was not settled yet.",
        default=...,
    )


class Entry(Provenance):
    """A fact with its provenance, or the reason why it has no value.

    Exactly one of `value`, `not_applicable`, `not_disclosed` and `not_evaluated` is given.
    """

    value: Any = ask("The answer itself.", "What is the answer to the question of this field?", "3.13 W")
    not_applicable: Text | None = ask(
        "Why the question does not apply.",
        "Why does the question of this field not apply?",
        "This model has no recurrent state.",
    )
    not_disclosed: Text | None = ask(
        "Why the answer is not given.",
        "Why is the answer to the question of this field not given?",
        "The published sheet does not say.",
    )
    not_evaluated: Text | None = ask(
        "Why nobody has found out yet.",
        "Why has nobody found out the answer to the question of this field yet?",
        "Planned for the next chip.",
    )
    at: AtPoint | None = ask(
        "The operating point that the figure holds at.",
        "At which sequence length and batch size does this figure hold?",
        {"seq_len": 32, "batch": 4},
    )
    tolerance: Tolerance | None = ask(
        "How far a recomputed value may be from the figure, and why.",
        "How far off may a recomputation of this figure be, and why?",
        {"within": "5 %", "reason": "The chip's clock was not settled yet."},
    )
    relative_to: RelativeTo | None = ask(
        "What a noise figure or a bound is a fraction or multiple of; `not stated` where the source is silent.",
        "Of what is this noise figure or bound a fraction or multiple?",
        "w_max",
    )
    per: Per | None = ask(
        "What has a value of its own: noise that is scaled, or a bound that is set, for each of these.",
        "Is there one such value for each layer, channel, tile?",
        "channel",
    )
    applied_in: Passes | None = ask(
        "The passes in which this noise acts, where they are not those of all noise.",
        "In which pass does this noise act?",
        "forward pass",
    )
    evaluation: Evaluation | None = ask(
        "How a score was taken: data set, split, shots, runs and what ± stands for.",
        "How was this score evaluated?",
        {"split": "test", "seeds": 5, "spread": "standard deviation"},
    )


def _read(kind: Kind, raw: object, handler: Callable[[object], Entry]) -> Fact:
    """Read a bare value, or a mapping with `value` and its provenance."""
    if isinstance(raw, Fact):
        raw = _plain(kind, raw)  # one that was made in Python, or taken from another field
    if type(raw) is not dict:
        try:
            return Fact(kind.parse(raw))
        except AnswerRefusedError as refusal:
            raise refused(refusal.message, refusal.why, refusal.help) from None
    entry = handler(raw)
    try:
        absence = _absence(entry)
    except AnswerRefusedError as refusal:
        raise refused(refusal.message, refusal.why, refusal.help) from None
    if absence is not None:
        return _fact(entry, None, absence)
    try:
        return _fact(entry, kind.parse(entry.value), None)
    except AnswerRefusedError as refusal:
        raise refused(refusal.message, refusal.why, refusal.help, "value") from None


def _absence(entry: Entry) -> Absence | None:
    """Return the reason why an entry has no value; `None` where it has one.

    Raises:
        AnswerRefusedError: it has neither, or both.
    """
    given = [(kind, reason) for kind in ABSENCES if (reason := getattr(entry, kind)) is not None]
    if len(given) + (entry.value is not None) == 1:
        return Absence(*given[0]) if given else None
    names = [*(["value"] if entry.value is not None else []), *(kind for kind, _ in given)]
    found = " and ".join(f"`{name}`" for name in names) or "neither"
    raise AnswerRefusedError(
        f"expected `value`, or one reason for its absence; found {found}",
        "a fact has one answer: a value, or the reason why there is none",
        "write `value: …`, or one of `not_applicable`, `not_disclosed`, `not_evaluated` with why",
    )


def _fact(entry: Entry, value: Value | None, absence: Absence | None) -> Fact:
    at = entry.at
    return Fact(
        value=value,
        absence=absence,
        source=entry.source,
        evidence=entry.evidence or (),
        by=entry.by,
        date=entry.date,
        note=entry.note,
        at=None if at is None else At(at.seq_len, at.batch),
        relative_to=entry.relative_to,
        per=entry.per,
        applied_in=entry.applied_in,
        allowance=entry.tolerance,
        evaluation=entry.evaluation,
    )


def _dumped(kind: Kind, fact: object, info: SerializationInfo) -> Any:
    """Write a fact as a sheet has it; what `model_copy` put in a fact's place unchecked is handed on as it is."""
    if not isinstance(fact, Fact):
        return fact
    plain = _plain(kind, fact)
    if type(plain) is not dict:
        return as_dumped(plain, info)
    if "value" in plain:
        plain["value"] = as_dumped(plain["value"], info)
    if fact.allowance is not None:
        plain["tolerance"] = fact.allowance.model_dump(mode=info.mode)
    return plain


def _plain(kind: Kind, fact: Fact) -> Any:
    """Return a fact as plain data: its bare value, or a mapping where anything goes with it."""
    at, allowance, evaluation = fact.at, fact.allowance, fact.evaluation
    answer: dict[str, Any] = (
        {"value": None if fact.value is None else kind.plain(fact.value)}
        if fact.absence is None
        else {fact.absence.kind: fact.absence.reason}
    )
    around = {
        "source": fact.source,
        "evidence": _EVIDENCE.plain(fact.evidence) if fact.evidence else None,
        "by": fact.by,
        "date": fact.date,
        "note": fact.note,
        "at": None
        if at is None
        else {key: value for key, value in at._asdict().items() if value is not None},
        "tolerance": None if allowance is None else allowance.model_dump(),
        "relative_to": fact.relative_to,
        "per": fact.per,
        "applied_in": fact.applied_in,
        "evaluation": None if evaluation is None else evaluation.model_dump(exclude_none=True),
    }
    stated = {key: value for key, value in around.items() if value is not None}
    return {**answer, **stated} if stated or fact.absence is not None else answer["value"]


_EVIDENCE = Ids()
