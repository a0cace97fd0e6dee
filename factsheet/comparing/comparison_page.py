"""Write a comparison of sheets as one HTML file that fetches nothing and runs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.comparing.comparison_report import TITLES, answer_of
from factsheet.comparing.ratio_chart import chart_words, ratio_chart
from factsheet.pages.figures.canvas import NARROW, WIDTH, Canvas
from factsheet.pages.formats.html import html_environment, policy, source
from factsheet.pages.formats.templates import render_template
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from markupsafe import Markup

    from factsheet.comparing.comparison import ComparedRow, RowKind, SheetComparison

_FOLDER = "compare"
_CHART = "Figures as multiples of those of the first column"


class CellTemplateData(NamedTuple):
    """A cell of the page."""

    text: str
    about: str
    words: str
    effect: str


class RowTemplateData(NamedTuple):
    """A row of the page."""

    label: str
    cells: tuple[CellTemplateData, ...]


class PartTemplateData(NamedTuple):
    """A table of the page, with the drawing above it."""

    title: str
    head: str
    rows: tuple[RowTemplateData, ...]
    charts: dict[str, Markup]


def comparison_html(compared: SheetComparison) -> str:
    """Return a comparison as an HTML file; the same text for the same comparison.

    Raises:
        ResourceMissingError: the program's templates are not where they were installed.
    """
    environment = html_environment()
    style = source(environment, f"{_FOLDER}/compare.css")
    names = [one_line(column.name) for column in compared.columns]
    return render_template(
        environment,
        f"{_FOLDER}/page.html.j2",
        None,
        policy=policy(style, ()),
        style=style,
        title=f"Compared: {', '.join(names)}",
        names=names,
        point=one_line(compared.point),
        parts=[_part(compared, kind) for kind in TITLES if compared.of(kind)],
        notes=[one_line(note) for note in compared.notes],
    )


def _part(compared: SheetComparison, kind: RowKind) -> PartTemplateData:
    return PartTemplateData(
        title=TITLES[kind],
        head="Fact" if kind == "about" else "Score" if kind == "score" else "Figure",
        rows=tuple(_row(row) for row in compared.of(kind)),
        charts=_charts(compared) if kind == "figure" else {},
    )


def _row(row: ComparedRow) -> RowTemplateData:
    cells = []
    for index, cell in enumerate(row.cells):
        found = row.compared[index] if row.compared else None
        words, effect = ("", "") if found is None else (one_line(found.words), found.effect or "")
        cells.append(CellTemplateData(answer_of(cell), one_line(cell.about), words, effect))
    return RowTemplateData(one_line(row.label), tuple(cells))


def _charts(compared: SheetComparison) -> dict[str, Markup]:
    """Return the chart for a wide and a narrow screen; nothing where no figure is compared."""
    from markupsafe import Markup  # comes with jinja2

    chart = ratio_chart(compared)
    if chart is None:
        return {}
    words = chart_words(chart)
    found = {}
    for name, width in (("wide", WIDTH), ("narrow", NARROW)):
        canvas = Canvas(f"ratios-{name}", width)
        height = chart.draw(canvas)
        found[name] = Markup(canvas.svg(height, _CHART, words))  # noqa: S704  drawn by us, its texts escaped
    return found
