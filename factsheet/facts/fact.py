"""A fact: a value as its author wrote it, or the reason why there is none, with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from factsheet.quantities.quantity import Quantity

Source = Literal["measured", "declared", "cited", "simulated", "derived"]
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
NOT_STATED: Literal["not stated"] = "not stated"

SOURCES: tuple[Source, ...] = ("measured", "declared", "cited", "simulated", "derived")
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
    tolerance: float | None = None
    """Relative difference that a recomputed value may have, where the sheet accepts one with a reason."""
    tolerance_reason: str | None = None

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
        """The answer in one string, as written; the absence with its reason when there is no value."""
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
