"""Propose which layers to keep digital so that no more is lost than is accepted, and check the proposal on other chips.

The search is greedy. Layers are kept digital in the order of what they lose alone, as many as it takes for the sum of
the others to be accepted; real runs then add layers until the loss holds, or take them away while it does; and each
layer that is left is tried on tiles once more. So no single layer of the set can go back onto tiles; that no smaller
set of other layers would do is not shown, for that takes 2^layers runs.

The chips of the search have chosen the set, and flatter it. Whether it holds is therefore found on chips that have no
part in the choice. If it does not hold there, one more layer is kept digital and new chips are taken; the j-th check
is made with a confidence of 1 - (1 - confidence) / 2^j, so that all of them together keep the one that was asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.crossbar.functional.studies.sensitivity import Scores
from factsheet.crossbar.functional.studies.sensitivity_study import (
    CheckedMapping,
    MappingProposal,
    TriedMapping,
)
from factsheet.crossbar.functional.studies.variants import FLOATING_POINT, trials_of, with_digital
from factsheet.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.crossbar.functional.studies.losses import Loss
    from factsheet.crossbar.functional.studies.sensitivity import Design, Runner
    from factsheet.crossbar.functional.studies.sensitivity_study import SensitivityStudy


def propose_mapping(
    design: Design, study: SensitivityStudy, run: Runner, *, accepted_loss: float, examples: int | None = None
) -> MappingProposal:
    """Propose the layers to keep digital, and check them.

    Args:
        design: what the study looked at.
        study: its losses, by layer.
        run: what scores a mapping.
        accepted_loss: what the mean over all chips may lose against floating point, in the unit of the scores.
        examples: how many examples the scores are shares of.

    Raises:
        StudyError: there is one chip, of which no interval can be given; or an evaluation gives no score.
    """
    if design.chips < 2:  # noqa: PLR2004  a spread takes two
        raise StudyError(
            "a mapping cannot be proposed from a single chip",
            "whether a loss is within what is accepted takes the spread over chips",
            "simulate 5 chips or more, such as `--repeats 20`",
        )
    search = _Search(design, study, run, accepted=accepted_loss, examples=examples)
    digital = search.smallest()
    checks: list[CheckedMapping] = []
    while len(digital) < len(design.names):
        first = design.chips * (1 + len(checks))
        confidence = 1 - (1 - study.confidence) / 2 ** (1 + len(checks))
        loss = search.loss(digital, range(first, first + design.chips))
        at_most = _upper(loss, confidence)
        checks.append(CheckedMapping(digital, loss, at_most, confidence, at_most <= accepted_loss))
        if checks[-1].holds:
            break
        digital = search.with_next(digital)
    on_tiles = tuple(name for name in design.names if name not in digital)
    return MappingProposal(
        accepted_loss, digital, on_tiles, tuple(search.tried), tuple(checks), study.confidence
    )


class _Search:
    """The sets that were run, and how the next one is chosen."""

    def __init__(
        self, design: Design, study: SensitivityStudy, run: Runner, *, accepted: float, examples: int | None
    ) -> None:
        self.tried: list[TriedMapping] = []
        self._design = design
        self._study = study
        self._run = run
        self._accepted = accepted
        self._examples = examples
        self._order = tuple(one.name for one in study.layers)
        """From the layer that loses most alone to the one that loses least."""

    def loss(self, digital: Sequence[str], chips: Sequence[int]) -> Loss:
        """Run a mapping on these chips."""
        seconds = self._design.seconds
        variant = with_digital(digital, self._design.names)
        trials = (*trials_of(FLOATING_POINT, (), seconds), *trials_of(variant, chips, seconds))
        scores = Scores(self._run(trials), seconds, self._study.higher_is_better, self._examples)
        return scores.loss(variant, chips)

    def smallest(self) -> tuple[str, ...]:
        """Return the smallest set that the search finds, in the order of the network."""
        count = self._predicted()
        if self._holds(self._order[:count]):
            while count and self._holds(self._order[: count - 1]):
                count -= 1
        else:
            count += 1
            while count < len(self._order) and not self._holds(self._order[:count]):
                count += 1
        kept = list(self._order[:count])
        while True:  # until each layer that is left was tried on tiles with all others of the set digital
            spared = next(
                (name for name in reversed(kept) if self._holds([k for k in kept if k != name])), None
            )
            if spared is None:
                return self._in_order(kept)
            kept.remove(spared)

    def with_next(self, digital: tuple[str, ...]) -> tuple[str, ...]:
        """Return the set with the layer added that loses most alone of those on tiles."""
        following = next(name for name in self._order if name not in digital)
        return self._in_order([*digital, following])

    def _predicted(self) -> int:
        """Return how many layers to begin with: what the others lose alone adds up to what is accepted, or less."""
        left = sum(max(one.alone.mean, 0.0) for one in self._study.layers)
        for count, one in enumerate(self._study.layers):
            if left <= self._accepted:
                return count
            left -= max(one.alone.mean, 0.0)
        return len(self._order)

    def _holds(self, names: Sequence[str]) -> bool:
        digital = self._in_order(names)
        if len(digital) == len(self._order):
            return True  # nothing is on tiles
        known = next((one for one in self.tried if one.digital == digital), None)
        if known is None:
            loss = self.loss(digital, range(self._design.chips))
            holds = _upper(loss, self._study.confidence) <= self._accepted
            known = TriedMapping(digital, loss, holds)
            self.tried.append(known)
        return known.holds

    def _in_order(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in self._design.names if name in names)


def _upper(loss: Loss, confidence: float) -> float:
    upper = loss.at_most(confidence)
    assert upper is not None  # noqa: S101  there are two chips or more
    return upper
