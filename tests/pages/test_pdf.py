"""PDFs, read back by programs that know nothing of how they were made: pypdf, pdfplumber, poppler."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pypdf
import pytest
from browser import Trap
from hostile import attacking, enormous, published, sheet_from
from made_pages import SHEETS, bert_pages, pages_of
from system_tools import program

import factsheet
from factsheet.errors import PdfFetchError, PdfUnavailableError, UsageError
from factsheet.pages.formats.paper_tables import MOST_COLUMNS, parts_on_paper, widths
from factsheet.pages.formats.pdf import missing_fonts, print_html, render_pdf, write
from factsheet.pages.model import FigureBlock, TableBlock
from factsheet.pages.options import DEFAULT_OPTIONS, RenderOptions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from factsheet.pages.model import Page
    from factsheet.readers.roles import ViewName

NEEDS_PANGO = pytest.mark.usefixtures("pango")
A4 = (595.3, 841.9)
SMALL = """\
factsheet: 1
overview: {name: A small sheet, model: A model, version: "2.0", date: 2026-01-02, organisation: Somebody}
parameters: {power: {value: 3 W, source: measured}}
"""


@cache
def bert_page() -> Page:
    return next(page for page in pages_of(sheet_from(published()), ("business-expert",), whole=True))


@cache
def bert_pdf() -> bytes:
    return render_pdf(bert_page(), RenderOptions(appendix=True))


@cache
def reader() -> Any:
    return pypdf.PdfReader(io.BytesIO(bert_pdf()))


@cache
def texts() -> tuple[str, ...]:
    return tuple(page.extract_text() for page in reader().pages)


def small_page() -> Page:
    from factsheet.pages.assembly import build_page
    from factsheet.source.loader import load_bytes

    loaded = load_bytes(SMALL.encode(), "small.yaml")
    assert loaded.document is not None
    return build_page(sheet_from(loaded.document.data), "hardware-researcher", digest="sha256:" + "ab" * 32)


def created(pdf: bytes) -> datetime | None:
    told = pypdf.PdfReader(io.BytesIO(pdf)).metadata
    assert told is not None
    date: datetime | None = told.creation_date
    return date


def squeezed(text: str) -> str:
    """The text without spaces, which PDFs do not keep reliably."""
    return re.sub(r"\s+|-\n", "", text)


def bookmarks(entries: Any, level: int = 1) -> Iterator[tuple[int, str, int]]:
    """Level, title and page, from 1, of every bookmark."""
    for entry in entries:
        if isinstance(entry, list):
            yield from bookmarks(entry, level + 1)
        else:
            yield level, entry.title, reader().get_destination_page_number(entry) + 1


def structure(node: Any) -> Iterator[Any]:
    """Every element of the structure tree."""
    node = node.get_object()
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(found, dict) and "/S" in found:
            yield found
            yield from structure(found)


@NEEDS_PANGO
def test_bookmarks_are_the_headings_and_the_contents_name_their_pages() -> None:
    marks = list(bookmarks(reader().outline))
    page = bert_page()
    assert marks[0][1] == page.title
    wanted = ["In short", *(made.title for made in page.sections), "What this sheet does not say"]
    titles = [title for level, title, _ in marks if level == 2]
    assert titles[: len(wanted)] == wanted
    contents = "\n".join(texts()[1 : marks[1][2] - 1])
    listed = re.findall(r"^(.+?)[ .]{3,}(\d+)$", contents, re.MULTILINE)
    assert len(listed) > len(wanted)
    pages = [(title, number) for _, title, number in marks[1:]]
    assert [(title.strip(), int(number)) for title, number in listed] == pages


@NEEDS_PANGO
def test_a_cover_then_the_letter_then_contents_then_the_view_in_order() -> None:
    assert squeezed(bert_page().title) in squeezed(texts()[0])
    assert "sha256:" in texts()[0]
    assert squeezed(bert_page().opening.question) in squeezed(texts()[1])
    assert texts()[2].lstrip().startswith("Contents")
    whole = squeezed(" ".join(texts()[3:]))
    places = [whole.find(squeezed(made.question)) for made in bert_page().sections if made.question]
    assert -1 not in places
    assert places == sorted(places)
    assert "V100" in whole  # the appendix has what the view leaves out


@NEEDS_PANGO
def test_every_page_but_the_cover_says_what_it_belongs_to() -> None:
    for number, text in enumerate(texts()[1:], start=2):
        assert "BERT-base" in text
        assert "2022-11-14" in text  # the date of the published sheet
        assert "sha256:5e5e5e5e5e5e" in text
        assert f"{number} / {len(texts())}" in text


@NEEDS_PANGO
def test_nothing_stands_outside_its_page() -> None:
    import pdfplumber

    # The margins are 20 mm, 57 pt; a stroke stands over the edge of its shape by half its width.
    left, right = 55, A4[0] - 55
    with pdfplumber.open(io.BytesIO(bert_pdf()), pages=list(range(3, 11))) as pdf:
        assert len(pdf.pages) == 8
        for page in pdf.pages:
            assert (page.width, page.height) == pytest.approx(A4, abs=0.2)
            shapes = [*page.chars, *page.rects, *page.curves, *page.lines]
            assert left < min(shape["x0"] for shape in shapes) < max(shape["x1"] for shape in shapes) < right
            assert max(shape["bottom"] for shape in shapes) < A4[1] - 20
            # The boxes of the running head begin at the edge; its text does not.
            assert min(shape["top"] for shape in page.chars) > 20
    tool = program("pdftotext")
    done = subprocess.run(
        [tool, "-bbox", "-f", "2", "-", "-"], input=bert_pdf(), capture_output=True, check=True
    )
    words = re.findall(
        r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', done.stdout.decode()
    )
    assert len(words) > 3000
    for x0, y0, x1, y1 in words:
        assert left < float(x0) < float(x1) < right
        assert 20 < float(y0) < float(y1) < A4[1] - 20


@NEEDS_PANGO
def test_the_document_is_tagged_for_screen_readers() -> None:
    catalog = reader().trailer["/Root"]
    assert catalog["/Lang"] == "en"
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader().metadata.title == "BERT-base on analog AI hardware – Business expert"
    assert b"pdfuaid:part" in catalog["/Metadata"].get_object().get_data()
    elements = list(structure(catalog["/StructTreeRoot"]))
    kinds = {element["/S"] for element in elements}
    assert {"/H1", "/H2", "/H3", "/P", "/L", "/LI", "/Table", "/TR", "/TH", "/TD", "/THead", "/Link"} <= kinds
    heads = [element for element in elements if element["/S"] == "/TH"]
    assert {element["/A"]["/Scope"] for element in heads} == {"/Column", "/Row"}
    drawn = [
        block for made in bert_page().sections for block in made.blocks if isinstance(block, FigureBlock)
    ]
    figures = [element for element in elements if element["/S"] == "/Figure"]
    assert len(figures) >= sum(block.data is not None for block in drawn) > 0
    assert all(len(element["/Alt"]) > 60 for element in figures), "the figure in words"


@NEEDS_PANGO
def test_fonts_are_in_the_document() -> None:
    tool = program("pdffonts")
    done = subprocess.run([tool, "-"], input=bert_pdf(), capture_output=True, check=True)
    fonts = done.stdout.decode().splitlines()[2:]
    assert fonts
    for line in fonts:
        *_, embedded, subset, unicode, _, _ = line.split()
        assert (embedded, subset, unicode) == ("yes", "yes", "yes"), line


@NEEDS_PANGO
def test_poppler_reads_the_same_text() -> None:
    tool = program("pdftotext")
    done = subprocess.run([tool, "-layout", "-", "-"], input=bert_pdf(), capture_output=True, check=True)
    assert not done.stderr
    text = squeezed(done.stdout.decode())
    for row in bert_page().references:
        assert squeezed(row.text)[:60] in text


def feet(pdf: bytes) -> Iterator[tuple[int, str, bool]]:
    """The last line of each page as poppler reads it, above the page's number, and whether all of it is bold."""
    done = subprocess.run(
        [program("pdftohtml"), "-xml", "-i", "-stdout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    root = ET.fromstring(re.sub(rb"<!DOCTYPE[^>]*>", b"", done.stdout))  # noqa: S314  poppler's own
    for page in root.iter("page"):
        height = float(page.attrib["height"])
        texts = [
            text
            for text in page.iter("text")
            if 0.08 < float(text.attrib["top"]) / height < 0.94 and text_of(text)
        ]
        foot = max((float(text.attrib["top"]) for text in texts), default=0)
        line = [text for text in texts if float(text.attrib["top"]) > foot - 4]
        bold = all(text_of(text) == "".join(text_of(part) for part in text.iter("b")) for text in line)
        yield int(page.attrib["number"]), " ".join(map(text_of, line)), bold and bool(line)


def text_of(element: ET.Element) -> str:
    return "".join(element.itertext()).strip()


# Headings, captions and heads of tables are bold; so are the sums of a table, which end with a figure's sign.
@NEEDS_PANGO
@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("view", ["hardware-researcher", "data-scientist", "software-developer"])
def test_no_heading_is_left_alone_at_the_foot_of_a_page(name: str, view: ViewName) -> None:
    from pypdf import PdfReader

    (page,) = pages_of(factsheet.load(SHEETS[name]), (view,), whole=True)
    made = render_pdf(page, DEFAULT_OPTIONS)
    found = list(feet(made))
    assert len(found) > 3
    # It opens as a datasheet does, with everything that the first screen has as a figure, and whose sheet it is.
    first, second = (squeezed(text.extract_text()) for text in PdfReader(io.BytesIO(made)).pages[:2])
    assert page.opening.figures
    for figure in page.opening.figures:
        # A hyphen at the end of a line is taken for one that parts a word.
        assert squeezed(figure.name).replace("-", "") in first.replace("-", "")
        assert squeezed(figure.value) in first
    assert squeezed(page.title) in first
    assert squeezed(page.identity.digest or "") in first
    assert "Contents" in second
    assert [
        (number, line) for number, line, bold in found if bold and not line.startswith(("Average", "✓"))
    ] == []


@NEEDS_PANGO
def test_a_heading_at_the_foot_would_be_seen() -> None:
    body = "<p>x" * 3 + "<h3>Heading</h3><p style='break-before: page'>text"
    made = write(f"<html lang=en><title>t</title><body>{body}", "h3 { break-after: auto }")
    assert [(line, bold) for _, line, bold in feet(made.content)] == [("Heading", True), ("text", False)]


@NEEDS_PANGO
def test_the_same_page_gives_the_same_bytes_and_no_time_but_the_given_one() -> None:
    page = small_page()
    undated = render_pdf(page, DEFAULT_OPTIONS)
    assert undated == render_pdf(page, DEFAULT_OPTIONS)
    assert created(undated) is None
    given = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert created(render_pdf(page, RenderOptions(created=given))) == given


@NEEDS_PANGO
def test_a_hostile_sheet_fetches_nothing_and_brings_no_action() -> None:
    trap = Trap()
    (page,) = pages_of(attacking(trap.address), ("business-expert",))
    pdf = render_pdf(page, RenderOptions(warn=lambda _: None, appendix=True))
    made = pypdf.PdfReader(io.BytesIO(pdf))
    assert not trap.asked
    trap.close()
    for sheet in made.pages:
        for reference in sheet.get("/Annots", []):
            annotation = reference.get_object()
            assert annotation["/Subtype"] == "/Link"
            if "/Dest" in annotation:
                continue
            action = annotation["/A"]
            assert action["/S"] == "/URI"
            assert action["/URI"].startswith(("https://", "http://", "mailto:"))
    catalog: Any = made.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(catalog)
    assert not {"/JavaScript", "/EmbeddedFiles"} & set(catalog.get("/Names", {}))
    tool = program("pdftotext")
    text = squeezed(
        subprocess.run([tool, "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    )
    assert "javascript:window.ran=5" in text
    assert "<iframe" in text


@NEEDS_PANGO
def test_an_enormous_sheet_stays_on_its_pages_and_repeats_the_heads_of_tables() -> None:
    import pdfplumber

    (page,) = pages_of(enormous(characters=4_000, alone=True), ("algorithm-designer",))
    rows = 0
    with pdfplumber.open(io.BytesIO(render_pdf(page, RenderOptions(appendix=True)))) as pdf:
        for sheet in pdf.pages[1:]:
            assert max(shape["x1"] for shape in sheet.chars) < A4[0] - 55
            assert max(shape["bottom"] for shape in sheet.chars) < A4[1] - 20
            text = sheet.extract_text()
            found = re.findall(r"^Row \d+ ", text, re.MULTILINE)
            rows += len(found)
            if found:
                assert re.search(r"^Task Metric One", text, re.MULTILINE), "the head of the table is missing"
    assert rows >= 200


def test_wide_tables_are_cut_into_parts_that_name_their_rows() -> None:
    (page,) = pages_of(enormous(characters=10, alone=True), ("full",))
    html, _ = print_html(page)
    wide = [table for table in html.split("<table") if "Wide (columns" in table]
    # 60 columns and 58 systems: the task, its metric, and the systems; 7 a part beside the first.
    assert len(wide) == -(-59 // (MOST_COLUMNS - 1))
    assert all("Task 2" in table for table in wide)


def test_parts_of_a_table_have_about_as_many_columns_each() -> None:
    header = tuple(f"c{place}" for place in range(MOST_COLUMNS + 1))
    made = parts_on_paper(TableBlock("Nine", header, (), (header,)))
    # The first column stands in each part: 8 others in two parts, 4 in each.
    assert [len(part.header) for part in made] == [5, 5]
    assert [name for part in made for name in part.header[1:]] == list(header[1:])


def test_a_figure_with_its_unit_gets_the_room_for_one_line() -> None:
    figure, prose = "21.04 k inferences/s", "fitted to the efficiency of another network, and to its time"
    shares = widths([("Figure", "The model gives", "Rests on"), ("Throughput", figure, prose)], (1,))
    assert shares[1] / 100 * 84 >= len(figure)  # of the 84 characters that fit on a line


def test_widths_fill_the_page_and_favour_what_is_long() -> None:
    shares = widths([("Task", "Score"), ("A task with a name of many words in it", "1.5 %")])
    assert sum(shares) == pytest.approx(100, abs=0.05)
    assert shares[0] > 2 * shares[1]
    assert widths([]) == ()
    assert sum(widths([("x" * 5000, "y")])) == pytest.approx(100, abs=0.05)


REFUSED = (
    ("<img alt='' src='{trap}/img'>", ""),
    ("<p>x", "@import url({trap}/import);"),
    ("<p>x", "p {{ background: url({trap}/background) }}"),
    ("<link rel='stylesheet' href='{trap}/link'>", ""),
    ("<object data='{trap}/object'></object>", ""),
    ("<img alt='' src='file:///etc/hostname'>", ""),
    ("<img alt='' src='data:image/png;base64,AAAA'>", ""),
)
IGNORED = (
    ("<p>x", "@font-face {{ font-family: x; src: url({trap}/font) }} p {{ font-family: x }}"),
    ("<svg xmlns='http://www.w3.org/2000/svg'><image href='{trap}/svg' width='9' height='9'/></svg>", ""),
    (
        "<script src='{trap}/script'></script><iframe src='{trap}/frame'></iframe><video src='{trap}/video'></video>",
        "",
    ),
)
"""What WeasyPrint leaves out without an error."""


@NEEDS_PANGO
@pytest.mark.parametrize(("html", "style"), [*REFUSED, *IGNORED])
def test_what_a_template_wants_from_elsewhere_is_not_fetched(html: str, style: str) -> None:
    trap = Trap()
    document = f"<!doctype html><html lang=en><title>x</title>{html.format(trap=trap.address)}"
    expected = (
        pytest.raises(PdfFetchError, match="without fetching") if (html, style) in REFUSED else nullcontext()
    )
    with expected:
        write(document, style.format(trap=trap.address))
    assert not trap.asked
    trap.close()


class _Missing:
    """An import hook under which WeasyPrint fails to load."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "weasyprint":
            raise self.error


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            ImportError("cannot import name 'x' from 'pydyf'"),
            "does not load (ImportError: cannot import name",
        ),
        (AttributeError(""), "does not load (AttributeError: no reason given)"),
        (ModuleNotFoundError("No module", name="weasyprint"), 'pip install ".[pdf]"'),
        (OSError("cannot load library 'libpango-1.0-0'"), "apt-get install libpango-1.0-0"),
    ],
)
def test_what_is_missing_is_said_in_one_line(
    error: Exception, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [_Missing(error), *sys.meta_path])
    with pytest.raises(PdfUnavailableError) as raised:
        write("<p>x", "")
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not capsys.readouterr().out


def test_without_weasyprint_no_page_of_several_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from factsheet.cli.run import run

    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    missing = _Missing(ModuleNotFoundError("No module", name="weasyprint"))
    monkeypatch.setattr(sys, "meta_path", [missing, *sys.meta_path])
    sheet, pages = tmp_path / "sheet.yaml", tmp_path / "pages"
    sheet.write_text("factsheet: 1\noverview: {name: A, model: B}\n")
    assert run(["render", str(sheet), "--role", "all", "--format", "all", "-o", str(pages)]) == 2
    assert 'pip install ".[pdf]"' in capsys.readouterr().err
    assert not pages.exists()


@NEEDS_PANGO
def test_poppler_draws_every_page(tmp_path: Path) -> None:
    tool = program("pdftoppm")
    file = tmp_path / "bert.pdf"
    file.write_bytes(bert_pdf())
    done = subprocess.run(
        [tool, "-r", "20", "-gray", str(file), str(tmp_path / "page")], capture_output=True, check=True
    )
    assert not done.stderr
    drawn = sorted(tmp_path.glob("page-*.pgm"))
    assert len(drawn) == len(reader().pages)
    assert all(len(set(image.read_bytes()[20:])) > 5 for image in drawn), "a page is blank"


def test_pages_of_a_view_are_those_of_the_html_file() -> None:
    html, _ = print_html(bert_page())
    same = next(page for page in bert_pages() if page.view == "business-expert")
    for made in same.sections:
        assert f"<h3>{made.title}</h3>" in html


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A point of one colour."""


@NEEDS_PANGO
def test_a_document_is_for_its_reader_and_the_appendix_for_who_asks() -> None:
    from pypdf import PdfReader

    short = PdfReader(io.BytesIO(render_pdf(bert_page(), DEFAULT_OPTIONS)))
    assert len(short.pages) <= len(reader().pages) / 2
    text = " ".join(page.extract_text() for page in short.pages)
    assert "The whole sheet" not in text
    assert "Operating points" not in text
    assert "Licence" in short.pages[0].extract_text()


@NEEDS_PANGO
def test_the_logo_of_the_user_is_on_the_cover_and_nothing_else_is_fetched(tmp_path: Path) -> None:
    from pypdf import PdfReader

    page, logo = small_page(), tmp_path / "logo.png"
    logo.write_bytes(PNG)
    made = PdfReader(io.BytesIO(render_pdf(page, RenderOptions(logo=logo))))
    assert len(made.pages[0].images) == 1
    assert not PdfReader(io.BytesIO(render_pdf(page, DEFAULT_OPTIONS))).pages[0].images
    trap = Trap()
    logo.write_text(
        f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='{trap.address}/x' width='9'/></svg>"
    )
    with pytest.raises(UsageError, match="this SVG is no logo"):
        render_pdf(page, RenderOptions(logo=logo))
    assert not trap.asked
    logo.write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
    )
    assert render_pdf(page, RenderOptions(logo=logo))
    trap.close()
    logo.write_text("no image")
    with pytest.raises(UsageError, match="no logo"):
        render_pdf(page, RenderOptions(logo=logo))
    logo.unlink()
    with pytest.raises(UsageError, match="cannot be read"):
        render_pdf(page, RenderOptions(logo=logo))


@pytest.mark.parametrize(
    ("characters", "font"),
    [
        ("模型", "Noto Sans CJK"),
        ("モデル", "Noto Sans CJK"),
        ("모델", "Noto Sans CJK"),
        ("मॉडल", "Noto Sans Devanagari"),
        ("نموذج", "Noto Sans Arabic"),
        ("מודל", "Noto Sans Hebrew"),
        ("โมเดล", "Noto Sans Thai"),
        ("🙂", "Symbols"),
    ],
)
def test_a_font_that_is_missing_is_named(characters: str, font: str) -> None:
    said = missing_fonts(characters)
    assert said is not None
    assert font in said
    assert characters[0] in said
    assert missing_fonts("") is None


@NEEDS_PANGO
def test_characters_without_a_font_are_reported() -> None:
    # No font has a character for private use.
    made = write("<!doctype html><html lang=en><title>x</title><p>a \U000f1234", "")
    assert made.missing == "\U000f1234"
    assert not write("<!doctype html><html lang=en><title>x</title><p>a", "").missing
