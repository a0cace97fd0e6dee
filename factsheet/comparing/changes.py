"""What changed from one version of an answer to another, by its meaning: a figure moved, a claim was measured.

How a text is laid out is no change, nor is another unit of the same figure, nor another order of a list.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from factsheet.comparing.wording import amount, in_words
from factsheet.facts.fact import Fact
from factsheet.quantities.interval import Interval
from factsheet.recompute.claims import COUNTED, claim_of, inference_of
from factsheet.recompute.verdict import judge, relative_difference
from factsheet.sheet.labels import place_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.comparing.leaves import Answer, Leaf
    from factsheet.facts.section import Source
    from factsheet.quantities.quantity import Quantity
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.verdict import VerdictKind
    from factsheet.sheet.model import SheetFields

ChangeKind = Literal[
    "figure", "digits", "answer", "wording", "list", "answered", "withdrawn", "reason", "added", "removed",
    "provenance", "evidence", "condition", "note", "unfit",
]  # fmt: skip
"""`figure`: a figure moved. `digits`: the same figure with other digits, or as a range, a bound or about. `answer`:
another word, number or choice. `wording`: a text was rewritten. `list`: items came or went. `answered`, `withdrawn`: a
reason why there is no value became one, or the reverse. `reason`: another reason. `added`, `removed`: there was nothing
before, or nothing is left. `provenance`: it came about otherwise. `evidence`: other references are behind it.
`condition`: what goes with a figure, such as its operating point, its tolerance or how a score was taken. `note`: a
note on it. `unfit`: a part that does not fit the schema, and was not compared."""
Effect = Literal["better", "worse"]

_STRENGTH: Mapping[str, int] = {"measured": 3, "simulated": 2, "derived": 2, "cited": 2, "declared": 1}
"""How much a reader can build on a figure that came about so."""
_FARTHEST: tuple[VerdictKind, ...] = ("agrees", "rounds_to", "within_written", "within_tolerance", "differs")
"""Verdicts on two figures, the farther apart the later."""
_UNIT_DUST = 1e-9
"""Relative error that another unit leaves behind: ends of a digit's interval are differences of larger numbers."""
_EDGE = 1e-6
"""Share of what a figure means that is taken for its end."""
_BOTH = "within what both say"
_RANGE = "within the range that is stated"
_RANGES = "their ranges have values in common"
_SENTENCE = 3
"""Spaces from which on a text is a wording, and no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerChange:
    """One change.

    Attributes:
        place: where, with rows by their names.
        kind: what kind of change it is.
        old: the answer before, in words; empty where there was none.
        new: the answer after.
        words: what changed, in a phrase: `−3.0 %, outside its tolerance of 1 %`.
        effect: whether it is for the better or the worse; `None` where it is neither, or nobody can say.
        difference: of a figure, (new - old) / |old|.
        verdict: of a figure, how the two compare by their digits and the tolerances that the sheets state.
        parts: of a row or section that came or went, the places of its answers.
    """

    place: str
    kind: ChangeKind
    old: str = ""
    new: str = ""
    words: str = ""
    effect: Effect | None = None
    difference: float | None = None
    verdict: VerdictKind | None = None
    parts: tuple[str, ...] = field(default=())

    @property
    def label(self) -> str:
        """What the place is called on pages: `Performance: Energy efficiency`."""
        return place_label(self.place)


def strength(source: Source | None) -> int:
    """Return how much a reader can build on a figure of this provenance: 3 measured, 1 declared, 0 not stated."""
    return _STRENGTH.get(source or "", 0)


class LeafChanges:
    """The changes of single answers between two sheets."""

    def __init__(self, old: SheetFields, new: SheetFields) -> None:
        self._old, self._new = old, new

    def between(self, old: Leaf, new: Leaf) -> Iterator[AnswerChange]:
        """Yield what changed of an answer that both sheets have."""
        before, after = old.value, new.value
        if isinstance(before, Fact) and isinstance(after, Fact):
            yield from self._facts(old, new, before, after)
        elif before != after and not _same_items(before, after):
            yield _plain(new.place, before, after)

    def _facts(self, old: Leaf, new: Leaf, before: Fact, after: Fact) -> Iterator[AnswerChange]:
        yield from self._values(old, new, before, after)
        yield from _provenance(old, new, before, after)
        yield from _evidence(old, new)
        yield from _conditions(new.place, before, after)

    def _values(self, old: Leaf, new: Leaf, before: Fact, after: Fact) -> Iterator[AnswerChange]:
        stated = AnswerChange(place=new.place, kind="answer", old=before.shown(), new=after.shown())
        if before.absence is not None or after.absence is not None:
            if before.absence is None:
                yield replace(stated, kind="withdrawn", words="has no value any more", effect="worse")
            elif after.absence is None:
                yield replace(stated, kind="answered", words="was answered", effect="better")
            elif before.absence != after.absence:
                other_kind = before.absence.kind != after.absence.kind
                words = "another reason" if other_kind else "its reason was reworded"
                yield replace(stated, kind="reason", words=words)
            return
        one, other = before.quantity, after.quantity
        if one is not None and other is not None and one.dimension == other.dimension:
            if not _same(one, other):
                yield self._figure(old, new, before, after)
        elif before.value != after.value and not _same_items(before.value, after.value):
            yield _plain(new.place, before, after)

    def _figure(self, old: Leaf, new: Leaf, before: Fact, after: Fact) -> AnswerChange:
        one, other = before.quantity, after.quantity
        assert one is not None  # noqa: S101  the caller has looked
        assert other is not None  # noqa: S101  likewise
        stated = AnswerChange(
            place=new.place, kind="digits", old=before.shown(), new=after.shown(), difference=0.0
        )
        if math.isclose(one.value, other.value, rel_tol=_UNIT_DUST):
            return replace(stated, words=f"the same figure, {_said_otherwise(one, other)}")
        claims = claim_of(self._old, before, old.path), claim_of(self._new, after, new.path)
        verdict = _verdict(*claims)
        unlike = self._other_inference(new) or _unlike(old, new, *claims)
        # Two bounds can always be of one figure: what moved is what the sheet vouches for.
        bounds = "bound" in {one.kind, other.kind}
        if one.kind == other.kind == "bound" and _is_least(one) == _is_least(other):
            verdict = "differs"
        sides = bounds and (one.kind != other.kind or _is_least(one) != _is_least(other))
        moves = _vouched(other, new) - _vouched(one, new) if sides else other.value - one.value
        effect = None if unlike or (verdict != "differs" and not sides) else effect_of(old, new, moves)
        moved, judged = amount(one.value, other.value, new), _judged(verdict, before, after)
        if bounds:
            judged = _bound_words(one, other, judged)
        return replace(
            stated,
            kind="figure",
            words=", ".join(filter(None, (moved, judged, effect, unlike, self._other_score(new)))),
            effect=effect,
            difference=relative_difference(other.value, one),
            verdict=verdict,
        )

    def _other_inference(self, leaf: Leaf) -> str:
        """Say that a figure is of another kind of inference than before."""
        kinds = [inference_of(sheet, "") for sheet in (self._old, self._new)]
        if leaf.path[-1] not in COUNTED or "" in kinds or kinds[0] == kinds[1]:
            return ""
        return f"per {kinds[0]} before, per {kinds[1]} now"

    def _other_score(self, leaf: Leaf) -> str:
        """Say that the training section's score is another one than before, by what the sheet says that it is."""
        if leaf.path not in {("hwa_training", "accuracy"), ("hwa_training", "baseline_accuracy")}:
            return ""
        trained = (self._old.hwa_training, self._new.hwa_training)
        named = [None if t is None or t.accuracy_metric is None else t.accuracy_metric.value for t in trained]
        return "" if named[0] == named[1] else "what that score is was reworded too"


def _same(one: Quantity, other: Quantity) -> bool:
    """Return whether two quantities say the same, whatever units they are written with."""
    ends = ((one.value, other.value), (one.low, other.low), (one.high, other.high))
    return (one.kind, one.approximate) == (other.kind, other.approximate) and all(
        math.isclose(*pair, rel_tol=_UNIT_DUST) for pair in ends
    )


def effect_of(old: Leaf, new: Leaf, difference: float) -> Effect | None:
    """Return whether a figure that moved by so much is the better or the worse for it; `None` where nobody says."""
    higher = new.higher if old.higher == new.higher else None
    if higher is None or difference == 0:
        return None
    return "better" if (difference > 0) == higher else "worse"


def _verdict(before: Claim | None, after: Claim | None) -> VerdictKind:
    """Return how two figures compare: by both as the claim, so that neither's own tolerance alone excuses a change."""
    if before is None or after is None:
        return "not_comparable"
    forth = judge(before, after.quantity.value, reach=_inside(after.quantity))
    back = judge(after, before.quantity.value, reach=_inside(before.quantity))
    return max(forth.kind, back.kind, key=_FARTHEST.index)


def _inside(quantity: Quantity) -> Interval:
    """Return what a figure means without its ends: 0.61 and 0.60 share 0.605, and are two figures all the same."""
    meant = quantity.meant
    if math.isinf(meant.width):
        return meant
    edge = _EDGE * meant.width
    return Interval(meant.low + edge, meant.high - edge)


def _judged(verdict: VerdictKind, before: Fact, after: Fact) -> str:
    if verdict in {"within_written", "rounds_to", "agrees"}:
        ranges = [fact.quantity is not None and fact.quantity.kind == "range" for fact in (before, after)]
        return _BOTH if not any(ranges) else _RANGES if all(ranges) else _RANGE
    stated = [fact.allowance.within.shown() for fact in (before, after) if fact.allowance is not None]
    tolerance = f" of {stated[0]}" if stated and len(set(stated)) == 1 else ""
    if verdict == "within_tolerance":
        return f"within its tolerance{tolerance}"
    return f"outside its tolerance{tolerance}" if stated else ""


def _said_otherwise(one: Quantity, other: Quantity) -> str:
    """Say in what two quantities of one value differ."""
    if "bound" in {one.kind, other.kind}:
        return _bound_words(one, other, "")
    if "range" in {one.kind, other.kind}:
        return "with another range"
    if one.approximate != other.approximate:
        return "now only about" if other.approximate else "no longer only about"
    return "in other digits"


def _is_least(bound: Quantity) -> bool:
    return math.isinf(bound.meant.high)


def _vouched(quantity: Quantity, leaf: Leaf) -> float:
    """Return the worst that a figure can be: of a bound its worse end, which is infinite where it is open there."""
    if quantity.kind != "bound" or leaf.higher is None:
        return quantity.value
    return quantity.meant.low if leaf.higher else quantity.meant.high


def _bound_words(one: Quantity, other: Quantity, judged: str) -> str:
    """Say what became of a bound; whether it can be the same figure tells nothing where both are bounds."""
    if one.kind == other.kind:
        same = _is_least(one) == _is_least(other)
        return "the bound itself moved" if same else "a bound on the other side"
    words = "a bound now" if other.kind == "bound" else "a bound before"
    return ", ".join(filter(None, (words, "" if judged == _BOTH else judged)))


def _unlike(old: Leaf, new: Leaf, before: Claim | None, after: Claim | None) -> str:
    """Say why two figures are not of the same thing; empty where they are."""
    if before is None or after is None:
        return ""
    if before.boundary != after.boundary:
        return f"of the {before.boundary} before, of the {after.boundary} now"
    if before.point != after.point:
        return "stated at another operating point than before"
    if old.scale is not None and new.scale is not None and old.scale.metric != new.scale.metric:
        return "of another metric than before"
    return ""


def _plain(place: str, before: Answer, after: Answer) -> AnswerChange:
    """Return the change of an answer that is no figure."""
    old, new = in_words(before), in_words(after)
    one, other = _bare(before), _bare(after)
    if isinstance(one, tuple) and isinstance(other, tuple):
        came, went = (
            Counter(other) - Counter(one),
            Counter(one) - Counter(other),
        )  # a layer may be there twice
        parts = [
            f"{word} {', '.join(map(str, found.elements()))}"
            for word, found in (("new:", came), ("gone:", went))
            if found
        ]
        return AnswerChange(
            place=place, kind="list", old=old, new=new, words="; ".join(parts) or "in another order"
        )
    texts = isinstance(one, str) and isinstance(other, str)
    if texts and min(old.count(" "), new.count(" ")) >= _SENTENCE:
        return AnswerChange(place=place, kind="wording", old=old, new=new, words="reworded")
    return AnswerChange(place=place, kind="answer", old=old, new=new)


def _bare(value: Answer) -> object:
    return value.value if isinstance(value, Fact) else value


def _same_items(before: object, after: object) -> bool:
    """Return whether two lists have the same items; the order counts where they are numbers, such as a size."""
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        return False
    if all(str(item).isdecimal() for item in (*before, *after)):
        return before == after
    return sorted(map(str, before)) == sorted(map(str, after))


def _provenance(old: Leaf, new: Leaf, before: Fact, after: Fact) -> Iterator[AnswerChange]:
    """Yield how a figure came about otherwise; where neither says so itself, what is above them does."""
    if old.source == new.source or (before.source is None and after.source is None):
        return
    yield AnswerChange(
        place=new.place,
        kind="provenance",
        old=old.source or "not stated",
        new=new.source or "not stated",
        words=became(old.source, new.source),
        effect=provenance_effect(old.source, new.source),
    )


def became(old: Source | None, new: Source | None) -> str:
    """Say how provenance changed: `declared before, measured now`."""
    return f"{old or 'of no stated provenance'} before, {new or 'of no stated provenance'} now"


def provenance_effect(old: Source | None, new: Source | None) -> Effect | None:
    """Return whether a reader can build more on a figure than before."""
    change = strength(new) - strength(old)
    return None if not change else "better" if change > 0 else "worse"


def _evidence(old: Leaf, new: Leaf) -> Iterator[AnswerChange]:
    own = (
        isinstance(old.value, Fact)
        and isinstance(new.value, Fact)
        and (old.value.evidence or new.value.evidence)
    )
    if not own or set(old.evidence) == set(new.evidence):
        return
    yield evidence_change(new.place, old.evidence, new.evidence)


def evidence_change(place: str, old: tuple[str, ...], new: tuple[str, ...]) -> AnswerChange:
    """Return the change of what a figure can be checked against."""
    listed = _plain(place, old, new)
    lost, won = bool(old) and not new, bool(new) and not old
    return replace(
        listed,
        kind="evidence",
        words=f"references {listed.words}",
        effect="worse" if lost else "better" if won else None,
    )


_CONDITIONS = {"relative_to": "relative to", "per": "per", "applied_in": "in", "by": "by", "date": "date"}


def _conditions(place: str, before: Fact, after: Fact) -> Iterator[AnswerChange]:
    """Yield what changed of what goes with an answer."""
    for name, called in _CONDITIONS.items():
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            yield _condition(
                place, called, "" if one is None else str(one), "" if other is None else str(other)
            )
    if before.at != after.at:
        yield _condition(place, "operating point", _at(before), _at(after))
    if before.allowance != after.allowance:
        allowed = [
            "" if fact.allowance is None else f"{fact.allowance.within.shown()} ({fact.allowance.reason})"
            for fact in (before, after)
        ]
        yield _condition(place, "tolerance", *allowed)
    if before.evaluation != after.evaluation:
        taken = [
            "" if fact.evaluation is None
            else ", ".join(f"{key} {value}" for key, value in fact.evaluation.model_dump(exclude_none=True).items())
            for fact in (before, after)
        ]  # fmt: skip
        yield _condition(place, "evaluation", *taken)
    if before.note != after.note:
        yield AnswerChange(
            place=place, kind="note", old=before.note or "", new=after.note or "", words="its note"
        )


def _condition(place: str, name: str, old: str, new: str) -> AnswerChange:
    return AnswerChange(place=place, kind="condition", old=old, new=new, words=name)


def _at(fact: Fact) -> str:
    if fact.at is None:
        return ""
    stated = (("sequence length", fact.at.seq_len), ("batch", fact.at.batch))
    return ", ".join(f"{name} {value}" for name, value in stated if value is not None)
