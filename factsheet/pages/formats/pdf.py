"""Write one page as a PDF: a cover, contents with page numbers, running heads, bookmarks, tags for screen readers."""

from __future__ import annotations

import contextlib
import io
import logging
import unicodedata
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.errors import PdfFetchError, PdfUnavailableError
from factsheet.installation import install_command
from factsheet.pages.formats.directions import UNDETERMINED, attributes, direction_of
from factsheet.pages.formats.html import html_environment
from factsheet.pages.formats.html_filters import contents
from factsheet.pages.formats.html_text import Anchors
from factsheet.pages.formats.logo import read_logo
from factsheet.pages.formats.operating_points import grid_table
from factsheet.pages.formats.templates import render_template
from factsheet.pages.languages import OURS, east_asian_language, is_ours, language_of_fonts
from factsheet.pages.options import DEFAULT_OPTIONS
from factsheet.source.characters import make_safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    from markupsafe import Markup

    from factsheet.pages.formats.operating_points import GridTable
    from factsheet.pages.model import Page
    from factsheet.pages.options import RenderOptions


VARIANT = "pdf/ua-1"
_SHOWN = 120


class WrittenPdf(NamedTuple):
    """A document, and the characters in it that no installed font has."""

    content: bytes
    missing: str


def write(html: str, style: str, images: Mapping[str, bytes] | None = None) -> WrittenPdf:
    """Return the document as PDF/UA-1, as far as WeasyPrint goes.

    Args:
        html: the document.
        style: its style sheet.
        images: what the document may show, by address; nothing else is had from anywhere.

    Raises:
        PdfUnavailableError: WeasyPrint, or a library that it needs, is not installed.
        PdfFetchError: something would have to be fetched.
    """
    engine = _engine()
    fetcher, refused = _refusing_fetcher(images or {})
    glyphs = _MissingGlyphs()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(glyphs)
    try:
        document = engine.HTML(string=html, url_fetcher=fetcher, base_url=None)
        _spell_out(document.etree_element)
        sheet = engine.CSS(string=style, url_fetcher=fetcher, base_url=None)
        made: bytes = document.write_pdf(stylesheets=[sheet], pdf_variant=VARIANT, finisher=_complete_tags)
    except refused as error:
        raise PdfFetchError(
            f"a template or style for PDF refers to {str(error)[:_SHOWN]!r}: documents are made without fetching "
            "anything, so that a sheet cannot reach files or the network; put styles into print.css, and images "
            "into the template as <svg>"
        ) from None
    finally:
        logger.removeHandler(glyphs)
    return WrittenPdf(made, "".join(sorted(glyphs.characters)))


def check_available() -> None:
    """Find out whether PDF can be written here, before anything else is.

    Raises:
        PdfUnavailableError: WeasyPrint, or a library that it needs, is not installed.
    """
    _engine()


def _spell_out(root: Any) -> None:
    """Say of each text of the sheet which way and in which language it is read, which WeasyPrint finds for none."""
    stated = root.get("lang")
    own = None if is_ours(stated) else stated
    language = east_asian_language("".join(root.itertext()))
    for element in root.iter():
        if element.get("dir") != "auto":
            continue
        text = "".join(element.itertext())
        sheet_words = element.attrib.pop("lang", None) == UNDETERMINED
        element.set("dir", direction_of(text, own, own=sheet_words))
        if own is not None and sheet_words:
            element.set("lang", language_of_fonts(own, text))
        elif language is not None and east_asian_language(text):
            element.set("lang", language if own is None else language_of_fonts(own, text))


class _MissingGlyphs(logging.Handler):
    """Collects the characters that WeasyPrint draws as boxes, of which it tells its log alone."""

    def __init__(self) -> None:
        super().__init__()
        self.characters: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        arguments = record.args if isinstance(record.args, tuple) else ()
        if "notdef" in str(record.msg) and arguments:
            self.characters.add(str(arguments[0]))


_LARGE_SETS = {
    "CJK": ("Chinese, Japanese and Korean", "Noto Sans CJK", "fonts-noto-cjk"),
    "HIRAGANA": ("Chinese, Japanese and Korean", "Noto Sans CJK", "fonts-noto-cjk"),
    "KATAKANA": ("Chinese, Japanese and Korean", "Noto Sans CJK", "fonts-noto-cjk"),
    "HANGUL": ("Chinese, Japanese and Korean", "Noto Sans CJK", "fonts-noto-cjk"),
    "FULLWIDTH": ("Chinese, Japanese and Korean", "Noto Sans CJK", "fonts-noto-cjk"),
    "IDEOGRAPHIC": ("Chinese, Japanese and Korean", "Noto Sans CJK", "fonts-noto-cjk"),
}
"""Scripts, by how the names of their characters begin, whose fonts are not called after them."""


def missing_fonts(characters: str) -> str | None:
    """Return a sentence that names the fonts which would show these characters; `None` where there are none."""
    if not characters:
        return None
    sets: dict[tuple[str, str, str], list[str]] = {}
    for character in characters:
        script = unicodedata.name(character, "SYMBOL").partition(" ")[0].partition("-")[0]
        letter = unicodedata.category(character)[0] in "LM"
        plain = (script.capitalize(), f"Noto Sans {script.capitalize()}", "fonts-noto-core")
        symbol = (
            "symbols",
            "Noto Sans Symbols 2 or Noto Color Emoji",
            "fonts-noto-core fonts-noto-color-emoji",
        )
        sets.setdefault(_LARGE_SETS.get(script, plain if letter else symbol), []).append(character)
    said = "; ".join(
        f"{script} ({''.join(found[:_EXAMPLES])}{'…' if len(found) > _EXAMPLES else ''}) needs a font such as {font} "
        f"(Debian, Ubuntu: apt-get install {package})"
        for (script, font, package), found in sets.items()
    )
    return f"the PDF shows boxes in place of {len(characters)} characters that no installed font has: {said}"


_EXAMPLES = 6


def _engine() -> ModuleType:
    """Return WeasyPrint; importing it takes half a second, so that nothing else loads it."""
    said = io.StringIO()
    try:
        # It prints advice about missing libraries before it fails, and warns of those that it can do without.
        with contextlib.redirect_stdout(said), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import weasyprint  # an extra
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.partition(".")[0] != "weasyprint":
            raise PdfUnavailableError(_incomplete(f"the Python package {error.name} is missing")) from None
        raise PdfUnavailableError(
            f"PDF needs WeasyPrint, which is not installed; install it with {install_command('pdf')}"
        ) from None
    except OSError as error:
        raise PdfUnavailableError(_incomplete(_first_line(error))) from None
    except Exception as error:  # noqa: BLE001  a broken installation of somebody else's package raises anything
        reason = f"{type(error).__name__}: {_first_line(error)}"
        raise PdfUnavailableError(
            f"PDF needs WeasyPrint, which is installed and does not load ({reason}); install it anew with "
            f"{install_command('pdf', anew=True)}"
        ) from None
    module: ModuleType = weasyprint
    return module


def _first_line(error: Exception) -> str:
    return make_safe(next(iter(str(error).splitlines()), "no reason given")[:_SHOWN])


def _incomplete(reason: str) -> str:
    return (
        f"PDF needs the library Pango beside WeasyPrint ({reason}); install it with: "
        "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 (Debian, Ubuntu), "
        "dnf install pango (Fedora), brew install pango (macOS)"
    )


def _refusing_fetcher(images: Mapping[str, bytes]) -> tuple[Any, type[BaseException]]:
    """Return a fetcher that has these images and refuses every other address, and what it raises.

    The default one reads files and loopback addresses. Its ordinary errors are only logged and the document goes on
    without the resource; the fatal one ends it, so that nothing is left out in silence.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class RefusedError(FatalURLFetchingError):  # type: ignore[misc]  # WeasyPrint has no types
        """Something would have to be fetched."""

    class RefusingFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Fetches nothing."""

        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002  WeasyPrint's signature
            if url in images:
                return URLFetcherResponse(url, images[url])
            raise RefusedError(url)

    return RefusingFetcher(), RefusedError


def _complete_tags(_document: object, pdf: Any) -> None:
    """Say of each heading of a table whether it heads a column or a row, which WeasyPrint leaves out."""
    import pydyf  # comes with weasyprint

    objects = {str(made.reference, "ascii"): made for made in pdf.objects}
    for made in pdf.objects:
        if isinstance(made, pydyf.Dictionary) and made.get("S") == "/TH":
            row = objects.get(_text(made.get("P")), {})
            group = objects.get(_text(row.get("P")), {}) if isinstance(row, dict) else {}
            column = isinstance(group, dict) and group.get("S") == "/THead"
            made["A"]["Scope"] = "/Column" if column else "/Row"


def _text(reference: object) -> str:
    return str(reference, "ascii") if isinstance(reference, bytes) else str(reference)


_SHORT_DIGEST = 19
"""Characters of a digest in the running head: `sha256:` and twelve digits."""


class Paper(NamedTuple):
    """What the template of the document gets."""

    language: str
    root_attributes: Markup
    body_attributes: Markup
    title: str
    author: str | None
    description: str
    created: str | None
    running: tuple[str, ...]
    digest: str
    identity: tuple[tuple[str, str], ...]
    contents: tuple[tuple[str, str, int], ...]
    page: Page
    view: Anchors
    whole: Anchors | None
    logo: str | None
    grid: GridTable | None

    @property
    def front(self) -> bool:
        """Whether it opens as a datasheet does; a letter and a whole sheet have a cover."""
        return self.page.view not in _WITH_COVER


_WITH_COVER = frozenset({"business-expert", "full"})
_LOGO = "factsheet:logo"
"""The one address that a document may show an image from."""


def render_pdf(page: Page, options: RenderOptions) -> bytes:
    """Return the page as a PDF.

    Args:
        page: the page.
        options: the user's own templates (`html/print.html.j2` and `html/print.css`), appendix, logo and time.

    Raises:
        PdfUnavailableError: WeasyPrint, or a library that it needs, is not installed.
        PdfFetchError: a style or template of the user's wants something from elsewhere.
        ResourceMissingError: the program's templates are not where they were installed.
        TemplateFaultError: a template of the user's is wrong.
        UsageError: the logo is no image, draws too much, or cannot be read.
    """
    images = {} if options.logo is None else {_LOGO: read_logo(options.logo)}
    made = write(*print_html(page, options), images)
    if said := missing_fonts(made.missing):
        if options.warn is None:
            warnings.warn(said, stacklevel=2)
        else:
            options.warn(said)
    return made.content


def print_html(page: Page, options: RenderOptions = DEFAULT_OPTIONS) -> tuple[str, str]:
    """Return the document as HTML, and its style."""
    from markupsafe import Markup  # comes with jinja2

    environment = html_environment(options.overrides)
    appendix, created = options.appendix, options.created
    view = Anchors(page, paper=True, appendix=appendix)
    whole = Anchors(page, name="full", paper=True) if appendix and page.whole else None
    identity = page.identity
    version = None if identity.version is None else f"version {identity.version}"
    grid = page.grid if appendix and page.grid is not None and page.grid.points else None
    root, body = attributes(identity.language)
    paper = Paper(
        language=identity.language or OURS,
        root_attributes=Markup(root),  # noqa: S704  a tag that was checked
        body_attributes=Markup(body),  # noqa: S704  as above
        title=page.title if page.view == "full" else f"{page.title} – {view.title}",
        author=identity.organisation,
        description=f"FactSheet of {identity.model}. {page.reader or 'The whole sheet.'}",
        created=None if created is None else f"{created:%Y-%m-%dT%H:%M:%SZ}",
        running=tuple(text for text in (identity.model, version, identity.date) if text),
        digest=(identity.digest or "")[:_SHORT_DIGEST],
        identity=_identity(page),
        contents=tuple(_contents(page, view, whole)),
        page=page,
        view=view,
        whole=whole,
        logo=None if options.logo is None else _LOGO,
        grid=None if grid is None else grid_table(grid, chips=False),
    )
    loader = environment.loader
    assert loader is not None  # noqa: S101  the environment was made with one
    style = loader.get_source(environment, "print.css")[0]
    return render_template(environment, "print.html.j2", options.overrides, paper=paper), style


def _identity(page: Page) -> tuple[tuple[str, str], ...]:
    identity = page.identity
    rows = (
        ("Model", identity.model),
        ("Version", identity.version or "not stated"),
        ("Licence", identity.licence or "not stated"),
        ("Organisation", identity.organisation),
        ("Date", identity.date),
        ("Status", identity.status),
        ("Digest", identity.digest),
    )
    return tuple((label, text) for label, text in rows if text)


def _contents(page: Page, view: Anchors, whole: Anchors | None) -> Iterator[tuple[str, str, int]]:
    """Yield anchor, title and level of everything that the contents list."""
    yield view.name, view.title, 1
    for key, title in contents(page, view):
        yield view.section(key), title, 2
    if view.appendix and page.grid is not None and page.grid.points:
        yield "explorer", "Operating points", 1
    if whole is not None:
        yield whole.name, whole.title, 1
        for made in page.whole.sections:
            yield whole.section(made.key), made.title, 2
        tail = (
            ("missing", "Also missing", page.whole.missing),
            ("errata", "Further errata of the source", page.whole.errata),
            ("terms", "Further terms", page.whole.terms),
        )
        yield from ((whole.section(key), title, 2) for key, title, there in tail if there)
