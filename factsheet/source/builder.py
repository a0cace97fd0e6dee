"""YAML parser events → plain data, the place of every node, and a finding for every hazard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from factsheet.source.characters import REPLACEMENT, UNSAFE_IN_VALUE, find_unsafe_escape, name_of, shown
from factsheet.source.document import KEYED
from factsheet.source.problems import Finding
from factsheet.source.scalars import Refused, resolve_plain
from factsheet.source.syntax import explain_syntax_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from factsheet.source.document import Children, Marks
    from factsheet.source.events import (
        CollectionStartEvent,
        DocumentStartEvent,
        Event,
        EventSource,
        NodeEvent,
        ScalarEvent,
    )
    from factsheet.source.limits import Limits
    from factsheet.source.span import KeyPath


# A node's tag and anchor, in either order, where the node's own mark begins.
_PROPERTY: Final = re.compile(r"!<[^>\s]*>|[!&][^\s,\[\]{}]*")
_ALIAS: Final = re.compile(r"\*[^\s,\[\]{}]*")
_SPACE: Final = re.compile(r"\s*")
_LINE: Final = re.compile(r"[^\r\n]*")
_KINDS: Final[Mapping[type, str]] = {
    type(None): "null",
    bool: "a truth value",
    int: "a number",
    float: "a number",
}
_NAMELESS = "?"
"""Stands in a path for a key that has no name, a list or a mapping; such an entry is left out of the data."""


class _Stop(Exception):  # noqa: N818 - a way out of the parse, not an error
    """Ends the reading of a text; raised only after a finding has said why."""


class _Mapping:
    """A mapping being read; `key` is None while the next node will be a key."""

    __slots__ = ("data", "drop", "flow", "key", "key_end", "key_start", "marks", "start")

    def __init__(self, start: int, *, flow: bool) -> None:
        self.start = start
        self.flow = flow
        self.data: dict[str, object] = {}
        self.marks: dict[str, Marks] = {}
        self.key: str | None = None
        self.key_start = self.key_end = 0
        self.drop = False

    def part(self) -> str:
        return _NAMELESS if self.key is None else self.key

    def place(self, value: object, start: int, end: int, children: Children) -> None:
        if self.drop:
            self.drop = False
        elif self.key is not None:
            self.data[self.key] = value
            self.marks[self.key] = (start, end, children, self.key_start, self.key_end)
        self.key = None


class _Sequence:
    """A list being read; the text as a whole is one too, of documents."""

    __slots__ = ("data", "flow", "marks", "start")

    def __init__(self, start: int, *, flow: bool) -> None:
        self.start = start
        self.flow = flow
        self.data: list[object] = []
        self.marks: list[Marks] = []

    def part(self) -> int:
        return len(self.data)

    def place(self, value: object, start: int, end: int, children: Children) -> None:
        self.data.append(value)
        self.marks.append((start, end, children))


class Builder:
    """Builds one text's data; `run` once, then read `root`, `marks` and `findings`.

    Attributes:
        findings: Everything refused so far, in the order of discovery.
        complete: Whether the text was read to its end (or to the end of its first document).
    """

    __slots__ = (
        "_frames",
        "_last",
        "_last_end",
        "_limits",
        "_nodes",
        "_text",
        "_top",
        "complete",
        "findings",
    )

    def __init__(self, text: str, limits: Limits, findings: Iterable[Finding] = ()) -> None:
        self._text = text
        self._limits = limits
        self._top: _Mapping | _Sequence = _Sequence(0, flow=False)
        self._frames: list[_Mapping | _Sequence] = [self._top]
        self._nodes = 0
        self._last_end = 0
        self._last: ScalarEvent | None = None
        self.findings: list[Finding] = list(findings)
        self.complete = False

    @property
    def root(self) -> object:
        """The first document's value; None when there is none."""
        documents = self._frames[0].data
        return documents[0] if isinstance(documents, list) and documents else None

    @property
    def marks(self) -> Marks | None:
        """The first document's marks; None when it has none."""
        documents = self._frames[0].marks
        return documents[0] if isinstance(documents, list) and documents else None

    def run(self, open_parser: Callable[[str], EventSource], parsed_text: str) -> None:
        """Read the text to its end, or to the first fault that leaves nothing to go on with.

        Args:
            open_parser: Makes a YAML parser over a text.
            parsed_text: The text for the parser, character for character as long as the builder's own.
        """
        import yaml  # 20 ms, and of no use to whoever only writes or looks for files

        handlers: dict[type, Callable[..., None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._start_mapping,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceStartEvent: self._start_sequence,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._start_document,
            yaml.DocumentEndEvent: self._ignore,
            yaml.StreamStartEvent: self._ignore,
        }
        end = yaml.StreamEndEvent
        try:
            next_event = open_parser(parsed_text).get_event
            while (kind := type(event := next_event())) is not end:
                handlers[kind](event)
            self.complete = True
        except _Stop:
            pass
        # The pure-Python parser lets ValueError and OverflowError out of a bad escape such as "\UFFFFFFFF".
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            self.findings.append(explain_syntax_error(error, self._text, self._last))

    # Events, the frequent ones first

    def _scalar(self, event: ScalarEvent) -> None:
        self._last = event
        start = event.start_mark.index
        end = event.end_mark.index
        style = event.style
        text = event.value
        value: object = text
        if not style:
            value = resolve_plain(text, self._limits.digits)
        elif style in "|>":
            # libyaml ends a block scalar at the first column of whatever line follows it.
            end = start + len(self._text[start:end].rstrip(" \t\r\n"))
        self._last_end = end
        self._count(start, end)
        top = self._top
        if type(top) is _Mapping and top.key is None:
            self._begin_entry(top, text, start, end, plain=not style)
            if value is not text:
                self._refuse_key(text, value, start, end)
            if style == '"' or len(text) > self._limits.scalar_chars:
                text = self._inspect_text(text, start, end)
            if event.tag is not None or event.anchor is not None:
                self._refuse_properties(event, start)
            return
        if event.tag is not None or event.anchor is not None:
            self._refuse_properties(event, start)
            value = value if event.tag is None else text
        if type(value) is Refused:
            self._refuse(value.code, start, end, {"text": shown(text), **value.words})
            value = text
        if value is text and (style == '"' or len(text) > self._limits.scalar_chars):
            value = self._inspect_text(text, start, end)
        top.place(value, start, end, None)

    def _start_mapping(self, event: CollectionStartEvent) -> None:
        self._open(event, _Mapping(event.start_mark.index, flow=bool(event.flow_style)))

    def _start_sequence(self, event: CollectionStartEvent) -> None:
        self._open(event, _Sequence(event.start_mark.index, flow=bool(event.flow_style)))

    def _open(self, event: CollectionStartEvent, frame: _Mapping | _Sequence) -> None:
        start = event.start_mark.index
        self._count(start, event.end_mark.index)
        if event.tag is not None or event.anchor is not None:
            self._refuse_properties(event, start)
        # The outermost frame is the text itself, which is no level of the sheet.
        if len(self._frames) > self._limits.depth:
            self._stop("too-deep", start, start + 1, limit=self._limits.depth)
        self._frames.append(frame)
        self._top = frame

    def _end(self, event: Event) -> None:
        frame = self._frames.pop()
        parent = self._top = self._frames[-1]
        # A block's own end mark is the start of whatever follows it, comments and blank lines in between; its
        # last node ends where a reader would say that it does. A bracket's end mark is right, but for the
        # mapping without brackets in `[a: b]`, whose end has no width.
        end = event.end_mark.index
        if not frame.flow or end == event.start_mark.index:
            end = self._last_end
        self._last_end = end
        if type(parent) is _Mapping and parent.key is None:
            self._refuse("complex-key", frame.start, end, {})
            parent.key = _NAMELESS
            parent.drop = True
            return
        parent.place(frame.data, frame.start, end, frame.marks)

    def _alias(self, event: Event) -> None:
        start = event.start_mark.index
        end = event.end_mark.index
        self._last_end = end
        self._count(start, end)
        text = self._text[start:end]
        top = self._top
        is_key = type(top) is _Mapping and top.key is None
        if type(top) is _Mapping and top.key is None:
            self._begin_entry(top, text, start, end, plain=False)
        self._refuse("alias", start, end, {"text": shown(text)})
        if not is_key:
            top.place(text, start, end, None)

    def _start_document(self, event: DocumentStartEvent) -> None:
        start = event.start_mark.index
        if event.version is not None or event.tags:
            line = _LINE.match(self._text, start)
            end = line.end() if line else start
            self._refuse("directive", start, end, {"text": shown(self._text[start:end])}, path=())
        if self._top.data:
            self.complete = True
            end = start + 3 if self._text.startswith("---", start) else start + 1
            self._refuse("several-documents", start, end, {}, path=())
            raise _Stop

    def _ignore(self, event: Event) -> None:
        """Pass over an event that carries nothing."""

    # Keys

    def _begin_entry(self, top: _Mapping, text: str, start: int, end: int, *, plain: bool) -> None:
        top.key = text
        top.key_start = start
        top.key_end = end
        if text in top.data:
            first = top.marks[text]
            top.drop = True
            self._refuse("duplicate-key", start, end, {"key": shown(text)}, related=_first_key(first))
        if not text:
            self._refuse("empty-key", start, end, {})
        elif plain and text == "<<":
            self._refuse("merge-key", start, end, {})

    def _refuse_key(self, text: str, value: object, start: int, end: int) -> None:
        if not text:
            return
        if type(value) is Refused and value.code == "yaml-1.1-boolean":
            self._refuse(value.code, start, end, {"text": shown(text), **value.words})
            return
        if text.isalpha() and type(value) is Refused:  # `nan` and `inf` are words to YAML 1.2
            return
        kind = next((words for kind, words in _KINDS.items() if isinstance(value, kind)), "a number")
        self._refuse("non-string-key", start, end, {"key": shown(text), "kind": kind})

    # Hazards

    def _inspect_text(self, text: str, start: int, end: int) -> str:
        limit = self._limits.scalar_chars
        if len(text) > limit:
            self._refuse("scalar-too-long", start, end, {"length": str(len(text)), "limit": str(limit)})
            text = text[:limit]
        unsafe = UNSAFE_IN_VALUE.search(text)
        if unsafe is None:
            return text
        escape = find_unsafe_escape(self._text[start:end])
        if escape is not None:
            start, end = start + escape[0], start + escape[1]
        self._refuse("control-character", start, end, {"character": name_of(unsafe[0])})
        return UNSAFE_IN_VALUE.sub(REPLACEMENT, text)

    def _refuse_properties(self, event: NodeEvent, start: int) -> None:
        text = self._text
        for _ in range((event.tag is not None) + (event.anchor is not None)):
            found = _PROPERTY.match(text, start)
            if found is None:  # a comment between the tag and the anchor
                self._refuse("tag", start, start + 1, {"text": shown(str(event.tag or event.anchor))})
                return
            code = "anchor" if found[0].startswith("&") else "tag"
            self._refuse(code, start, found.end(), {"text": shown(found[0])})
            gap = _SPACE.match(text, found.end())
            start = gap.end() if gap else found.end()

    def _count(self, start: int, end: int) -> None:
        self._nodes += 1
        if self._nodes > self._limits.nodes:
            self._stop("too-many-nodes", start, end, limit=self._limits.nodes)

    def _path(self) -> KeyPath:
        return tuple(frame.part() for frame in self._frames[1:])

    def _refuse(  # noqa: PLR0913 - what a finding is made of
        self,
        code: str,
        start: int,
        end: int,
        words: Mapping[str, str],
        *,
        path: KeyPath | None = None,
        related: tuple[tuple[str, int, int], ...] = (),
    ) -> None:
        if len(self.findings) >= self._limits.problems:
            self._stop("too-many-problems", start, end, limit=self._limits.problems)
        where = self._path() if path is None else path
        self.findings.append(Finding(code, start, end, where, words, related))

    def _stop(self, code: str, start: int, end: int, *, limit: int) -> None:
        self.findings.append(Finding(code, start, end, (), {"limit": str(limit)}))
        raise _Stop


def _first_key(marks: Marks) -> tuple[tuple[str, int, int], ...]:
    return (("first given here", marks[3], marks[4]),) if len(marks) == KEYED else ()
