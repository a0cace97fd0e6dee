"""Write rows of a first screen on how the model was trained and tested, and what all rows are made with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.pages.caveats import words_on_runs
from factsheet.pages.content.answers import words_of
from factsheet.pages.content.chip import same_energy
from factsheet.pages.content.sensitivity import (
    is_eased,
    is_within_noise,
    may_be_none,
    most_costly_of,
    taken_words,
)
from factsheet.pages.errata import disputed_tasks, erratum_in_short, is_disputed
from factsheet.pages.first_screen import GlanceRow
from factsheet.pages.key_figure import counted, figure_text, inputs_in_words, stated, words_of_point
from factsheet.pages.languages import listed
from factsheet.pages.rows import provenance_of, relation
from factsheet.pages.score_tables import main_table, split_in_a_note
from factsheet.quantities.quantity import grouped
from factsheet.recompute.comparisons.score_gaps import pair, task_gap
from factsheet.recompute.comparisons.score_scales import scale_of
from factsheet.recompute.derivations.run_energies import ENERGY, RATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.comparisons.score_gaps import Gap
    from factsheet.sheet.robustness import PartLoss

    Row = Callable[[PageInputs], GlanceRow | None]

_LONGEST = 200
"""Characters of an answer that still reads at a glance; a longer one is cut, and the page has all of it below."""


def says(label: str, *paths: str) -> Row:
    """Return what makes a row of the first of these fields that is answered."""

    def make(inputs: PageInputs) -> GlanceRow | None:
        for path in paths:
            text = entries_of(inputs, path)
            if text is not None:
                return GlanceRow(label, shortened(text), origin_of(inputs, path))
        return None

    return make


def entries_of(inputs: PageInputs, path: str) -> str | None:
    """Return the answer at a path: of a list, as many entries as a row has room for, and how many more there are."""
    fact = stated(inputs, path)
    if fact is None or not fact.items:
        return words_of(inputs, path)
    kept = list(fact.items)
    while len(kept) > 1 and len(", ".join(kept)) + len(_MORE) > _LONGEST:
        kept.pop()
    more = len(fact.items) - len(kept)
    return listed(kept, inputs.language) + (_MORE.format(more) if more else "")


_MORE = " and {} more"


def shortened(text: str) -> str:
    """Return a text as far as it reads at a glance."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST].rpartition(' ')[0].rstrip(',;:')} …"


def origin_of(inputs: PageInputs, *paths: str) -> str:
    """Return where figures are from; nothing for words, which nobody measures."""
    placed = (inputs.placed[path] for path in paths if path in inputs.placed)
    asked = (entry for entry in placed if entry.fact.text is None or entry.fact.source is not None)
    found: dict[str, dict[int, None]] = {}
    for entry in asked:
        if not entry.fact.items:
            provenance = provenance_of(inputs, entry)
            found.setdefault(provenance.words, {}).update(dict.fromkeys(provenance.references))
    return "; ".join(
        ", ".join((words, *(f"ref. {number}" for number in references)))
        for words, references in found.items()
    )


def joined(label: str, parts: Iterable[str | None], origin: str = "") -> GlanceRow | None:
    """Return a row of those of these parts that the sheet has; `None` where it has none."""
    words = [part for part in parts if part]
    return GlanceRow(label, shortened("; ".join(words)), origin) if words else None


NOISES = (
    ("weights", "weight_noise"),
    ("reads", "read_noise"),
    ("outputs", "adc_noise"),
    ("inputs", "input_noise"),
)
BOUNDS = (("inputs", "input_bound"), ("outputs", "output_bound"))


def strengths(label: str, fields: tuple[tuple[str, str], ...]) -> Row:
    """Return what makes a row of several strengths in training, each with what it is relative to."""

    def make(inputs: PageInputs) -> GlanceRow | None:
        paths = {name: f"hwa_training.{field}" for name, field in fields}
        known = {name: fact for name, path in paths.items() if (fact := stated(inputs, path)) is not None}
        if not known:
            return None
        scales = {relation(fact) for fact in known.values()}
        alike = scales.pop() if len(scales) == 1 else None
        parts = [
            f"{name} {grouped(fact.words())}" + ("" if alike is not None else f" ({relation(fact)})")
            for name, fact in known.items()
        ]
        shared = "" if alike is None else f" ({alike})"
        return GlanceRow(
            label, f"{', '.join(parts)}{shared}", origin_of(inputs, *(paths[name] for name in known))
        )

    return make


_RECIPE = (
    ("learning rate {}", "learning_rate"),
    ("{} epochs", "epochs"),
    ("optimiser {}", "optimiser"),
    ("batch {}", "batch_size"),
    ("{} runs", "seeds"),
    ("toolkit {}", "toolkit"),
    ("noise in the {}", "noise_applied_in"),
)
_SHORT = 40


def recipe(inputs: PageInputs) -> GlanceRow | None:
    """Return the recipe of the training, and which of its parts the sheet does not have."""
    found = [(words, field, words_of(inputs, f"hwa_training.{field}")) for words, field in _RECIPE]
    parts = [words.format(text) for words, _, text in found if text is not None and len(text) <= _SHORT]
    in_words = {"seeds"} if words_on_runs(inputs) is not None else ()
    missing = [
        words.replace("{}", "").strip()
        for words, field, text in found
        if text is None and field not in in_words
    ]
    left_out = f"not given: {', '.join(missing)}" if parts and missing else None
    long = [
        words.replace("{}", "").strip() for words, _, text in found if text is not None and len(text) > _SHORT
    ]
    in_full = f"in words below: {', '.join(long)}" if parts and long else None
    return joined("Recipe", (*parts, in_full, left_out))


def by_task(inputs: PageInputs) -> GlanceRow | None:
    """Return the difference on each task; where these are too many, the lowest and the highest."""
    table = main_table(inputs)
    if table is None:
        return None
    gaps = [
        (gap, task.task) for row, task in enumerate(table.tasks) if (gap := task_gap(table, row)) is not None
    ]
    if len(gaps) <= 1 or len({gap.unit for gap, _ in gaps}) != 1:
        return None
    unit = gaps[0][0].unit
    flagged = dict(disputed_tasks(inputs, table))
    each = f"{', '.join(f'{task} {gap.text}{flagged[task]}' for gap, task in gaps)} {unit}".rstrip()
    if len(each) > _LONGEST:
        (low, first), (high, last) = min(gaps, key=_amount), max(gaps, key=_amount)
        each = f"from {low.text} ({first}) to {high.text} {unit}".rstrip() + f" ({last})"
    return GlanceRow("Analog minus digital, by task", each, "derived here from both scores")


def _amount(entry: tuple[Gap, str]) -> float:
    return entry[0].amount


MOST_OF_TASKS = 260
"""Characters of scores by task, which are read as a table is."""


def task_scores(inputs: PageInputs) -> GlanceRow | None:
    """Return both scores of each task, as far as a row has room for all of them."""
    table = main_table(inputs)
    systems = None if table is None else pair(table)
    if table is None or systems is None or len(table.tasks) <= 1:
        return None
    both = [
        (task, [task.scores[system.id].shown() for system in systems])
        for task in table.tasks
        if all(system.id in task.scores for system in systems)
    ]
    percent = all(text.endswith(" %") for _, texts in both for text in texts)
    flagged = dict(disputed_tasks(inputs, table))
    of_metrics: dict[str, list[str]] = {}
    for task, texts in both:
        analog, digital = (text.removesuffix(" %") if percent else text for text in texts)
        metric = scale_of(table, task).metric
        of_metrics.setdefault(metric, []).append(f"{task.task} {analog} / {digital}{flagged[task.task]}")
    words = "; ".join(
        f"{metric or 'metric not stated'}: {', '.join(tasks)}" if len(of_metrics) > 1 else ", ".join(tasks)
        for metric, tasks in of_metrics.items()
    )
    label = "Analog / digital score, by task"
    return GlanceRow(label, f"{words} %" if percent else words) if 0 < len(words) < MOST_OF_TASKS else None


def sensitive(inputs: PageInputs) -> GlanceRow | None:
    """Return the layer and the source of error that cost most, or that none costs more than noise."""
    robustness = inputs.sheet.robustness
    given = None if robustness is None else robustness.sensitivity
    if given is None:
        return None
    kinds = (("layer", given.layers or ()), ("source of error", given.noise_sources or ()))
    worst = [words for name, parts in kinds if (words := _worst(name, parts)) is not None]
    whole = None if given.loss is None or given.loss.absence is not None else _points(given.loss.words())
    eased = is_eased(given)
    together = f"{'but ' if eased else ''}all together {whole}" if worst and whole is not None else None
    if together and given.loss is not None and may_be_none(given.loss):
        together += ", which may be chance"
    if together and eased:
        together += ": noise makes up for coarse steps of a converter"
    return joined("Largest single loss", (*worst, together), taken_words(given))


def _worst(name: str, parts: Sequence[PartLoss]) -> str | None:
    part = most_costly_of(parts)
    if part is not None and part.alone is not None:
        return f"{name} {part.name} {_points(part.alone.words())}"
    within = any(is_within_noise(part) or part.alone is not None for part in parts)
    return f"no {name} costs more than noise" if within else None


def _points(words: str) -> str:
    """Return a loss of score in the points that it is counted in: `4.46 % ± 1.92 %` as `4.46 ± 1.92 points`."""
    text = grouped(words)
    return f"{text.replace(' %', '')} points" if text.endswith(" %") else text


def test_data(inputs: PageInputs) -> GlanceRow | None:
    """Return what the scores were taken on."""
    split, note = words_of(inputs, "test_data.split"), split_in_a_note(inputs, "analog")
    size = _doubt(inputs, "test_data.size") or _size(inputs, "test_data.size", split)
    noted = None if note is None else f"{note} split, from a note"
    return joined(
        "Tested on",
        (
            words_of(inputs, "test_data.name"),
            f"{split} split" if split is not None and " " not in split else split or noted,
            size,
        ),
        origin_of(inputs, "test_data.size"),
    )


def _doubt(inputs: PageInputs, path: str) -> str | None:
    """Return what an erratum on a number means, to be said in its place; `None` where the sheet does not say it."""
    found = (
        erratum for erratum in inputs.sheet.errata or () if erratum.at == path and erratum.reading is None
    )
    words = next((short for erratum in found if (short := erratum_in_short(erratum))), "")
    return f"{words[:1].lower()}{words[1:]}".rstrip(".") or None


def _size(inputs: PageInputs, path: str, split: str | None) -> str | None:
    """Return how many examples there are, and that an erratum is on it; nothing where the split names them."""
    size = figure_text(inputs, path)
    if size is None or size.replace(",", "") in re.findall(r"\d+", (split or "").replace(",", "")):
        return None
    fact = inputs.fact(path)
    if fact is not None and fact.quantity is not None and fact.quantity.kind == "range":
        return f"{size} examples, by task{' (in doubt, by an erratum)' if is_disputed(inputs, path) else ''}"
    return f"{counted(size, 'examples')}{' (in doubt, by an erratum)' if is_disputed(inputs, path) else ''}"


def training_data(inputs: PageInputs) -> GlanceRow | None:
    """Return what it was trained on."""
    split = words_of(inputs, "training_data.split")
    size = _size(inputs, "training_data.size", split)
    return joined(
        "Trained on",
        (
            words_of(inputs, "training_data.name"),
            f"{split} split" if split is not None and " " not in split else split,
            size,
        ),
        origin_of(inputs, "training_data.size"),
    )


def energy(inputs: PageInputs) -> GlanceRow | None:
    """Return the energy of an inference and operations per joule, which efficiencies are compared by elsewhere.

    Where the sheet states neither, both come from its energy efficiency: worked out from other figures each, they would
    not fit each other.
    """
    facts = [stated(inputs, path) for path in (ENERGY, RATE)]
    texts = [figure_text(inputs, path) for path in (ENERGY, RATE)]
    same = same_energy(inputs)
    if same is not None:
        texts[1] = same
        origins = [f"derived here from {inputs_in_words(inputs.recomputed[ENERGY])}"]
    else:
        origins = [
            origin_of(inputs, path)
            if fact is not None
            else f"derived here from {inputs_in_words(inputs.recomputed[path])}"
            for path, fact, text in zip((ENERGY, RATE), facts, texts, strict=True)
            if text is not None
        ]
    points = (words_of_point(inputs, fact.at) for fact in facts if fact is not None)
    point = next(points, inputs.totals.point)
    efficiency = stated(inputs, "performance.energy_efficiency")
    at = None if efficiency is None else efficiency.at
    if same is not None and (at is None or not isinstance(at.batch, int)):
        point = f"if at {point}"
    return joined(
        "Energy",
        (None if texts[0] is None else f"{texts[0]} for an inference", texts[1]),
        "; ".join(part for part in dict.fromkeys((point, *origins)) if part),
    )


def size(inputs: PageInputs) -> GlanceRow | None:
    """Return the number of parameters and of weights on tiles, with where each is from if that differs."""
    named = (("parameters", "parameters"), ("analog_weights", "of them on tiles"))
    found = [
        (
            f"{text.removesuffix(' parameters')} {words}",
            (origin_of(inputs, path) if stated(inputs, path) else "") or "derived here",
        )
        for name, words in named
        if (text := figure_text(inputs, path := f"parameters.{name}")) is not None
    ]
    if not found or not found[0][0].endswith("parameters"):
        return None
    origins = {origin for _, origin in found}
    if len(origins) == 1:
        return GlanceRow("Size", ", ".join(words for words, _ in found), origins.pop())
    return GlanceRow("Size", ", ".join(f"{words} ({origin})" for words, origin in found))


def described(inputs: PageInputs) -> GlanceRow | None:
    """Return what the sheet is from and the papers on the network, by title; numbers lead to the references."""
    architecture, whole = inputs.sheet.model_architecture, inputs.sheet.provenance
    named = (
        *(() if whole is None else whole.evidence or ()),
        *(() if architecture is None else architecture.references or ()),
    )
    entries = {entry.id: entry for entry in inputs.sheet.references or ()}
    known = [entries[name] for name in dict.fromkeys(named) if name in entries]
    titles = "; ".join(entry.title for entry in known)
    numbers = ", ".join(f"ref. {number}" for number in inputs.references(entry.id for entry in known))
    return GlanceRow("Described in", shortened(titles), numbers) if titles else None


def digital_parts(inputs: PageInputs) -> GlanceRow | None:
    """Return what is computed digitally; where the sheet does not say, those layers of its network that are."""
    row = _DIGITAL_PARTS(inputs)
    if row is not None:
        return row
    names = list(dict.fromkeys(layer.block or layer.name for layer in inputs.layers if layer.on != "analog"))
    architecture = inputs.sheet.model_architecture
    if architecture is not None and architecture.transformer_encoder is not None:
        names = [*_OF_ENCODERS, *(name for name in names if name not in _OF_ENCODERS)]
    if not names:
        return None
    return GlanceRow("Computed digitally", shortened(", ".join(names)), "our reading of the declared network")


_OF_ENCODERS = ("embeddings", "products of queries, keys and values", "softmax", "normalisation", "biases")
"""What no encoder has on tiles, beside the layers that it may or may not have there."""


_DIGITAL_PARTS = says("Computed digitally", "inference_methodology.digital_parts")
