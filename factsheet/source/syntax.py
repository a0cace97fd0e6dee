"""A YAML parser's complaint → where the slip is and what to do about it, in plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, TypeGuard

from factsheet.source.characters import shown
from factsheet.source.problems import TextFinding, Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from factsheet.source.events import Event


_WHY: Final = "Nothing in the {noun} can be checked until it parses."
_LINE: Final = re.compile(r"[^\r\n]*")
_BLANK: Final = " \t\r\n"
_KEY_WITHOUT_SPACE: Final = re.compile(r"\s*(?:-\s+)*[\w.-]+(:)(?=[^\s:/])")
_COLON: Final = re.compile(r":(?=\s|$)")
_COMMENT_OR_BLANK: Final = re.compile(r"\s*(?:#|$)")
_CLOSERS: Final = "\"'}]"


def _wording(message: str, remedy: str) -> Wording:
    return Wording(message, _WHY, remedy)


_TWO_COLONS: Final = _wording(
    "There is a second `: ` on this line.",
    'Quote the value, key: "text: more text"; or write `|` after the key and the text below it, indented; or give the'
    " second pair a line of its own, indented.",
)
_NESTED_UNDER_VALUE: Final = _wording(
    "This line is indented under a key that already has a value.",
    "Give it the same indentation as its neighbours, or move the value above into a key of its own.",
)
_MISSING_SPACE: Final = _wording(
    "A space is missing after the colon of `{key}`.",
    "Write a space between the colon and the value.",
)
_MISSING_COLON: Final = _wording(
    "The line `{line}` is not a key with a value.",
    "Write it as `key: value`; if it continues the text above, indent it deeper than that text's key.",
)
_UNCLOSED_QUOTE: Final = _wording(
    "The quote opened here is never closed.",
    "Close it with the same quote; inside single quotes an apostrophe is written twice, ''.",
)
_AFTER_CLOSER: Final = _wording(
    "Text follows a closing `{closer}`.",
    "Quote the whole value; inside single quotes an apostrophe is written twice, '', and inside double "
    'quotes a quote is written \\".',
)
_BAD_INDENT: Final = _wording(
    "The indentation of this line, {columns}, fits none of the blocks above it.",
    "Line it up with the keys or list items that it belongs to.",
)
_ITEM_AMONG_KEYS: Final = _wording(
    "There is a list item among the keys of a mapping.",
    "Put the item under a key of its own, or remove the dash.",
)
_KEY_AMONG_ITEMS: Final = _wording(
    "This line is among the items of a list and is none.",
    "Begin it with a dash and a space, or line it up with the key that it belongs to.",
)
_STRAY_BRACKET: Final = _wording(
    "The closing `{bracket}` has nothing to close.",
    "Remove it, or quote the value that it is part of.",
)
_UNCLOSED_BRACKET: Final = _wording(
    "The `{bracket}` opened here is not closed.",
    "Close it, and put commas between the entries.",
)
_UNCLOSED_BRACKET_OR_COMMA: Final = _wording(
    "The `{bracket}` opened here is not closed, or a comma is missing before `{found}`.",
    "Close it, put commas between the entries, and quote entries that contain brackets, commas or colons.",
)
_RESERVED: Final = _wording(
    "A value cannot begin with `{character}`.",
    "Put the whole value in quotes.",
)
_NO_CONTENT: Final = _wording(
    "A value is missing before `{character}`.",
    "Write the value, or quote the text that this character is part of.",
)
_NO_CONTENT_AT_END: Final = _wording(
    "The text ends where a value is missing.",
    "Write the value, and close the bracket that is open before it.",
)
_ESCAPE: Final = _wording(
    "`{escape}` is no escape that YAML knows.",
    "Use single quotes, in which a backslash is a backslash, or write it twice: \\\\.",
)
_UNICODE_ESCAPE: Final = _wording(
    "`{escape}` names no character.",
    "Write the character itself; a YAML escape is one code point, so an emoji is \\U0001F600, not two \\u.",
)
_DASH_AFTER_KEY: Final = _wording(
    "A list begins on the same line as its key.",
    "Move the first item to the next line, or quote the text if it is meant to begin with a dash.",
)
_QUESTION_MARK: Final = _wording(
    "A value cannot begin with a question mark and a space.",
    "Put the whole value in quotes.",
)
_STAR: Final = _wording(
    "A value cannot begin with `{character}`: to YAML it refers to another value.",
    "Put the whole value in quotes.",
)
_AFTER_DOCUMENT: Final = _wording(
    "This line does not belong to the document above it.",
    "Line it up with the first key of the {noun}; remove any `...` or `%` line before it.",
)
_BLOCK_HEADER: Final = _wording(
    "The text after `|` or `>` must begin on the next line.",
    "Move it there, indented under the key; quote the value if it is meant to begin with `|` or `>`.",
)


class _ParserFault(NamedTuple):
    """What a parser reported, in offsets clipped to the text."""

    text: str
    at: int
    context: str
    context_index: int
    problem: str
    quote_start: int | None
    """Where the last scalar before the fault begins, if it is quoted."""

    def line_start(self, index: int) -> int:
        return max(self.text.rfind("\n", 0, index), self.text.rfind("\r", 0, index)) + 1

    def line_at(self, index: int) -> str:
        found = _LINE.match(self.text, self.line_start(index))
        return found[0] if found else ""

    def before(self) -> str:
        return self.text[self.line_start(self.at) : self.at]

    def character(self) -> str:
        return self.text[self.at : self.at + 1]

    def finding(
        self,
        wording: Wording,
        start: int | None = None,
        end: int | None = None,
        *,
        related: tuple[tuple[str, int, int], ...] = (),
        **words: str,
    ) -> TextFinding:
        start = self.at if start is None else start
        end = start + (self.text[start : start + 1] not in ("", "\r", "\n")) if end is None else end
        safe = {name: shown(word) for name, word in words.items()}
        return TextFinding("syntax", start, end, words=safe, related=related, wording=wording)


_Case: TypeAlias = "Callable[[_ParserFault], TextFinding | None]"


def explain_syntax_error(error: Exception, text: str, last: object) -> TextFinding:
    """Turn a parser's error into a finding.

    Args:
        error: What the parser raised.
        text: The text that it was reading.
        last: The last event before the error, for quotes that close further down than was meant.

    Returns:
        A finding, mostly of `syntax`, placed inside the text.
    """
    fault = _fault(error, text, last)
    for needle, case in _CASES.items():
        if re.search(needle, fault.problem) or re.search(needle, fault.context):
            finding = case(fault)
            if finding is not None:
                return finding
    return TextFinding("syntax", *_one(fault), words={"detail": shown(fault.problem)})


def _fault(error: Exception, text: str, last: object) -> _ParserFault:
    mark = getattr(error, "problem_mark", None) or getattr(last, "end_mark", None)
    context_mark = getattr(error, "context_mark", None) or mark
    index = min(mark.index if mark else 0, len(text))
    if not text[index:].strip(_BLANK):  # an error at the end belongs to the last thing written
        index = len(text.rstrip(_BLANK))
    return _ParserFault(
        text=text,
        at=index,
        context=getattr(error, "context", None) or "",
        context_index=min(context_mark.index if context_mark else index, len(text)),
        problem=getattr(error, "problem", None) or "an escape further on names no character",
        quote_start=last.start_mark.index if _is_quoted(last) else None,
    )


def _is_quoted(event: object) -> TypeGuard[Event]:
    return getattr(event, "style", None) in ("'", '"')


def _one(fault: _ParserFault) -> tuple[int, int]:
    return fault.at, fault.at + (fault.character() not in ("", "\r", "\n"))


def _colon(fault: _ParserFault) -> TextFinding | None:
    before = fault.before()
    if _COLON.search(before):
        return fault.finding(_TWO_COLONS)
    above, start = _line_above(fault)
    if above is None:
        return None
    if _COLON.search(above):
        indent = len(before) - len(before.lstrip())
        return fault.finding(_NESTED_UNDER_VALUE, fault.at - len(before) + indent, fault.at)
    return _not_a_pair(fault, above, start)


def _missing_colon(fault: _ParserFault) -> TextFinding | None:
    start = fault.line_start(fault.context_index)
    return _not_a_pair(fault, fault.line_at(start), start)


def _not_a_pair(fault: _ParserFault, line: str, start: int) -> TextFinding:
    glued = _KEY_WITHOUT_SPACE.match(line)
    if glued:
        key = line[: glued.start(1)].lstrip(" -")
        return fault.finding(_MISSING_SPACE, start + glued.start(1), start + glued.end(1), key=key)
    first = start + len(line) - len(line.lstrip())
    return fault.finding(_MISSING_COLON, first, start + len(line.rstrip()), line=line.strip())


def _line_above(fault: _ParserFault) -> tuple[str | None, int]:
    start = fault.line_start(fault.at)
    while start > 0:
        start = fault.line_start(start - 1)
        line = fault.line_at(start)
        if not _COMMENT_OR_BLANK.match(line):
            return line, start
    return None, 0


def _quote(fault: _ParserFault) -> TextFinding | None:
    return fault.finding(_UNCLOSED_QUOTE, fault.context_index) if "quoted" in fault.context else None


def _block(fault: _ParserFault) -> TextFinding | None:
    character = fault.character()
    before = fault.before().rstrip()
    if character == ":":
        return _empty_key(fault)
    if character and character in "]}":
        return fault.finding(_STRAY_BRACKET, bracket=character)
    if before and before[-1] in _CLOSERS:
        return fault.finding(_AFTER_CLOSER, closer=before[-1], related=_opened_above(fault))
    if before:
        return None
    indent = fault.at - fault.line_start(fault.at)
    columns = f"{indent} space{'' if indent == 1 else 's'}"
    if indent == fault.context_index - fault.line_start(fault.context_index):
        if fault.line_at(fault.at).lstrip().startswith(("- ", "-\t")) or character == "-":
            return fault.finding(_ITEM_AMONG_KEYS)
        if "collection" in fault.context or "'-'" in fault.problem:
            return fault.finding(_KEY_AMONG_ITEMS)
    return fault.finding(_BAD_INDENT, columns=columns)


def _content(fault: _ParserFault) -> TextFinding:
    character = fault.character()
    if character == ":":
        return _empty_key(fault)
    return fault.finding(_NO_CONTENT if character.strip() else _NO_CONTENT_AT_END, character=character)


def _empty_key(fault: _ParserFault) -> TextFinding:
    return TextFinding("empty-key", *_one(fault))


def _after_document(fault: _ParserFault) -> TextFinding:
    above, start = _line_above(fault)
    if above is not None and above.startswith("..."):
        return TextFinding("several-documents", *_one(fault))
    if above is not None and not _COLON.search(above):
        return _not_a_pair(fault, above, start)
    return fault.finding(_AFTER_DOCUMENT)


def _opened_above(fault: _ParserFault) -> tuple[tuple[str, int, int], ...]:
    start = fault.quote_start
    if start is None or fault.line_start(start) == fault.line_start(fault.at):
        return ()
    return (("the quote was opened here", start, start + 1),)


def _bracket(fault: _ParserFault) -> TextFinding:
    start = fault.context_index
    found = fault.character().strip()
    opener = fault.text[start : start + 1]
    wording = _UNCLOSED_BRACKET_OR_COMMA if found else _UNCLOSED_BRACKET
    related = (("reading stopped here", *_one(fault)),)
    return fault.finding(wording, start, bracket=opener, found=found, related=related)


def _first_character(fault: _ParserFault) -> TextFinding | None:
    if fault.character() == "\t":
        return _tab(fault)
    return fault.finding(_RESERVED, character=fault.character())


def _tab(fault: _ParserFault) -> TextFinding:
    tab = fault.text.find("\t", fault.line_start(fault.at))
    start = tab if 0 <= tab <= fault.at else fault.at
    return TextFinding("tab-indentation", start, min(start + 1, len(fault.text)))


def _bad_escape(fault: _ParserFault) -> TextFinding:
    start = fault.text.rfind("\\", 0, fault.at + 1)
    start = fault.at if start < fault.context_index else start
    found = re.compile(r"\\(?:x\w{0,2}|u\w{0,4}|U\w{0,8}|.)?").match(fault.text, start)
    end = max(found.end() if found else start, start)
    escape = fault.text[start:end]
    known = escape[1:2] in ("x", "u", "U")
    return fault.finding(_UNICODE_ESCAPE if known else _ESCAPE, start, end, escape=escape)


def _tag(fault: _ParserFault) -> TextFinding | None:
    if "tag" not in fault.context and "tag" not in fault.problem:
        return None
    start = fault.context_index
    found = re.compile(r"!?[^\s,\[\]{}]*").match(fault.text, start)
    end = found.end() if found else start
    return TextFinding("tag", start, end, words={"text": shown(fault.text[start:end])})


def _directive(fault: _ParserFault) -> TextFinding:
    start = fault.line_start(fault.at)
    line = fault.line_at(start)
    return TextFinding("directive", start, start + len(line), words={"text": shown(line)})


def _always(wording: Wording) -> _Case:
    def case(fault: _ParserFault) -> TextFinding:
        return fault.finding(wording, character=fault.character() or "the end")

    return case


def _at_context(wording: Wording) -> _Case:
    def case(fault: _ParserFault) -> TextFinding:
        start = fault.context_index
        return fault.finding(wording, start, character=fault.text[start : start + 1])

    return case


# libyaml and PyYAML's own parser word some complaints differently; each pattern fits both.
_CASES: Final[Mapping[str, _Case]] = {
    r"mapping values are not allowed": _colon,
    r"could not find expected ':'": _missing_colon,
    r"unexpected (end of stream|document (indicator|separator))": _quote,
    r"tab character": _tab,
    r"cannot start any token": _first_character,
    r"',' or '[]}]'": _bracket,
    r"expected (key|'-' indicator|<block end>)": _block,
    r"node content": _content,
    r"escape (character|code|sequence)|hexdecimal": _bad_escape,
    r"sequence entries are not allowed": _always(_DASH_AFTER_KEY),
    r"mapping keys are not allowed": _always(_QUESTION_MARK),
    r"alphabetic or numeric character": _at_context(_STAR),
    r"directive|incompatible YAML": _directive,
    r"document start>": _after_document,
    r"comment or (a )?line break|chomping": _always(_BLOCK_HEADER),
    r"\btag\b": _tag,
}
