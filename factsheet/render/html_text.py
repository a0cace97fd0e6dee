"""A sheet's texts on an HTML page: unseen characters dropped, and only plain web addresses become links.

Escaping itself is Jinja's: every value that a template prints goes through it, and nothing here marks a text of a
sheet as safe. What is marked as safe is built from escaped pieces.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

# C0 without tab and line breaks, DEL, C1, the marks that reorder text (a page must read the way it is written), halves
# of surrogate pairs and what is no character in XML, as which WeasyPrint and validators read the page.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
# Letters, digits and what RFC 3986 lets stand in an address, but no quote and nothing that could end an attribute.
_WEB = re.compile(r"https?://[\w\-.~:/?#\[\]@!$&()*+,;=%']+", re.IGNORECASE)
_MAIL = re.compile(r"(?:mailto:)?([\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)", re.ASCII)
_DOI = re.compile(r"doi:\s*(10\.\d{4,9}/[\w.()/:;-]+)", re.IGNORECASE | re.ASCII)
_REFERENCE = re.compile(r"\bref\. (\d{1,4})\b")


def clean(text: str) -> str:
    """The text without characters that nobody sees."""
    return _UNSEEN.sub("", text)


def target(address: str) -> str | None:
    """Where an address leads: http, https, mail or DOI; `None` for whatever else."""
    address = address.strip()
    if _WEB.fullmatch(address):
        return address
    if found := _MAIL.fullmatch(address):
        return f"mailto:{found[1]}"
    if found := _DOI.fullmatch(address):
        return f"https://doi.org/{found[1]}"
    return None


def link(address: str) -> Markup | str:
    """An address as a link that shows it; as plain text if it leads nowhere that a page may lead to."""
    from markupsafe import Markup  # comes with jinja2

    address = clean(address)
    place = target(address)
    if place is None:
        return address
    return Markup('<a href="{}" rel="noopener noreferrer" dir="ltr">{}</a>').format(place, address)


def cross_referenced(text: str, anchors: dict[int, str]) -> Markup:
    """A text of the program in which `ref. 3` leads to the list of references.

    Args:
        text: the text.
        anchors: the anchor of each reference by its number.
    """
    from markupsafe import Markup, escape  # comes with jinja2

    made, last = Markup(), 0
    for found in _REFERENCE.finditer(text := clean(text)):
        anchor = anchors.get(int(found[1]))
        if anchor is not None:
            made += escape(text[last : found.start()])
            made += Markup('<a class="ref" href="#{}">{}</a>').format(anchor, found[0])
            last = found.end()
    return made + escape(text[last:])
