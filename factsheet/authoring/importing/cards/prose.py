"""Bring the words of a card's section into the lines and paragraphs that a sheet holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.authoring.importing.reading import line_of
from factsheet.source.characters import make_safe

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 1500
"""Characters of a section that are taken over; a sheet is read faster than a card."""
LINE = 300
"""Characters of a line in a sheet."""
_RUN_IN = re.compile(
    r"^\s*(?P<mark>\*\*|__)(?P<heading>[^*_\n]{2,60}?)\s*[:.]?\s*(?P=mark)\s*[:.]?\s+(?P<rest>\S.*)$",
    re.DOTALL,
)


def sentences(words: Sequence[str]) -> list[str]:
    """Return texts as lines: the items of lists, and sentences of what is too long for a line."""
    lines: list[str] = []
    for text in words:
        listed = re.match(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]", text)
        for part in items(text) if listed else [" ".join(text.split())]:
            lines += [part] if len(part) <= LINE else re.split(r"(?<=[.!?。])\s+", part)
    return [line for line in lines if line]


def items(text: str) -> list[str]:
    """Return the items of a list, each on one line."""
    parts = re.split(r"^[ \t]{0,3}(?:[-*+]|\d+[.)])[ \t]+", text, flags=re.MULTILINE)
    return [line for part in parts if (line := line_of(without_markup(part)))]


def paragraph(text: str, *, laid_out: bool) -> str:
    """Return a paragraph without HTML and images as one line; a list keeps its lines."""
    safe = make_safe(without_markup(text))
    return safe.strip() if laid_out else " ".join(safe.split())


def without_markup(text: str) -> str:
    """Return Markdown without comments, tags and images."""
    text = re.sub(r"<!--.*?-->", "", text[: 20 * LONGEST], flags=re.DOTALL)
    text = re.sub(
        r"""<a\s[^<>]{0,200}?href=["']?([^"'\s<>]+)["']?[^<>]{0,200}>(.*?)</a>""", r"[\2](\1)", text
    )
    text = re.sub(r"</?[a-zA-Z][^<>]{0,300}>", "", text)
    return re.sub(r"!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)", "", text)


_LABEL = r"(?:[^\[\]]|!\[[^\[\]]{0,200}\]\([^)]{0,2000}\)){0,500}"
"""Of a link, with images in it; what never ends is looked through for so far, and no further."""


def links_alone(text: str) -> str:
    """Return the addresses of a paragraph that is a row of links or badges; empty for any other."""
    links = re.findall(rf"!?\[({_LABEL})\]\(([^)\s]{{1,2000}})[^)]{{0,500}}\)", text)
    rest = re.sub(rf"!?\[{_LABEL}\]\([^)]{{0,2000}}\)", "", text)
    return ", ".join(address for _, address in links) if links and not re.search(r"\w", rest) else ""


def is_labels(text: str) -> bool:
    """Return whether a text is a list of labels and values, which says what things are and is no summary."""
    lines = [line for line in text.split("\n") if line.strip()]
    labelled = [line for line in lines if re.match(r"\s*[-*+]\s+[*_`]*[^:*]{1,60}[*_`]*:", line)]
    return 2 * len(labelled) > len(lines)


def run_in_heading(text: str) -> tuple[str, str]:
    """Return the heading that a paragraph begins with in bold, `**Out of scope** …`, and the rest; empty for none."""
    found = _RUN_IN.match(text)
    return (found["heading"], found["rest"]) if found is not None else ("", text)


def cut(paragraphs: Sequence[str]) -> tuple[str, str]:
    """Return the first paragraphs of a section as one text, and what is left."""
    kept: list[str] = []
    for each in paragraphs:
        if kept and sum(map(len, kept)) + len(each) > LONGEST:
            break
        kept.append(each)
    rest = "\n\n".join(paragraphs[len(kept) :])
    text = "\n\n".join(kept)
    if len(text) > 2 * LONGEST:
        beginning = text[: 2 * LONGEST].rsplit(" ", 1)[0]
        return f"{beginning} …", f"{text[len(beginning) :]} {rest}"
    return text, rest
