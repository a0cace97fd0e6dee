"""Leave out of our HTML templates what a browser reads without, before they are compiled.

Templates are written so that people read them: a line for each element, every element closed, every attribute quoted.
In a file of seven views this is a fifth of all bytes. What is dropped here is what the HTML standard says may be left
out, so that browsers and WeasyPrint build the same tree: ends of lines around blocks, end tags of cells, rows and
entries (13.1.2.4, optional tags), and quotes around plain words (13.1.2.3).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import cycle

_BLOCKS = (
    "html|head|meta|title|body|header|footer|main|nav|section|article|div|details|summary|dl|dt|dd|ul|ol|li|table|"
    "caption|colgroup|col|thead|tbody|tfoot|tr|th|td|p|h[1-4]|figure|figcaption|blockquote"
)
_END_OF_LINE = re.compile(
    rf"(?P<tag></?(?:{_BLOCKS})\b[^<>]*>)(?:[ \t]*\n)+[ \t]*|(?:[ \t]*\n)+[ \t]*(?=</?(?:{_BLOCKS})\b)"
)
_END_TAG = re.compile(r"</(?:dt|dd|li|thead|tbody|tfoot|tr|th|td)>")
# Not of `dir` and `lang`, which are taken out of most files again: text could pass for them if they had no quotes.
_QUOTED = re.compile(
    r'(?<=\s)(?!(?:dir|lang)\b)([\w-]+)="([\w.#-]+|#?\{\{ (?:anchor|v\.[a-z]+\([^{}]*\)|row\.provenance \| kind) \}\})"'
    r"(?=[\s>]|\{% endif %\}[\s>]|\{% if [^{}%]+ %\} )"
)
"""Attributes whose values are plain words, kinds of provenance, or anchors, which are letters, digits and `.~/-`."""


def compact(template: str) -> str:
    """Return the text of one of our templates without what browsers need not be told."""
    joined = _END_OF_LINE.sub(lambda found: found["tag"] or "", template)
    return _QUOTED.sub(r"\1=\2", _END_TAG.sub("", joined))


_QUOTED_IN_SVG = re.compile(r'(?<= )([\w-]+)="([\w.#%-]+)"(/?>)?')


def compact_svg(shapes: str) -> str:
    """Return SVG shapes as they may be within HTML, where plain words are attributes without quotes.

    A text between tags has none, as they are escaped there.
    """
    return _QUOTED_IN_SVG.sub(
        lambda found: f"{found[1]}={found[2]}{' ' if found[3] == '/>' else ''}{found[3] or ''}", shapes
    )


_REMARK = re.compile(r"^[ \t]*(?://.*\n|/\*[^*]*\*/[ \t]*\n)", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


@lru_cache(maxsize=8)  # as many files as there are, each of which is in every page
def without_remarks(text: str) -> str:
    """Return one of our style sheets or scripts without remarks on lines of their own and without indentation."""
    return _INDENT.sub("", _REMARK.sub("", text))


_STRING = re.compile(r"(\"[^\"]*\")")
_AROUND = re.compile(r"\s*([{};,])\s*|(?<=:)\s+|\s*(>)\s*")


@lru_cache(maxsize=2)
def compact_style(text: str) -> str:
    """Return our style sheet without remarks and without the spaces that only people need; its strings as they are.

    A space before a colon stays: in a selector it stands between an element and one within it.
    """
    parts = zip(_STRING.split(without_remarks(text)), cycle((False, True)))
    joined = "".join(
        part if string else _AROUND.sub(lambda found: found[1] or found[2] or "", part)
        for part, string in parts
    )
    return joined.replace(";}", "}")
