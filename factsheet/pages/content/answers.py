"""Answer the question that a reader asks first, in short sentences that are made of facts of the sheet.

A sentence is left out where the sheet does not have its fact; what is missing is listed once, beside the figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.pages.caveats import in_short, words_on_runs
from factsheet.pages.content.business.digital_alternative import gpu_energy_words
from factsheet.pages.content.business.doubtful_uses import doubt_in_words, mark_uses
from factsheet.pages.content.performance import POINTS, points_of
from factsheet.pages.content.summary import sentence_on_figures
from factsheet.pages.errata import disputed_tasks, is_disputed
from factsheet.pages.key_figure import figure_text, stated
from factsheet.pages.refresh import exceeded_at_once, refresh_sentence
from factsheet.pages.rich_text import block_text
from factsheet.pages.rows import first_sentence, prose_of
from factsheet.pages.score_tables import main_table, split_in_a_note, tables_of
from factsheet.pages.text import without_stop
from factsheet.recompute.comparisons.score_gaps import compared_tasks, pair, standing
from factsheet.recompute.derivations.gains import energy_gain
from factsheet.recompute.derivations.operations import digital_excess

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from factsheet.pages.first_screen import KeyFigure, ScoreFigures
    from factsheet.pages.inputs import PageInputs
    from factsheet.pages.model import SectionBlock
    from factsheet.readers.views import SentenceKey, WhatKey
    from factsheet.recompute.comparisons.score_gaps import Gap

    Sentence = Callable[[PageInputs], str | None]

_MOST_LISTED = 4
_SILENT = "The sheet does not answer this yet."


def answer(
    inputs: PageInputs, sections: Sequence[SectionBlock], figures: Sequence[KeyFigure]
) -> tuple[str, ...]:
    """Return the sentences that answer the view's question, those that the sheet has the facts for.

    Args:
        inputs: what the page is made from.
        sections: those of the page.
        figures: those of the first screen.
    """
    made = (
        sentence_on_figures(inputs, sections, figures) if key == "figures" else _MAKERS[key](inputs)
        for key in inputs.view.sentences
    )
    return tuple(dict.fromkeys(sentence for sentence in made if sentence)) or (_SILENT,)


def what_it_is_for(inputs: PageInputs) -> str:
    """Return in one sentence what the model is to this reader."""
    return _WHAT[inputs.view.what](inputs)


def words_of(inputs: PageInputs, path: str) -> str | None:
    """Return the answer at a path for the middle of a sentence: a list cut to a few, prose to its first sentence."""
    fact = stated(inputs, path)
    if fact is None:
        return None
    if fact.items:
        more = len(fact.items) - _MOST_LISTED
        return _and((*fact.items[:_MOST_LISTED], *((f"{more} more",) if more > 0 else ())))
    prose = prose_of(path, fact, type(inputs.sheet))
    text = block_text(prose[0]) if prose else figure_text(inputs, path) or ""
    return without_stop(first_sentence(text)) or None


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _says(words: str, *paths: str) -> Sentence:
    """Return what makes a sentence about the first of these fields that is answered."""

    def make(inputs: PageInputs) -> str | None:
        found = next((text for path in paths if (text := words_of(inputs, path)) is not None), None)
        return None if found is None else f"{words.format(found)}."

    return make


def _model(inputs: PageInputs) -> str:
    return inputs.sheet.overview.model.shown()


def _family(inputs: PageInputs) -> str:
    family = words_of(inputs, "model_architecture.family")
    if family is None or family.casefold() in _model(inputs).casefold():
        return _model(inputs)
    article = "an" if family[:1] in "aeioAEIO" else "a"
    return f"{_model(inputs)}, {article} {family}"


def _on_chip(inputs: PageInputs) -> str:
    """Return the network and the hardware that it runs on."""
    chip = words_of(inputs, "hardware.inference.chip")
    technology = words_of(inputs, "hardware.inference.technology")
    where = (
        f" on {chip}" + (f", {technology}" if technology else "")
        if chip
        else f" for analog hardware with {technology}"
        if technology
        else " for analog hardware"
    )
    return f"{_family(inputs)},{where}." if "," in _family(inputs) else f"{_family(inputs)}{where}."


def _by_template(inputs: PageInputs) -> str:
    """Return the network and what such a sheet is, in the words of its template."""
    return f"{_family(inputs)}: {inputs.sheet.audience.title.rstrip('.')}."


def _by_recipe(inputs: PageInputs) -> str:
    base = words_of(inputs, "hwa_training.starting_point") or words_of(
        inputs, "model_architecture.base_model"
    )
    origin = "" if base is None else f" It starts from: {base}."
    return f"{_family(inputs)}, trained for analog hardware.{origin}"


def _by_training(inputs: PageInputs) -> str:
    training, test = (words_of(inputs, f"{side}.name") for side in ("training_data", "test_data"))
    if training is None:
        return f"{_family(inputs)}, for analog hardware."
    if training == test:
        split = _named_split(inputs)
        done = "trained and tested on" if split is None else "trained on"
        tested = "" if split is None else f" and tested on its {split} split"
    else:
        done, tested = "trained on", "" if test is None else f" and tested on {test}"
    return f"{_family(inputs)}, {done} {training}{tested}, for analog hardware."


_LONGEST_NAME = 24


def _named_split(inputs: PageInputs) -> str | None:
    """Return the split that was tested on by its name; `None` where it is described in words, or not at all."""
    split = words_of(inputs, "test_data.split")
    if split is None or len(split) > _LONGEST_NAME:
        return None
    return split.removesuffix(" set").removesuffix(" split")


def _by_use(inputs: PageInputs) -> str:
    stated_use = stated(inputs, "purpose.summary")
    if stated_use is None:
        return f"{_family(inputs)}, for analog hardware."
    return f"{_model(inputs)}: {words_of(inputs, 'purpose.summary')}."


_WHAT: dict[WhatKey, Callable[[PageInputs], str]] = {
    "chip": _on_chip,
    "network": _on_chip,
    "recipe": _by_recipe,
    "template": _by_template,
    "trained": _by_training,
    "use": _by_use,
}


def _tiles(inputs: PageInputs) -> str | None:
    rows, cols = (figure_text(inputs, f"parameters.tile.{side}") for side in ("rows", "cols"))
    number = figure_text(inputs, "parameters.tiles")
    if number is None:
        return None
    size = f" of {rows} × {cols} weights" if rows is not None and cols is not None else ""
    counted = inputs.recomputed.get("parameters.tiles")
    worked_out = " (derived here; the sheet gives no number)"
    if stated(inputs, "parameters.tiles"):
        differs = counted is not None and counted.text and counted.text.split()[0] not in number
        worked_out = f" (counted here: {counted.text})" if counted is not None and differs else ""
    return f"The network takes {number.removesuffix(' tiles')} tiles{size}{worked_out}."


def _runs(inputs: PageInputs) -> str | None:
    """Say what is known of other trainings, where there are scores: no range by test examples has them in it."""
    found = inputs.scores
    scored = found.analog or found.digital or found.unstated or found.gap
    return None if scored is None else words_on_runs(inputs)


def _scores(inputs: PageInputs) -> str | None:
    found, table = inputs.scores, main_table(inputs)
    gap = found.compared
    if found.analog is None:
        if found.gap is not None and gap is not None:
            return f"The analog model is {gap.size} {_side(gap)} the digital one ({found.gap.condition}).{_care(found)}"
        said = words_of(inputs, "performance.summary")
        if said is not None:
            return f"The sheet says of the scores: “{said}.”"
        if found.digital is not None:
            where = f" ({found.digital.condition})"
            return f"Its digital score is {found.digital.value}{where}; an analog score is not in the sheet."
        if found.unstated is not None:
            where = f" ({found.unstated.condition})"
            return f"It scores {found.unstated.value}{where}; whether on analog hardware is not stated."
        return None
    if gap is None or found.digital is None:
        return f"The analog model scores {found.analog.value} ({found.analog.condition})."
    of_table = table is not None and found.analog.path.startswith("performance.")
    tasks = (compared_tasks(table) or len(table.tasks)) if of_table and table is not None else 1
    where = f"On average over {tasks} tasks the" if tasks > 1 else "The"
    if not gap.text.strip("0."):
        return f"{where} analog model scores the same as the digital one."
    return _compared(found, gap, where, plain=inputs.view.name == "business-expert")


def _compared(found: ScoreFigures, gap: Gap, where: str, *, plain: bool) -> str:
    """Return how far the analog model is from the digital one, behind what makes the comparison unfair."""
    said = f"{where} analog model is {gap.size} {_side(gap)} the digital one"
    if plain and found.analog is not None and found.digital is not None:  # points are no word of a business
        said = f"{where} analog model scores {found.analog.value} and the digital one {found.digital.value}"
    if found.chance is not None and found.chance.holds_none:
        return f"{said}{'; the difference' if plain else ', which'} may be chance: {found.chance.words}."
    if found.within_reach:
        return f"{said}, which is within the ± of the scores."
    care = _care(found).strip()
    if care:  # before the figure, which would be read alone
        return f"{care} As published, {said[:1].lower()}{said[1:]}."
    return f"{said}{gap.judged}."


def _side(gap: Gap) -> str:
    return "below" if gap.amount < 0 else "above"


def _care(found: ScoreFigures) -> str:
    """Return what errata on a gap mean for who compares, in the sheet's words where it has them."""
    errata = [] if found.gap is None else [caveat for caveat in found.gap.caveats if caveat.kind == "erratum"]
    if not errata:
        return ""
    said = dict.fromkeys(caveat.short for caveat in errata)
    if not all(said):
        return " Compare the two with care: an erratum is on the scores."
    return f" {' '.join(said)}"


def _tasks(inputs: PageInputs) -> str | None:
    table = main_table(inputs)
    compared = None if table is None else standing(table)
    if compared is None or compared.tasks <= 1:
        return None
    if compared.unknown:
        return f"For {_and(compared.unknown)} the sheet does not say whether more is better."
    if not compared.worse:
        return f"It is behind on none of {compared.tasks} tasks."
    flagged = {} if table is None else dict(disputed_tasks(inputs, table))
    better = [f"{task}{flagged.get(task, '')}" for task in compared.better]
    ahead = f", ahead on {_and(better)}" if better else ""
    return f"It is behind on {len(compared.worse)} of {compared.tasks} tasks{ahead}."


def _data(inputs: PageInputs) -> str | None:
    training, test = (words_of(inputs, f"{side}.name") for side in ("training_data", "test_data"))
    if training is None:
        return None
    split = "" if stated(inputs, "test_data.split") else _split_of_the_tests(inputs)
    if test is None:
        return f"It was trained on {training}; the sheet does not name the test data."
    if training == test:
        named = _named_split(inputs)
        tested = "" if named is None else f"; it was tested on the {named} split"
        return f"Training and test data are both from {training}{tested}.{_sizes(inputs)}{split}"
    return f"It was trained on {training} and tested on {test}.{split}"


def _sizes(inputs: PageInputs) -> str:
    """Return how many examples are on each side, where they differ and no erratum is on either; empty otherwise."""
    paths = ("training_data.size", "test_data.size")
    training, test = (None if is_disputed(inputs, path) else figure_text(inputs, path) for path in paths)
    if training is None or test is None or training == test:
        return ""
    return f" There are {training} examples to train on and {test} to test on."


def _split_of_the_tests(inputs: PageInputs) -> str:
    note = split_in_a_note(inputs, "analog")
    if note is None:
        return " The sheet does not say which split."
    return f" By a note of the sheet, the analog scores are of the {note} split."


def _applications(inputs: PageInputs) -> str | None:
    uses = words_of(inputs, "purpose.applications")
    if uses is None:
        return None
    doubt = doubt_in_words(inputs)
    return f"The sheet names these uses: {mark_uses(inputs, uses)}.{f' {doubt}' if doubt else ''}"


def _scored_uses(inputs: PageInputs) -> str | None:
    """Say which of the uses there are scores for; `None` where the sheet names no use, or compares no scores."""
    if stated(inputs, "purpose.applications") is None:
        return None
    scored = tuple(dict.fromkeys(table.name for table in tables_of(inputs) if pair(table) is not None))
    return f"Scores are given for {_and(scored)}; they say nothing of other uses." if scored else None


def _baseline(inputs: PageInputs) -> str | None:
    gain = energy_gain(inputs.sheet)
    if gain is not None:
        return f"For each joule it gives {gain.factor:.3g} times as many answers as the digital alternative."
    if "digital" in inputs.view.glance and stated(inputs, "performance.energy_efficiency"):
        words = gpu_energy_words(inputs)
        if words is None:
            return "What it saves cannot be said: the sheet has no figure for digital hardware."
        return f"The sheet has no figure for digital hardware. By our rough estimates, {words}."
    return None


def _programming_again(inputs: PageInputs) -> str | None:
    """Say after which time weights are programmed again, with its lower end, and what the author says of it."""
    fact = stated(inputs, "performance.refresh_interval")
    if fact is None:
        return None
    noted = (
        None if stated(inputs, "performance.refresh_earliest") or fact.note is None else in_short(fact.note)
    )
    said = (refresh_sentence(inputs), noted, exceeded_at_once(inputs))
    return " ".join(sentence for sentence in said if sentence)


def _excess(inputs: PageInputs) -> str | None:
    """Say that digital operations are counted to more than a stated total leaves: it agrees by its `approx.` alone."""
    for index, point in enumerate(points_of(inputs)):
        total = None if point.total_ops is None else point.total_ops.quantity
        counts = [inputs.recomputed.get(f"{POINTS}{index}].{side}_ops") for side in ("analog", "digital")]
        analog, digital = (None if fact is None else fact.derived for fact in counts)
        if total is None or analog is None or digital is None:
            continue
        factor = digital_excess(total, analog=analog, digital=digital)
        if factor is not None:
            counted = (
                f"{factor:.2g} times as many digital operations are counted here as the stated total leaves"
            )
            total_fact = inputs.recomputed.get(f"{POINTS}{index}].total_ops")
            fits = total_fact is not None and total_fact.verdict.fits is True
            return (
                f"The total of operations agrees only as it is approximate: {counted}."
                if fits
                else f"{counted}."
            )
    return None


def _running(inputs: PageInputs) -> str | None:
    """Say what keeps it running, and that the sheet does not say how to run it, where it does not."""
    keep = _programming_again(inputs)
    known = any(stated(inputs, f"setup.{name}") for name in ("instructions", "requirements", "interface"))
    return (
        " ".join(part for part in (keep, None if known else "The sheet does not say how to run it.") if part)
        or None
    )


_MAKERS: dict[SentenceKey, Sentence] = {
    "applications": _applications,
    "baseline": _baseline,
    "built_from": _says("It was built from {}", "model_architecture.base_model"),
    "data": _data,
    "excess": _excess,
    "running": _running,
    "runs": _runs,
    "limits": _says("What to know of the figures: {}", "limitations.summary"),
    "scored_uses": _scored_uses,
    "scores": _scores,
    "state": _says("State of the hardware: {}", "hardware.inference.maturity"),
    "tasks": _tasks,
    "tested_where": _says(
        "How it was evaluated: {}", "inference_methodology.evaluation", "hardware.inference.evaluation_system"
    ),
    "tiles": _tiles,
}
