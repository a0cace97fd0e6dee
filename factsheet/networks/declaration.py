"""What the reading of every declared network needs.

The run it is for, plain answers with the assumptions made where a sheet is silent, and the limits that hold for
every family.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.networks.errors import NotStatedError, WorkloadError

if TYPE_CHECKING:
    from factsheet.facts.fact import Fact
    from factsheet.facts.section import Record


class Run(NamedTuple):
    """The input of one inference, as far as the network's work depends on it."""

    seq_len: int = 1
    """Tokens, or steps of a recurrent network, that are worked on."""
    cache_length: int | None = None
    """Tokens whose keys and values are cached: one decode step then follows on them. `None` without a cache."""
    image_size: tuple[int, int] | None = None
    """Height and width in pixels, instead of the declared ones."""

    @property
    def tokens(self) -> int:
        """New tokens that a decoder works on: one in a decode step."""
        return self.seq_len if self.cache_length is None else 1

    @property
    def keys(self) -> int:
        """Tokens that each query meets, the cached ones and the new ones."""
        return self.tokens + (self.cache_length or 0)

    @property
    def length(self) -> int:
        """Positions that the sequence takes up."""
        return self.keys


MAX_LAYERS = 4096
"""More blocks than any network has; each is written out, so that the number has to have an end."""


def check_layers(layers: int, field: str = "layers") -> None:
    """Refuse a number of layers that can not be written out.

    Raises:
        WorkloadError: there are more than `MAX_LAYERS`.
    """
    if layers > MAX_LAYERS:
        raise WorkloadError(
            f"{layers:,} layers are more than the {MAX_LAYERS:,} that can be written out",
            "operators are derived layer by layer",
            f"correct `{field}`",
            field,
        )


def check_heads(heads: int, hidden_size: int) -> None:
    """Refuse heads that do not share a width equally.

    Raises:
        WorkloadError: the heads do not divide the hidden size.
    """
    if hidden_size % heads:
        raise WorkloadError(
            f"{heads} heads do not divide a hidden size of {hidden_size}",
            "each attention head takes an equal share of the hidden size, unless the width of a head is given",
            "correct `heads` or `hidden_size`",
            "heads",
        )


class Answers:
    """The answers of one declaration.

    Attributes:
        omitted: parts that are left open, and whose parameters are therefore missing.
        assumed: what was assumed, by field.
    """

    def __init__(self, node: Record) -> None:
        self._node = node
        self.omitted: list[str] = []
        self.assumed: dict[str, str] = {}

    def dimension(self, field: str) -> int:
        """A number that everything depends on.

        Raises:
            NotStatedError: it has no value; `path` is the field.
        """
        fact = self._fact(field)
        if fact is None or fact.whole is None:
            raise _unknown(fact, field)
        return fact.whole

    def wholes(self, field: str) -> tuple[int, ...]:
        """Several numbers that everything depends on.

        Raises:
            NotStatedError: they have no value; `path` is the field.
        """
        fact = self._fact(field)
        if fact is None or not fact.wholes:
            raise _unknown(fact, field)
        return fact.wholes

    def pair(self, field: str) -> tuple[int, int]:
        """Height and width; one number stands for both.

        Raises:
            NotStatedError: they have no value; `path` is the field.
        """
        numbers = self.wholes(field)
        return numbers[0], numbers[-1]

    def table(self, field: str, what: str) -> int:
        """Rows of a table; 0 where there is none, and where the sheet leaves it open, which is then noted."""
        fact = self._fact(field)
        if _applies_not(fact):
            return 0
        if fact is None or fact.whole is None:
            self.omitted.append(f"{what} (`{field}` is not given)")
            return 0
        return fact.whole

    def number(self, field: str, default: int = 0, note: str = "") -> int:
        """A number with a default; the note says what the default means, and is kept where it is used."""
        fact = self._fact(field)
        if fact is not None and fact.whole is not None:
            return fact.whole
        if note and not _applies_not(fact):
            self.assumed[field] = note
        return default

    def flag(self, field: str, note: str = "", *, default: bool = False) -> bool:
        """A yes or no with a default; what does not apply is a no."""
        fact = self._fact(field)
        if fact is not None and fact.flag is not None:
            return fact.flag
        if _applies_not(fact):
            return False
        if note:
            self.assumed[field] = note
        return default

    def choice(self, field: str, default: str, note: str) -> str:
        """A word of a closed set with a default."""
        fact = self._fact(field)
        if fact is not None and fact.text is not None:
            return fact.text
        if _applies_not(fact):
            return "none"
        self.assumed[field] = note
        return default

    def _fact(self, field: str) -> Fact | None:
        fact: Fact | None = getattr(self._node, field)
        return fact


def _applies_not(fact: Fact | None) -> bool:
    return fact is not None and fact.absence is not None and fact.absence.kind == "not_applicable"


def _unknown(fact: Fact | None, field: str) -> NotStatedError:
    return NotStatedError(
        f"`{field}` is {'not given' if fact is None else fact.words()}",
        "ops, tiles and sizes follow from the network's dimensions",
        "give the number, with the reference it is cited from",
        field,
    )
