"""Show the life of a model in stages: which role produces each kind of facts, and which readers need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.pages.figures.canvas import ANALOG, WIDTH, Canvas, FigureData, cut
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
        pitch = (WIDTH - _READERS - 20) / max(len(self.readers) - 1, 1)
        canvas.text(4, _TOP - 10, "Stage", bold=True)
        canvas.text(_FACT, _TOP - 10, "Facts", bold=True)
        canvas.text(_PRODUCER, _TOP - 10, "Produced by", bold=True)
        for place, reader in enumerate(self.readers):
            x = _READERS + place * pitch
            canvas.text(x, _TOP - 12, cut(reader, 200), turned=_TURNED, anchor="end")
        y: float = _TOP
        for place, stage in enumerate(self.stages):
            high = _ROW * len(stage.rows)
            canvas.box(4, y, 98, high)
            _lines(canvas, stage.title, y + high / 2)
            if place:
                canvas.arrow(53, y - _GAP, 53, y)
            for row in stage.rows:
                _draw_row(canvas, row, y + _ROW / 2, readers=len(self.readers), pitch=pitch)
                y += _ROW
            y += _GAP
        canvas.marker("circle", 12, y + 8, ANALOG)
        canvas.text(24, y + 12, "needs these facts; a small ring: has not asked for them", faint=True)
        return y + 24

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


_TOP, _ROW, _GAP = 170, 22, 10
_FACT, _PRODUCER, _READERS = 112, 280, 474
_TURNED = 50


def _lines(canvas: Canvas, title: str, middle: float) -> None:
    """Write a title in a box, on two lines where it is long."""
    words = title.split()
    half = (len(words) + 1) // 2
    lines = [title] if len(title) <= 14 else [" ".join(words[:half]), " ".join(words[half:])]  # noqa: PLR2004  the box's width
    for place, line in enumerate(lines):
        at = middle + 4 + (place - (len(lines) - 1) / 2) * 13
        canvas.text(53, at, cut(line, 94, 11), anchor="middle", size=11)


def _draw_row(canvas: Canvas, row: LifecycleRow, y: float, *, readers: int, pitch: float) -> None:
    canvas.line(_FACT, y + _ROW / 2, WIDTH - 8, y + _ROW / 2, faint=True)
    canvas.text(_FACT, y + 4, cut(row.fact, _PRODUCER - _FACT - 8, 11), size=11)
    canvas.text(
        _PRODUCER, y + 4, cut(row.producer.removeprefix("the "), _READERS - _PRODUCER - 14, 11), size=11
    )
    for place in range(readers):
        x = _READERS + place * pitch
        if place in row.consumers:
            canvas.marker("circle", x, y, ANALOG)
        else:
            canvas.marker("circle", x, y, "currentColor", size=1.5, hollow=True)
