"""How a score came about: data set, configuration, split, shots, number of runs and what the spread beside it is."""

from typing import Literal

from factsheet.facts.section import Name, Record, ask

Spread = Literal[
    "standard deviation",
    "standard error",
    "90 % confidence interval",
    "95 % confidence interval",
    "99 % confidence interval",
    "smallest to largest",
    "interquartile range",
    "other",
]


class Evaluation(Record):
    """How scores were taken; a score's own goes before its row's, a row's before its table's."""

    dataset: Name | None = ask(
        "Data set that was scored on.", "On which data set were these scores taken?", "FLEURS"
    )
    configuration: Name | None = ask(
        "Configuration or subset of that data set.",
        "On which configuration of the data set were these scores taken?",
        "nb_no",
    )
    split: Name | None = ask(
        "Split that was scored on.", "On which split of the data set were these scores taken?", "validation"
    )
    revision: Name | None = ask(
        "Revision of the data set: a version, a date or a commit.",
        "On which revision of the data set were these scores taken?",
        "1.0.0",
    )
    shots: int | None = ask(
        "Examples shown in the prompt.",
        "With how many examples in the prompt were these scores taken?",
        5,
        ge=0,
        le=10**6,
    )
    seeds: int | None = ask(
        "Independent runs behind the score.",
        "Over how many independent runs were these scores taken?",
        5,
        ge=1,
        le=10**9,
    )
    spread: Spread | None = ask(
        "What the figure after ±, or the range, is.",
        "What does ± beside these scores stand for?",
        "standard deviation",
    )
    arguments: Name | None = ask(
        "Arguments of the metric.",
        "With which settings was the metric of these scores computed?",
        "average=macro",
    )

    @property
    def words(self) -> str:
        """What is stated, for people: `validation split, 5 shots, ± is the standard deviation of 5 runs`."""
        data = " ".join(part for part in (self.dataset, self.configuration) if part)
        runs = "" if self.seeds is None else f"{self.seeds} {'run' if self.seeds == 1 else 'runs'}"
        if self.spread is not None:
            runs = f"± is the {self.spread}{f' of {runs}' if runs else ''}".replace(
                "the other", "of another kind"
            )
        split = self.split or ""
        parts = (
            data,
            split if not split or split.casefold().endswith(("split", "set", "data")) else f"{split} split",
            f"revision {self.revision}" if self.revision else "",
            "" if self.shots is None else f"{self.shots} {'shot' if self.shots == 1 else 'shots'}",
            runs,
            self.arguments or "",
        )
        return ", ".join(part for part in parts if part)


def merged(*levels: Evaluation | None) -> Evaluation | None:
    """Return what holds for a score: of each statement the first one that is made, from the innermost level out."""
    stated = [level for level in levels if level is not None]
    if len(stated) <= 1:
        return stated[0] if stated else None
    known = {
        name: next((value for level in stated if (value := getattr(level, name)) is not None), None)
        for name in Evaluation.model_fields
    }
    return Evaluation.model_construct(**known)
