"""What it costs to write pages: each view as Markdown and as HTML, and a PDF beside WeasyPrint's own time for the same.

Runs in this process, after everything is imported and every template is compiled: what is measured is what a preview,
or a run over many sheets, pays for each further page.
"""

from __future__ import annotations

import statistics
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from factsheet.pages.assembly import build_page  # noqa: E402
from factsheet.pages.content.chip import estimates_of  # noqa: E402
from factsheet.pages.figures.drawing import draw  # noqa: E402
from factsheet.pages.formats.html import render_html  # noqa: E402
from factsheet.pages.formats.markdown import render_markdown  # noqa: E402
from factsheet.pages.model import FigureBlock  # noqa: E402
from factsheet.readers.roles import VIEW_NAMES  # noqa: E402
from factsheet.recompute.engine import recompute  # noqa: E402  the repository's own package, found by the line above
from factsheet.sheet.load import read_factsheet  # noqa: E402
from factsheet.source.loader import read_sheet  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.sheet.model import SheetFields

ROUNDS = 15
PDF_ROUNDS = 3
HTML_LIMIT_S = 0.060
PDF_LIMIT = 1.5


def median_cpu_s(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """CPU time of one run, in s; the median of several after one that is not counted."""
    work()
    taken = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return statistics.median(taken)


def sheet() -> SheetFields:
    """The published BERT sheet."""
    document = read_sheet(ROOT / "sheets" / "bert.yaml").document
    made, _ = read_factsheet(None if document is None else document.data)
    if made is None:
        raise SystemExit("sheets/bert.yaml cannot be read")
    return made


def told(limit: str, *, kept: bool) -> None:
    """One line for a limit."""
    print(f"{'PASS' if kept else 'FAIL'} {limit}")


def main() -> None:
    """Print the figures, then the limits."""
    bert = sheet()
    derivation = recompute(bert)
    estimates = estimates_of(bert, derivation)
    print(f"{'view':<20} {'page':>8} {'Markdown':>9} {'HTML':>8}   ms of CPU, page included in neither")
    slowest = 0.0
    for view in VIEW_NAMES:

        def make(view: str = view) -> object:
            return build_page(bert, view, derivation, estimates=estimates)  # type: ignore[arg-type]  # one of them

        page = build_page(bert, view, derivation, estimates=estimates)
        build = median_cpu_s(make)
        markdown = median_cpu_s(lambda page=page: render_markdown(page))  # type: ignore[misc]  # a default argument
        html = median_cpu_s(lambda page=page: render_html([page]))  # type: ignore[misc]  # likewise
        slowest = max(slowest, build + html)
        print(f"{view:<20} {build * 1e3:8.1f} {markdown * 1e3:9.1f} {html * 1e3:8.1f}")
    pages = [build_page(bert, view, derivation, estimates=estimates, whole=False) for view in VIEW_NAMES]
    file = median_cpu_s(lambda: render_html(pages))
    print(
        f"one HTML file of all {len(pages)} views: {file * 1e3:.1f} ms, {len(render_html(pages)) // 1000} kB"
    )
    page = build_page(bert, "full", derivation, estimates=estimates)
    figures = [b for made in page.sections for b in made.blocks if isinstance(b, FigureBlock)]
    drawn = median_cpu_s(lambda: [draw(figure) for figure in figures])
    print(f"{len(figures)} figures: {drawn * 1e3:.1f} ms")
    told(
        f"HTML of one view, page included: at most {HTML_LIMIT_S * 1e3:.0f} ms", kept=slowest <= HTML_LIMIT_S
    )
    if find_spec("weasyprint") is None:
        print("WeasyPrint is not installed: no PDF was measured")
        return
    pdf()


def pdf() -> None:
    """A PDF in turns with WeasyPrint alone, on the same HTML and style."""
    import weasyprint  # half a second that the rest does without

    from factsheet.pages.formats.pdf import print_html, render_pdf
    from factsheet.pages.options import DEFAULT_OPTIONS

    bert = sheet()
    page = build_page(bert, "business-expert", recompute(bert))
    html, style = print_html(page)

    def alone() -> object:
        return weasyprint.HTML(string=html).write_pdf(stylesheets=[weasyprint.CSS(string=style)])

    ours, theirs = [], []
    for _ in range(PDF_ROUNDS):
        theirs.append(median_cpu_s(alone, 1))
        ours.append(median_cpu_s(lambda: render_pdf(page, DEFAULT_OPTIONS), 1))
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"PDF: {statistics.median(ours):.2f} s, WeasyPrint alone {statistics.median(theirs):.2f} s")
    told(f"PDF: at most {PDF_LIMIT} times WeasyPrint alone ({ratio:.2f})", kept=ratio <= PDF_LIMIT)


if __name__ == "__main__":
    main()
