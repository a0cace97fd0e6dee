"""List what a sheet does not say: for one role by its needs, and beyond them for the folded remainder."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.pages.back_matter import MissingBlock, MissingGroup, MissingRow, NeedRow
from factsheet.pages.caveats import words_on_runs
from factsheet.pages.content.results import result_place
from factsheet.pages.marks import derived_text
from factsheet.readers.audience import STUDY
from factsheet.readers.needs import TEMPLATE_NEEDS
from factsheet.readers.parts import covered, covers, general
from factsheet.readers.study import INTERVIEWED, VOTES
from factsheet.sheet.labels import label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.checks.completeness import Standing
    from factsheet.pages.inputs import PageInputs
    from factsheet.readers.needs import Need


_POINT = "parameters.operating_points[*]."
_ELSEWHERE: dict[str, tuple[str, ...]] = {
    "parameters.power": (f"{_POINT}power",),
    "performance.classification_time": (f"{_POINT}execution_time",),
    "performance.energy_efficiency": (f"{_POINT}energy_efficiency",),
    "performance.energy_per_inference": (f"{_POINT}energy", "performance.energy_efficiency"),
    "performance.latency": (f"{_POINT}execution_time", "performance.classification_time"),
    "performance.throughput": (f"{_POINT}throughput",),
}
"""Fields that say the same of an operating point, or from which it follows at once."""
_COUNTED = {"parameters.tiles": "tiles", "performance.size_on_chip": "tiles", "parameters.devices": "devices"}
"""What plain numbers are of."""


def is_elsewhere(inputs: PageInputs, path: str) -> bool:
    """Return whether the sheet answers a field in another one: a throughput with the operating point it holds at."""
    return any(pattern in inputs.answered for pattern in _ELSEWHERE.get(path, ()))


def needs_of_view(inputs: PageInputs) -> tuple[tuple[Need, str], ...]:
    """Return the needs that the page's view answers to, each with who has it."""
    audience, view = inputs.sheet.audience, inputs.view.name
    if view != "full":
        return tuple((known.need, audience.whose(view, known)) for known in audience.needs_of(view))
    if audience is not STUDY:
        return audience.needs_of_all()
    of = len(INTERVIEWED)
    return tuple(
        (need, f"asked for by {len(VOTES[need.key])} of {of} interviewed (Table 3)")
        for need in TEMPLATE_NEEDS
    )


def missing_block(inputs: PageInputs) -> MissingBlock:
    """Return everything that the view's reader asks for and the sheet does not answer; each field once."""
    groups: list[MissingGroup] = []
    listed: set[str] = set()
    for need, who in needs_of_view(inputs):
        core = [row for row in _core(inputs, need) if row.path not in listed]
        more = [row for row in _more(inputs, need) if row.path not in listed]
        listed |= {row.path for row in (*core, *more)}
        if inputs.view.detail.get(need.key, "full") == "full":
            core, more = [*core, *more], []
        if core or more:
            groups.append(MissingGroup(need.title, who, _distinct(core), _distinct(more)))
    return MissingBlock(tuple(groups))


def absent_groups(inputs: PageInputs) -> tuple[MissingGroup, ...]:
    """Return every stated absence with its reason, by section of the sheet."""
    found: dict[str, list[MissingRow]] = {}
    for path, placed in inputs.placed.items():
        if placed.fact.absence is not None:
            found.setdefault(label(path.split(".", 1)[0]), []).append(_absent(inputs, path))
    return tuple(MissingGroup(title, "", _distinct(rows)) for title, rows in found.items())


def need_rows(inputs: PageInputs) -> tuple[NeedRow, ...]:
    """Return how far each need of the reader's is answered."""
    return tuple(NeedRow(need.title, who, _answered(inputs, need)) for need, who in needs_of_view(inputs))


def _answered(inputs: PageInputs, need: Need) -> Standing:
    """Return how far a need is answered, as `factsheet.checks.completeness` defines it."""
    core = [_has_answer(inputs, pattern) for pattern in need.core]
    if any(core):
        return "answered" if all(core) else "answered in part"
    said = any(covers(pattern, path) for pattern in need.core for path in inputs.absent)
    return "said why not" if said else "missing"


def _has_answer(inputs: PageInputs, pattern: str) -> bool:
    if pattern == "references":
        return bool(inputs.sheet.references)
    return pattern in inputs.answered


def _core(inputs: PageInputs, need: Need) -> Iterator[MissingRow]:
    """Yield what is missing of a need's core: stated absences, then what was left out."""
    stated = [path for path in inputs.absent if covered(need.core, path)]
    yield from (_absent(inputs, path) for path in stated)
    for pattern in need.core:
        if not _has_answer(inputs, pattern) and not any(covers(pattern, path) for path in stated):
            yield MissingRow(
                pattern,
                _label(inputs, pattern),
                "not_answered",
                _in_prose(inputs, pattern),
                *_recomputed(inputs, pattern),
            )


def _in_prose(inputs: PageInputs, pattern: str) -> str | None:
    """Return where else the sheet answers a field that it leaves empty, so that no page denies it."""
    if is_elsewhere(inputs, pattern):
        return "The sheet gives it with the operating point."
    said = words_on_runs(inputs) if pattern == "hwa_training.seeds" else None
    return None if said is None else f"No field gives it; in words: {said}"


def _more(inputs: PageInputs, need: Need) -> Iterator[MissingRow]:
    """Yield stated absences beyond a need's core, where the view shows what is beyond it at all."""
    if inputs.view.detail.get(need.key, "full") == "folded":
        return
    for path in inputs.absent:
        if covered(need.more, path) and not covered(need.core, path):
            yield _absent(inputs, path)


def _absent(inputs: PageInputs, path: str) -> MissingRow:
    fact = inputs.placed[path].fact
    if fact.absence is None:
        raise ValueError(f"{path} is answered")
    reason = " ".join(f"{fact.absence.reason} {fact.note or ''}".split())
    return MissingRow(path, _label(inputs, path), fact.absence.kind, reason, *_recomputed(inputs, path))


def _label(inputs: PageInputs, path: str) -> str:
    return result_place(inputs, path) or inputs.words(path)


def _distinct(rows: Sequence[MissingRow]) -> tuple[MissingRow, ...]:
    """Return the rows with their section in front of labels that two of them share."""
    labels = [row.label for row in rows]
    return tuple(
        replace(row, label=f"{label(row.path.split('.', 1)[0])}: {row.label}")
        if labels.count(row.label) > 1
        else row
        for row in rows
    )


def _recomputed(inputs: PageInputs, pattern: str) -> tuple[str | None, int | None]:
    """Return what follows from the rest of the sheet for a field that is missing, and the number of its working."""
    wanted = (pattern, *_ELSEWHERE.get(pattern, ()))
    path = next((known for asked in wanted for known in _paths(inputs, asked)), None)
    text = None if path is None else derived_text(inputs.recomputed[path])
    if path is None or text is None:
        return None, None
    counted = _COUNTED.get(general(path), "")
    return f"{text} {counted}".rstrip() if text[-1:].isdigit() else text, inputs.workings.get(path)


def _paths(inputs: PageInputs, pattern: str) -> Iterator[str]:
    """Yield the recomputed fields of a pattern."""
    if "[*]" in pattern:
        yield from (known for known in inputs.recomputed if general(known) == pattern)
    elif pattern in inputs.recomputed:
        yield pattern
