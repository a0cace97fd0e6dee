"""YAML parser events → plain data and the place of every node, in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.errors import ReadingStoppedError
from factsheet.source.events import open_parser
from factsheet.source.scalars import NUMBER_FIRST, WORDS, Refused, resolve_number

if TYPE_CHECKING:
    from factsheet.source.document import KeyPath, Marks
    from factsheet.source.hazards import Hazards

_NAMELESS = "?"
"""Used in a path for a key that has no name, a list or a mapping; such an entry is left out of the data."""
_DROPPED = -1
"""In place of a key's offset: its value is read, checked and left out."""


class Built(NamedTuple):
    """What a text holds.

    Attributes:
        root: The value of its first document; None when it has none.
        marks: Where its nodes are.
        complete: Whether it was read to its end, or to that of its first document.
    """

    root: object
    marks: Marks | None
    complete: bool


def build(parsed: str, hazards: Hazards) -> Built:  # noqa: C901, PLR0912, PLR0915 - see the comment below
    """Read a text to its end, or to the first fault that leaves nothing to go on with.

    Args:
        parsed: The text for the parser, character for character as long as `hazards.text`.
        hazards: Judges whatever is out of the ordinary and collects the findings.
    """
    import yaml  # 20 ms, and of no use to whoever only writes or looks for files

    # One function with its state in local names: a sheet has a thousand events, a run may have a thousand
    # sheets, and a method per event, with the state in attributes, took 1.6 times as long. What is unusual is
    # rare and goes to `hazards`.
    scalar_event = yaml.ScalarEvent
    mapping_start, sequence_start = yaml.MappingStartEvent, yaml.SequenceStartEvent
    mapping_end, sequence_end = yaml.MappingEndEvent, yaml.SequenceEndEvent
    stream_end = yaml.StreamEndEvent
    node_events = (scalar_event, mapping_start, sequence_start, yaml.AliasEvent)
    limits = hazards.limits
    most_nodes, most_depth, most_chars, most_digits = (
        limits.nodes,
        limits.depth,
        limits.scalar_chars,
        limits.digits,
    )

    # The list or mapping being read; its parents are on the stack, in the same order. The outermost is a list of
    # documents. `key` is None while the next node is a key.
    data: Any = []
    marks: Any = []
    is_mapping = False
    key: str | None = None
    key_start = key_end = 0
    node_start = 0
    stack: list[Any] = []
    documents, document_marks = data, marks

    event: Any = None
    kind: object = None
    value: Any
    end = 0
    events = ended = 0
    try:
        parsed = hazards.without_directives(parsed)
        next_event = open_parser(parsed).get_event
        while (kind := type(event := next_event())) is not stream_end:
            events += 1
            if events > most_nodes and kind in node_events:
                # The beginnings of the stream and of the document are events and no nodes, as are all ends.
                hazards.count(event, events - ended - 2)

            if kind is scalar_event:
                value = text = event.value
                style = event.style
                start = event.start_mark.index
                end = event.end_mark.index
                if not style:
                    value = WORDS.get(text, text)
                    if value is text and text[0] in NUMBER_FIRST:
                        value = resolve_number(text, most_digits)
                elif style == "|" or style == ">":  # noqa: PLR1714 - twice as fast as `in`
                    # libyaml ends a block scalar at the first column of whatever line follows it.
                    end = start + len(hazards.text[start:end].rstrip(" \t\r\n"))
                usual = (
                    event.tag is None
                    and event.anchor is None
                    and len(text) <= most_chars
                    # Unsafe characters come from escapes alone, and only double quotes have escapes.
                    and (style != '"' or text.isprintable())
                )
                if is_mapping and key is None:
                    key, key_start, key_end = text, start, end
                    if not (usual and value is text and text and text != "<<"):
                        key = text = hazards.safe(text)
                        hazards.key(event, value, end, _path(stack, data, key))
                    if text in data:
                        hazards.duplicate(text, (start, end), marks[text][3:], _path(stack, data, key))
                        key_start = _DROPPED
                    continue
                if not usual or type(value) is Refused:
                    value = hazards.value(event, value, end, _path(stack, data, key))
                children = None

            elif kind is mapping_start or kind is sequence_start:
                stack.append((data, marks, is_mapping, key, key_start, key_end, node_start))
                if event.tag is not None or event.anchor is not None or len(stack) > most_depth:
                    hazards.properties(event, _path(stack[:-1], data, key))
                    hazards.depth(event, len(stack))
                node_start = event.start_mark.index
                is_mapping = kind is mapping_start
                data, marks = ({}, {}) if is_mapping else ([], [])
                key = None
                continue

            elif kind is mapping_end or kind is sequence_end:
                ended += 1
                # A block's own end mark is the start of whatever follows it, comments and blank lines in
                # between, and has no width; nor has that of the mapping in `[a: b]`. They end with their last node.
                if event.end_mark.index > event.start_mark.index:
                    end = event.end_mark.index
                value, children, start = data, marks, node_start
                data, marks, is_mapping, key, key_start, key_end, node_start = stack.pop()
                if is_mapping and key is None:
                    hazards.refuse("complex-key", start, end, _path(stack, data, key))
                    key, key_start = _NAMELESS, _DROPPED
                    continue

            elif kind is yaml.AliasEvent:
                start, end = event.start_mark.index, event.end_mark.index
                text = parsed[start:end]
                if is_mapping and key is None:
                    key, key_start, key_end = text, start, end
                    hazards.alias(event, _path(stack, data, key))
                    continue
                value = hazards.alias(event, _path(stack, data, key))
                children = None

            else:
                if kind is yaml.DocumentStartEvent and documents:
                    hazards.another_document(event)
                elif kind is yaml.DocumentEndEvent:
                    hazards.directives_after(event)
                continue

            if not is_mapping:
                data.append(value)
                marks.append((start, end, children))
            elif key_start != _DROPPED:
                data[key] = value
                marks[key] = (start, end, children, key_start, key_end)
            key = None

    except ReadingStoppedError:
        pass
    # The pure-Python parser lets ValueError and OverflowError out of a bad escape such as "\UFFFFFFFF".
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        from factsheet.source.syntax import explain_syntax_error  # of use to broken sheets alone

        hazards.findings.append(explain_syntax_error(error, hazards.text, event))
        return Built(None, None, complete=False)
    complete = bool(documents) or kind is stream_end
    if not documents:
        return Built(None, None, complete=complete)
    return Built(documents[0], document_marks[0], complete=complete)


def _path(stack: list[Any], data: dict[str, object] | list[object], key: str | None) -> KeyPath:
    # The first frame is the list of documents, which is no part of a sheet.
    frames = [*((frame[0], frame[3]) for frame in stack[1:]), (data, key)]
    parts = (
        len(data) if isinstance(data, list) else _NAMELESS if key is None else key for data, key in frames
    )
    return tuple(parts) if stack else ()
