"""Find the page of a sheet that an export of ours put into a model card: the text between two comments.

The first comment also has which keys of the front matter the export wrote, each with digests of what it wrote there.
What still has its digest is the program's to change; what has not is what a person wrote.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from factsheet.errors import UsageError
from factsheet.sheet.digest import canonical_json

if TYPE_CHECKING:
    from collections.abc import Mapping

_BEGIN: Final = re.compile(r"^<!-- factsheet:begin\b([^\n]*?)-->[ \t]*\r?$", re.MULTILINE)
_END: Final = re.compile(r"^<!-- factsheet:end -->", re.MULTILINE)
_RECORDED: Final = re.compile(r"([\w.-]+)=([0-9a-f]{8}(?:,[0-9a-f]{8})*)")
END: Final = "<!-- factsheet:end -->"
WHOLE: Final = "whole"
"""Says that the whole file is the program's, with nothing that somebody else wrote."""


class OwnBlock(NamedTuple):
    """A page of a sheet in a card.

    Attributes:
        start: where its first comment begins.
        end: where its last comment ends.
        written: digests of what the program wrote in the front matter, by key.
        whole: whether all of the file was written by the program.
    """

    start: int
    end: int
    written: Mapping[str, frozenset[str]]
    whole: bool


def block_in(text: str) -> OwnBlock | None:
    """Return where the page of a sheet is in a card; `None` where there is none.

    Raises:
        UsageError: there are several, or one has no end.
    """
    begins, ends = list(_BEGIN.finditer(text)), list(_END.finditer(text))
    if not begins and not ends:
        return None
    if len(begins) != 1 or len(ends) != 1 or ends[0].start() < begins[0].end():
        raise UsageError(
            f"the card has {len(begins)} `<!-- factsheet:begin -->` and {len(ends)} `{END}`",
            "a sheet is put between one of each, in this order, and it is not clear where",
            "delete these comments; a new pair is put at the end of the file",
        )
    said = begins[0][1]
    written = {key: frozenset(digests.split(",")) for key, digests in _RECORDED.findall(said)}
    return OwnBlock(begins[0].start(), ends[0].end(), written, WHOLE in said.split())


def without_block(text: str) -> str:
    """Return a card with empty lines in place of the page of a sheet, or as it is where that is not to be told."""
    try:
        block = block_in(text)
    except UsageError:
        return text
    if block is None:
        return text
    return text[: block.start] + "\n" * text.count("\n", block.start, block.end) + text[block.end :]


def written_in(text: str) -> Mapping[str, frozenset[str]]:
    """Return digests of what the program wrote in a card's front matter, by key."""
    try:
        block = block_in(text)
    except UsageError:
        return {}
    return {} if block is None else block.written


def begin_of(written: Mapping[str, frozenset[str]], *, whole: bool) -> str:
    """Return the comment that a block begins with."""
    said = [f"{key}={','.join(sorted(digests))}" for key, digests in sorted(written.items()) if digests]
    return " ".join(["<!-- factsheet:begin", *([WHOLE] if whole else []), *said, "-->"])


def short_digest(value: object) -> str:
    """Return a digest of plain data that is long enough to see a change by."""
    return sha256(canonical_json(value).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def slug(text: str) -> str:
    """Return a text as catalogues write identifiers: in small letters, with hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80]


def identifier_of(metric: str) -> str:
    """Return a metric as libraries write identifiers: `matthews_correlation`."""
    return re.sub(r"[^a-z0-9]+", "_", metric.lower()).strip("_") or "score"


def without_comments_of_ours(page: str) -> str:
    """Return a page in which nothing can be taken for one of the two comments."""
    return re.sub(r"<!--(\s*factsheet:(?:begin|end)\b)", r"&lt;!--\1", page)
