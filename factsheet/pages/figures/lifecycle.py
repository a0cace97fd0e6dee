"""Show the life of a model in stages: which role produces each kind of facts, and which readers need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.pages.figures.canvas import ACCENT, Canvas, FigureData, cut, polyline
from factsheet.pages.figures.diagrams import label
from factsheet.pages.model import FigureBlock
from factsheet.readers.needs import TEMPLATE_NEEDS, needs_of
from factsheet.readers.parts import covered
from factsheet.readers.roles import ROLE_NAMES, ROLES, people, singular
from factsheet.readers.suppliers import SUPPLIERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.pages.inputs import PageInputs
    from factsheet.readers.needs import Need
    from factsheet.readers.roles import RoleName

_STAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Purpose and design", ("overview", "purpose", "architecture")),
    ("Training for the hardware", ("training", "parameters")),
    ("Evaluation", ("accuracy", "robustness", "limitations")),
    ("Inference on the hardware", ("inference", "prediction_time", "hardware_performance")),
    ("Use", ("setup",)),
)
_NEEDS = {need.key: need for need in TEMPLATE_NEEDS}


@dataclass(frozen=True, slots=True)
class LifecycleRow:
    """A kind of facts: who produces it, and which readers need it, by their place among the readers."""

    fact: str
    producer: str
    consumers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LifecycleStage:
    """A stage in the making and use of a model, and the kinds of facts that come about in it."""

    title: str
    rows: tuple[LifecycleRow, ...]


@dataclass(frozen=True, slots=True)
class Lifecycle(FigureData):
    """Who produces and who consumes each kind of facts."""

    stages: tuple[LifecycleStage, ...]
    readers: tuple[str, ...]

    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""
        readers = len(self.readers)
        first = canvas.width - 12 - _PITCH * max(readers - 1, 0)
        top = y = _draw_readers(canvas, self.readers, first)
        for stage in self.stages:
            canvas.text(4, y + 14, cut(stage.title, first - 20), bold=True)
            y += _ROW
            for row in stage.rows:
                y = _draw_row(canvas, row, y, first=first)
            y += _GAP
        for place in range(readers):  # a column for each reader, so that a dot is seen to be under its name
            x = first + place * _PITCH
            canvas.line(x, top, x, y, faint=True)
        canvas.marker("circle", 10, y + 6, ACCENT)
        return canvas.note(22, y + 10, "This reader needs these facts.") - 6

    def diagrams(self, title: str) -> Iterator[str]:
        """Yield the figure as diagrams for Mermaid."""
        yield "\n".join(self._lines(title))

    def _lines(self, title: str) -> Iterator[str]:  # noqa: ARG002  a flow chart has none
        yield "flowchart LR"
        for place, stage in enumerate(self.stages):
            facts = "<br>".join(f"{label(row.fact)} ({label(row.producer)})" for row in stage.rows)
            yield f'    stage{place}["{label(stage.title)}<br>{facts}"]'
        names = [f"stage{place}" for place in range(len(self.stages))]
        yield f"    {' --> '.join(names)}"
        for place, reader in enumerate(self.readers):
            wanted = [
                f"stage{at}"
                for at, stage in enumerate(self.stages)
                if any(place in row.consumers for row in stage.rows)
            ]
            if wanted:
                yield f'    {" & ".join(wanted)} -.-> reader{place}(["{label(reader)}"])'


def lifecycle_figure(inputs: PageInputs) -> FigureBlock:
    """Return who produces and who consumes each kind of facts that the study's template has."""
    stages = tuple(
        LifecycleStage(title, tuple(_row(inputs, _NEEDS[key]) for key in keys)) for title, keys in _STAGES
    )
    data = Lifecycle(stages, tuple(ROLES[role].title for role in ROLE_NAMES))
    named = any(producer.sections for producer in inputs.sheet.producers or ())
    basis = "Producers: those named in the sheet, otherwise" if named else "Producers: the sheet names none;"
    return FigureBlock(
        id="lifecycle",
        title="Who produces and who needs each kind of facts",
        text=_text(data),
        data=data,
        provenance=f"{basis} the role whose tasks suggest it. Readers: Tables 1 and 3 of the study.",
    )


def _row(inputs: PageInputs, need: Need) -> LifecycleRow:
    section = need.core[0].partition(".")[0]
    return LifecycleRow(
        need.title,
        _producer(inputs, section, need.core[0]),
        tuple(place for place, role in enumerate(ROLE_NAMES) if _consumes(role, need)),
    )


def _producer(inputs: PageInputs, section: str, path: str) -> str:
    named = [p.name for p in inputs.sheet.producers or () if section in (p.sections or ())]
    if named:
        return ", ".join(named)
    while path not in SUPPLIERS and "." in path:
        path = path.rpartition(".")[0]
    role = SUPPLIERS.get(path)
    return "the maker of the model" if role is None else f"the {singular(role)}"


def _consumes(role: RoleName, need: Need) -> bool:
    """Return whether the role asked for this need, or, if nobody could ask it, has a need that shares a field."""
    return any(
        known.need.key == need.key or any(covered(need.core, path) for path in known.need.core)
        for known in needs_of(role)
    )


def _text(data: Lifecycle) -> str:
    stated = []
    for stage in data.stages:
        facts = "; ".join(f"{row.fact}, from {row.producer}, {_for(row.consumers)}" for row in stage.rows)
        stated.append(f"{stage.title}: {facts}.")
    return " ".join(stated)


def _for(consumers: tuple[int, ...]) -> str:
    names = [people(ROLE_NAMES[at]) for at in consumers]
    return f"for {', '.join(names)}" if names else "which nobody asked for"


_ROW, _GAP = 23, 8
_PITCH = 24
"""Between two readers, in px."""


def _draw_readers(canvas: Canvas, readers: tuple[str, ...], first: float) -> float:
    """Write the readers' names on steps, each with a line down to its column; return where the rows begin."""
    y = 14.0
    bottom = y + 17 * len(readers) + 6
    for place, reader in enumerate(readers):
        x = first + place * _PITCH
        canvas.text(x - 6, y, cut(reader, x - 12), anchor="end")
        canvas.path(
            polyline(((x - 3, y - 4), (x, y - 4), (x, bottom))),
            faint=True,
        )
        y += 17
    return bottom


def _draw_row(canvas: Canvas, row: LifecycleRow, y: float, *, first: float) -> float:
    """Draw a kind of facts; return where the next row begins."""
    producer = row.producer.removeprefix("the ")
    room = first - 20
    if canvas.narrow:
        canvas.text(4, y + 14, cut(row.fact, room))
        canvas.text(4, y + 29, cut(producer, room, 11), size=11, faint=True)
    else:
        canvas.text(4, y + 14, cut(row.fact, room * 0.45))
        canvas.text(room * 0.45 + 12, y + 14, cut(f"from {producer}", room * 0.55 - 12), faint=True)
    high = 38 if canvas.narrow else _ROW
    for place in row.consumers:
        canvas.marker("circle", first + place * _PITCH, y + 10, ACCENT)
    canvas.line(4, y + high - 3, canvas.width - 4, y + high - 3, faint=True)
    return y + high
