"""What may not pass in silence: each hazard becomes a finding, and its value harmless text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from factsheet.errors import ReadingStoppedError
from factsheet.source.characters import find_unsafe_escape, make_value_safe, name_of, shown, unsafe_in_value
from factsheet.source.problems import TextFinding
from factsheet.source.scalars import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.source.decoding import ReadingLimits
    from factsheet.source.document import KeyPath
    from factsheet.source.events import Event, NodeEvent, ScalarEvent

# Patterns, not compiled ones: an ordinary sheet needs none of them.
# A node's tag and anchor, in either order, where the node's own mark begins.
_PROPERTY: Final = r"!<[^>\s]*>|[!&][^\s,\[\]{}]*"
_BLANK_LINES: Final = r"(?:[ \t]*+(?:#[^\r\n]*+)?[\r\n])*+"
_PROLOGUE: Final = r"(?:(?:[ \t]*+(?:#[^\r\n]*+)?|%[^\r\n]*+)[\r\n])*+(?:%[^\r\n]*+)?"
_DIRECTIVE: Final = r"(?<![^\r\n])%[^\r\n]*"


class Hazards:
    """Collects the findings of one text.

    Attributes:
        text: The text as the author wrote it.
        limits: How much of it to read.
        findings: Everything refused so far, in the order of discovery.
    """

    __slots__ = ("findings", "limits", "text")

    def __init__(self, text: str, limits: ReadingLimits, findings: Iterable[TextFinding] = ()) -> None:
        self.text = text
        self.limits = limits
        self.findings = list(findings)

    def refuse(self, code: str, start: int, end: int, path: KeyPath, **words: str) -> None:
        """Add a finding.

        Raises:
            ReadingStoppedError: There are too many already.
        """
        self._add(TextFinding(code, start, end, path, words))

    def stop(self, code: str, start: int, end: int, limit: int) -> None:
        """Add a finding that ends the reading.

        Raises:
            ReadingStoppedError: Always.
        """
        self.findings.append(TextFinding(code, start, end, (), {"limit": str(limit)}))
        raise ReadingStoppedError

    def _add(self, finding: TextFinding) -> None:
        most = self.limits.problems
        if len(self.findings) >= most:
            self.stop("too-many-problems", finding.start, finding.end, most)
        self.findings.append(finding)

    def safe(self, text: str) -> str:
        """Give a text as it may stay in the data: not too long, nothing unsafe in it."""
        return make_value_safe(text[: self.limits.scalar_chars])

    def key(self, event: ScalarEvent, meaning: object, end: int, path: KeyPath) -> None:
        """Judge a key that is out of the ordinary.

        Args:
            event: The key's event.
            meaning: What the same scalar would be as a value.
            end: Where the key ends.
            path: The path of the entry, the key included.
        """
        start = event.start_mark.index
        text = event.value
        if not text:
            self.refuse("empty-key", start, end, path)
        elif not event.style and text == "<<":
            self.refuse("merge-key", start, end, path)
        elif meaning is not text:
            self._key_of_another_kind(text, meaning, (start, end), path)
        self.properties(event, path)
        self._inspect(text, start, end, path)

    def _key_of_another_kind(self, text: str, meaning: object, place: tuple[int, int], path: KeyPath) -> None:
        if isinstance(meaning, Refused):
            if meaning.code == "yaml-1.1-boolean":
                start, end = place
                self.refuse(meaning.code, start, end, path, text=text, **meaning.words)
                return
            if text.isalpha():  # `nan` and `inf` are words, and dangerous only where a number is expected
                return
        kind = "a truth value" if isinstance(meaning, bool) else "null" if meaning is None else "a number"
        self.refuse("non-string-key", *place, path, key=shown(text), kind=kind)

    def duplicate(self, key: str, place: tuple[int, int], first: tuple[int, int], path: KeyPath) -> None:
        """Refuse a key that its mapping has already, given the offsets of the two."""
        related = (("first given here", *first),)
        self._add(TextFinding("duplicate-key", *place, path, {"key": shown(key)}, related))

    def value(self, event: ScalarEvent, meaning: object, end: int, path: KeyPath) -> object:
        """Judge a scalar value that is out of the ordinary.

        Args:
            event: The value's event.
            meaning: The value so far.
            end: Where it ends.
            path: Its path.

        Returns:
            The value to keep: the text, where the value is refused.
        """
        start = event.start_mark.index
        self.properties(event, path)
        if event.tag is not None:
            meaning = event.value
        elif isinstance(meaning, Refused):
            self.refuse(meaning.code, start, end, path, text=shown(event.value), **meaning.words)
            meaning = event.value
        return self._inspect(meaning, start, end, path) if isinstance(meaning, str) else meaning

    def _inspect(self, text: str, start: int, end: int, path: KeyPath) -> str:
        limit = self.limits.scalar_chars
        if len(text) > limit:
            self.refuse("scalar-too-long", start, end, path, length=str(len(text)), limit=str(limit))
        unsafe = unsafe_in_value(text)
        if unsafe is not None:
            escape = find_unsafe_escape(self.text[start:end])
            if escape is not None:
                start, end = start + escape[0], start + escape[1]
            self.refuse("control-character", start, end, path, character=name_of(unsafe))
        return self.safe(text)

    def properties(self, event: NodeEvent, path: KeyPath) -> None:
        """Refuse a node's tag and anchor, where it has them."""
        start = event.start_mark.index
        for _ in range((event.tag is not None) + (event.anchor is not None)):
            found = re.compile(_PROPERTY).match(self.text, start)
            if found is None:  # there is a comment between the two
                what = "tag" if event.tag is not None else "anchor"
                self.refuse(what, start, start + 1, path, text=shown(str(event.tag or event.anchor)))
                return
            code = "anchor" if found[0].startswith("&") else "tag"
            self.refuse(code, start, found.end(), path, text=shown(found[0]))
            rest = self.text[found.end() :]
            start = len(self.text) - len(rest.lstrip())

    def alias(self, event: Event, path: KeyPath) -> str:
        """Refuse an alias; return its text, which is kept in place of the value."""
        start = event.start_mark.index
        end = event.end_mark.index
        text = self.text[start:end]
        self.refuse("alias", start, end, path, text=shown(text))
        return text

    def without_directives(self, parsed: str) -> str:
        """Refuse the directives before a document, and hide them from the parser as comments.

        libyaml compares every `%TAG` with all that it has: one mebibyte of them kept it busy for ten seconds.

        Args:
            parsed: The text for the parser.

        Returns:
            The same, with a `#` for the `%` of each directive.
        """
        if not _may_have_directives(parsed):
            return parsed
        found = re.match(_PROLOGUE, parsed)
        prologue = found[0] if found else ""
        for line in re.finditer(_DIRECTIVE, prologue):
            self.refuse("directive", *line.span(), (), text=shown(line[0]))
        return re.sub(_DIRECTIVE, lambda line: "#" + line[0][1:], prologue) + parsed[len(prologue) :]

    def another_document(self, event: Event) -> None:
        """Refuse a second document.

        Raises:
            ReadingStoppedError: Always; what the first held is whole.
        """
        start = event.start_mark.index
        end = start + 3 if self.text.startswith("---", start) else start + 1
        self.refuse("several-documents", start, end, ())
        raise ReadingStoppedError

    def directives_after(self, event: Event) -> None:
        """Refuse directives after a document's end, before the parser comes to them.

        Raises:
            ReadingStoppedError: There are some.
        """
        if not _may_have_directives(self.text):
            return
        found = re.compile(_BLANK_LINES).match(self.text, event.end_mark.index)
        start = found.end() if found else 0
        if self.text.startswith("%", start):
            self.refuse("several-documents", start, start + 1, ())
            raise ReadingStoppedError

    def depth(self, event: NodeEvent, depth: int) -> None:
        """Refuse a list or a mapping inside too many others.

        Raises:
            ReadingStoppedError: It is.
        """
        if depth > self.limits.depth:
            start = event.start_mark.index
            self.stop("too-deep", start, start + 1, self.limits.depth)

    def count(self, event: Event, nodes: int) -> None:
        """Refuse a text with too many nodes.

        Raises:
            ReadingStoppedError: It has.
        """
        if nodes > self.limits.nodes:
            self.stop("too-many-nodes", event.start_mark.index, event.end_mark.index, self.limits.nodes)


def _may_have_directives(text: str) -> bool:
    return text.startswith("%") or "\n%" in text or "\r%" in text
