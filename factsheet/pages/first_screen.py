"""Define the first screen of a page: what the model is, a question with its answer, figures with their caveats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.pages.marks import CHECK_WORDS
from factsheet.pages.text import without_stop

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.pages.back_matter import MissingKind
    from factsheet.pages.marks import FactMark
    from factsheet.recompute.comparisons.score_gaps import ChanceRange, Gap

_DIGITS = re.compile(r"[-−+]?\d")
_FEW_CHARACTERS = 66
_FEW_WORDS = 44
CaveatKind = Literal["erratum", "note", "taken", "reading", "standing", "range"]
"""What a caveat is about: an error of the source, the author's note, how it was taken, how it has to be read to agree,
what a model of the chip rests on, or that it lies beyond the range that the hardware is designed for."""


@dataclass(frozen=True, slots=True)
class Caveat:
    """What a reader must know with a figure, in a sentence or two.

    Attributes:
        references: numbers of its references in the page's list.
        short: of an erratum, what it means for a reader, in one sentence; empty where the sheet does not say it.
    """

    kind: CaveatKind
    text: str
    references: tuple[int, ...] = ()
    short: str = ""

    @property
    def is_in_sight(self) -> bool:
        """Whether it has its place beside the figure: a range, or what the author notes in a few words."""
        return self.kind == "range" or (self.kind == "note" and len(self.text) <= _FEW_CHARACTERS)


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure of the first screen, with everything that has to travel with it.

    Attributes:
        path: the field that holds it, or that it was worked out for.
        name: what it is, in the reader's words.
        number: the number as the sheet writes it, e.g. `approx. 0.19`.
        unit: empty for a plain number.
        condition: what it holds for: an operating point, a data set, or that none is stated.
        provenance: where it is from, in words.
        check: what recalculation gave, in words; `not recalculated` where it gave nothing.
        mark: the sign for both.
        references: numbers of its references in the page's list.
        verified: what it was checked against and agrees with, in a few words; empty where nothing was.
        in_words: whether the number is a word or two, such as `Not for sale`.
    """

    path: str
    name: str
    number: str
    unit: str
    condition: str
    provenance: str
    check: str
    mark: FactMark
    caveats: tuple[Caveat, ...] = ()
    references: tuple[int, ...] = ()
    verified: str = ""
    in_words: bool = False

    @property
    def is_checked(self) -> bool:
        """Whether `check` says something of its own: that it agrees or differs, or that it is no claim of the sheet."""
        return self.mark.check != "not recomputed" or self.mark.provenance in {"derived", "estimated"}

    @property
    def qualifier(self) -> str:
        """What goes before the digits, such as `approx.` or `up to`; empty for a plain number."""
        found = _DIGITS.search(self.number)
        return "" if found is None else self.number[: found.start()].strip()

    @property
    def digits(self) -> str:
        """The number without what goes before it."""
        return self.number.removeprefix(self.qualifier).strip()

    @property
    def has_erratum(self) -> bool:
        """Whether an erratum of the source concerns it."""
        return any(caveat.kind == "erratum" for caveat in self.caveats)

    @property
    def warning(self) -> str:
        """What a reader must know before the digits, because an erratum is on the figure; empty where none is."""
        if not self.has_erratum:
            return ""
        said = next(
            (caveat.short for caveat in self.caveats if caveat.kind == "erratum" and caveat.short), ""
        )
        first = without_stop(said.partition(": ")[0])
        return first if 0 < len(first) <= _FEW_WORDS else "In doubt, by its erratum"

    @property
    def sign(self) -> str:
        """The sign for its check, where there is no room for words; a word or two have none."""
        return "" if self.in_words else self.mark.symbol

    @property
    def check_in_sight(self) -> str:
        """What recalculation gave, for the figure's side: what it agrees with, or that it does not agree.

        Of a figure with an erratum it says nothing: that its digits add up makes no figure of the source right.
        """
        if self.has_erratum:
            return ""
        if self.mark.check == "agrees":
            return f"{self.mark.symbol} {self.verified or 'recomputed, and agrees'}"
        return (
            ""
            if self.mark.check == "not recomputed"
            else f"{self.mark.symbol} {CHECK_WORDS[self.mark.check]}"
        )

    @property
    def origin(self) -> tuple[str, str]:
        """Where it is from, and behind a semicolon what state the hardware is in; empty where there is nothing."""
        first, _, state = self.provenance.partition("; ")
        return first, state

    @property
    def value(self) -> str:
        """Number and unit on one line."""
        return f"{self.number} {self.unit}".rstrip()


class SharedWords(NamedTuple):
    """What most figures of a first screen have in common, so that it can be said once; empty where nothing is."""

    condition: str = ""
    state: str = ""


class ScoreFigures(NamedTuple):
    """What a page says of scores by figures, all of one comparison; `None` where the sheet has none."""

    analog: KeyFigure | None = None
    digital: KeyFigure | None = None
    gap: KeyFigure | None = None
    compared: Gap | None = None
    """The gap as an amount, for a sentence."""
    chance: ChanceRange | None = None
    """What the number of test examples leaves open of it."""
    within_reach: bool = False
    """Whether the gap is no more than the ± that the sheet gives with a score."""
    unstated: KeyFigure | None = None
    """A score of which the sheet does not say whether it is analog or digital; only where it has no other."""


@dataclass(frozen=True, slots=True)
class UnknownFact:
    """A fact that this reader looks for first and that the sheet does not state."""

    path: str
    label: str
    kind: MissingKind


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the author of a draft does next: a field, its question, and how it is answered."""

    path: str
    question: str
    example: str
    owed_by: str


@dataclass(frozen=True, slots=True)
class GlanceRow:
    """An answer in a few words, for what this reader asks beside the figures.

    Attributes:
        label: what it is about.
        text: the answer, or the address that is the answer.
        origin: where figures in it are from; empty for words.
    """

    label: str
    text: str
    origin: str = ""

    @property
    def is_link(self) -> bool:
        """Whether the answer is an address in the web, and nothing else."""
        return self.text.startswith(("https://", "http://")) and " " not in self.text


ROOM = 350
"""Characters on a phone: with more, the first figure leaves its screen."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The first screen of a page.

    Attributes:
        sentence: what the model is, in one sentence for this reader.
        question: what this reader asks first.
        answer: the answer in short sentences, made of facts of the sheet.
        figures: up to six figures.
        glance: further answers that this reader looks for, a few words each.
        snippet: the code with which the sheet says to run the model, for who builds with it.
        unknown: what this reader looks for first and the sheet does not state.
        next_steps: what to answer next, of a sheet that has hardly been begun.
        steps_left: how many further steps there are.
        room: characters that have room above the figures on a phone, with the first figure still on its screen.
    """

    sentence: str
    question: str
    answer: tuple[str, ...]
    figures: tuple[KeyFigure, ...] = ()
    glance: tuple[GlanceRow, ...] = ()
    snippet: str = ""
    unknown: tuple[UnknownFact, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    steps_left: int = 0
    room: int = ROOM

    @property
    def shared_words(self) -> SharedWords:
        """What all figures hold for, and which state of the hardware goes with most of those that name one.

        What holds for most of them is not said once: figures of another kind beside them would be read with it.
        """
        states = [state for _, state in (figure.origin for figure in self.figures) if state]
        conditions = {figure.condition for figure in self.figures}
        alike = len(self.figures) > 1 and len(conditions) == 1
        return SharedWords(conditions.pop() if alike else "", _most_common(states))

    @property
    def leads(self) -> bool:
        """Whether the first sentence of the answer has room above the figures on a phone."""
        return sum(map(len, (self.sentence, self.question, self.answer[0]))) <= self.room

    @property
    def errata(self) -> tuple[tuple[str, str], ...]:
        """Each erratum on the figures once: the figures that it is on, and the erratum, in short where it can be.

        One that the answer states already is left out.
        """
        found: dict[str, list[str]] = {}
        said = " ".join(self.answer)
        for figure in self.figures:
            for caveat in figure.caveats:
                if caveat.kind == "erratum" and not (caveat.short and caveat.short in said):
                    found.setdefault(caveat.short or caveat.text, []).append(figure.name)
        return tuple(("; ".join(names), text) for text, names in found.items())

    @property
    def caveats(self) -> tuple[tuple[str, str], ...]:
        """What goes with the figures: names of figures, and what is to be known with just these; each thing once."""
        return _said_once(
            (
                figure.name,
                (
                    *((figure.check,) if figure.is_checked else ()),
                    *(caveat.text for caveat in figure.caveats),
                ),
            )
            for figure in self.figures
        )

    @property
    def folded_caveats(self) -> tuple[tuple[str, str], ...]:
        """What goes with the figures and has no place of its own in sight; each thing once, with names of figures."""
        return _said_once(
            (
                figure.name,
                (
                    *((figure.check,) if figure.mark.check != "not recomputed" else ()),
                    *(caveat.text for caveat in figure.caveats if _is_folded(caveat)),
                ),
            )
            for figure in self.figures
        )

    @property
    def unknown_line(self) -> str:
        """What is not known, in one line; empty where nothing is missing."""
        grouped: dict[MissingKind, list[str]] = {}
        for fact in self.unknown:
            grouped.setdefault(fact.kind, []).append(fact.label)
        return " ".join(
            f"{_UNKNOWN[kind]}: {', '.join(dict.fromkeys(labels))}." for kind, labels in grouped.items()
        )


def _is_folded(caveat: Caveat) -> bool:
    return caveat.kind != "erratum" and not caveat.is_in_sight


def _said_once(figures: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[tuple[str, str], ...]:
    """Return what is said of figures by name: what several have in common once, with the names of all of them."""
    about: dict[str, list[str]] = {}
    for name, said in figures:
        for text in dict.fromkeys(said):
            about.setdefault(text, []).append(name)
    joined: dict[tuple[str, ...], list[str]] = {}
    for text, names in about.items():
        joined.setdefault(tuple(names), []).append(text)
    return tuple((", ".join(names), " ".join(lines)) for names, lines in joined.items())


_UNKNOWN: dict[MissingKind, str] = {
    "not_disclosed": "Not disclosed",
    "not_evaluated": "Not evaluated",
    "not_applicable": "Does not apply",
    "not_answered": "Not in the sheet",
}


_FEWEST_ALIKE = 2


def _most_common(texts: list[str]) -> str:
    """Return the text that is most frequent of all, the first of several; empty where it is not frequent enough."""
    found = max(texts, key=texts.count, default="")
    return found if texts.count(found) >= max(_FEWEST_ALIKE, len(texts) / 2) else ""
