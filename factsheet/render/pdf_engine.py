"""HTML and a style sheet to a PDF, by WeasyPrint: nothing is fetched, and its tags are completed."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

VARIANT = "pdf/ua-1"
_SHOWN = 120


class PdfUnavailableError(Exception):
    """WeasyPrint can not be used here; the message says what to install."""


class PdfFetchError(Exception):
    """A template or style wants something from a file or from the network, which no document gets.

    Attributes:
        address: what it wants.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(
            f"a template or style for PDF refers to {address[:_SHOWN]!r}: documents are made without fetching "
            "anything, so that a sheet can not reach files or the network; put styles into print.css, and images "
            "into the template as <svg>"
        )


def write(html: str, style: str) -> bytes:
    """The document as PDF/UA-1, as far as WeasyPrint goes.

    Raises:
        PdfUnavailableError: WeasyPrint, or a library that it needs, is not installed.
        PdfFetchError: something would have to be fetched.
    """
    engine = _engine()
    fetcher, refused = _refusing_fetcher()
    try:
        document = engine.HTML(string=html, url_fetcher=fetcher, base_url=None)
        sheet = engine.CSS(string=style, url_fetcher=fetcher, base_url=None)
        made: bytes = document.write_pdf(stylesheets=[sheet], pdf_variant=VARIANT, finisher=_complete_tags)
    except refused as error:
        raise PdfFetchError(str(error)) from None
    return made


def _engine() -> ModuleType:
    """WeasyPrint; importing it takes half a second, so that nothing else loads it."""
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
            "PDF needs WeasyPrint, which is not installed; install it with: pip install 'factsheet[pdf]'"
        ) from None
    except OSError as error:
        raise PdfUnavailableError(_incomplete(str(error).splitlines()[0][:_SHOWN])) from None
    module: ModuleType = weasyprint
    return module


def _incomplete(reason: str) -> str:
    return (
        f"PDF needs the library Pango beside WeasyPrint ({reason}); install it with: "
        "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 (Debian, Ubuntu), "
        "dnf install pango (Fedora), brew install pango (macOS)"
    )


def _refusing_fetcher() -> tuple[Any, type[BaseException]]:
    """A fetcher that refuses every address, and what it raises.

    The default one reads files and loopback addresses. Its ordinary errors are only logged and the document goes on
    without the resource; the fatal one ends it, so that nothing is left out in silence.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class RefusedError(FatalURLFetchingError):  # type: ignore[misc]  # WeasyPrint has no types
        """Something would have to be fetched."""

    class RefusingFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Fetches nothing."""

        def fetch(self, url: str, headers: object = None) -> None:  # noqa: ARG002  WeasyPrint's signature
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
