"""What the loader refuses: the closed table of codes, each with its message, its reason and its remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.source.document import KeyPath, LineTable, Span


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a text that keeps it from being read safely and in one way only.

    Attributes:
        code: A slug out of `CODES`.
        message: What is wrong, in one sentence.
        why: Why that matters.
        help: How to correct it.
        span: Where it is.
        path: Where in the data; `()` when it concerns the text as a whole.
        related: Further places, each with a few words about it.
    """

    code: str
    message: str
    why: str
    help: str
    span: Span
    path: KeyPath
    related: tuple[tuple[str, Span], ...] = ()


class TextKind(NamedTuple):
    """What a text is read as, for the sentences that name it."""

    noun: str
    first_line: str
    """How such a text begins."""
    parts: str
    """What follows, in the plural."""

    @property
    def words(self) -> Mapping[str, str]:
        """What sentences about any kind of text leave open."""
        return {**self._asdict(), "Noun": self.noun.capitalize()}


SHEET: Final = TextKind("sheet", "factsheet: 1", "sections")
PROFILE: Final = TextKind("profile", "profile: 1", "figures")
REVIEW: Final = TextKind("review", "review: 1", "rounds")
TEMPLATE: Final = TextKind("template", "factsheet_template: 1", "sections")


class Wording(NamedTuple):
    """The three sentences of a problem; `{braces}` are filled in from a finding's words and from the kind of text."""

    message: str
    why: str
    help: str

    def filled(self, words: Mapping[str, str], kind: TextKind = SHEET) -> Wording:
        """Return the sentences with their words."""
        known = {**kind.words, **words}
        return Wording(*(sentence.format_map(known) for sentence in self))


_NO_WORDS: Final[Mapping[str, str]] = {}


class TextFinding(NamedTuple):
    """A problem while the text is still being read: offsets instead of spans, words instead of sentences."""

    code: str
    start: int
    end: int
    path: KeyPath = ()
    words: Mapping[str, str] = _NO_WORDS
    related: tuple[tuple[str, int, int], ...] = ()
    wording: Wording | None = None

    def problem(self, lines: LineTable, kind: TextKind = SHEET) -> Problem:
        """Put the finding into sentences and spans."""
        wording = (self.wording or CODES[self.code]).filled(self.words, kind)
        return Problem(
            code=self.code,
            message=wording.message,
            why=wording.why,
            help=wording.help,
            span=lines.span(self.start, self.end),
            path=self.path,
            related=tuple((label, lines.span(start, end)) for label, start, end in self.related),
        )


_READERS_DIFFER = (
    "Readers of YAML 1.1 and of YAML 1.2 take this differently, so one {noun} would say two things."
)
_SHEETS_ARE_SMALL = (
    "A {noun} is a page or two; the limit keeps a broken or hostile file from stalling every check."
)

CODES: Final[Mapping[str, Wording]] = {
    # The text as a whole
    "file-too-large": Wording(
        "The file is larger than {limit} bytes.",
        _SHEETS_ARE_SMALL,
        "Keep data sets, logs and images outside the {noun} and refer to them.",
    ),
    "wide-encoding": Wording(
        "The file is encoded as {encoding}, not as UTF-8.",
        "{Noun}s are UTF-8, so that every tool that reads one sees the same characters.",
        "Save the file as UTF-8 in the editor, or convert it: iconv -f {encoding} -t UTF-8.",
    ),
    "not-utf-8": Wording(
        "The byte 0x{byte} is not UTF-8.",
        "A guessed encoding would change characters silently, units such as mm² and µs among them.",
        "{remedy}",
    ),
    "control-character": Wording(
        "The text holds the control character {character}.",
        "Control characters are invisible in an editor and can drive the terminal of whoever prints them.",
        "Delete it, or write what it was meant to show.",
    ),
    "unusual-line-break": Wording(
        "The text holds the invisible line break {character}.",
        "Some YAML readers start a new line here and editors do not, so a comment could hide a key.",
        "Delete it or put an ordinary line break in its place; inside double quotes it can be an escape.",
    ),
    "stray-byte-order-mark": Wording(
        "The text holds a byte-order mark, U+FEFF, after its beginning.",
        "It is invisible, and it makes two keys or values that look alike differ.",
        "Delete it; it often arrives with text pasted out of another file.",
    ),
    "empty-document": Wording(
        "The {noun} is empty.",
        "There is nothing in it to check.",
        "Begin with `{first_line}`, then the {parts}.",
    ),
    "not-a-mapping": Wording(
        "The {noun} is {found} where keys and values were expected.",
        "Every fact of a {noun} is found by its key.",
        "Begin with `{first_line}`{remedy}",
    ),
    "several-documents": Wording(
        "A second YAML document begins here.",
        "One file is one {noun}; a reader that takes the first document only would miss the rest.",
        "Remove the `---` or `...` before this line, or move what follows into a file of its own.",
    ),
    "directive": Wording(
        "The directive `{text}` is not allowed.",
        "A directive changes what the same text means, so the {noun} could not be read by eye.",
        "Delete the line; {noun}s are YAML 1.2 without tags.",
    ),
    "syntax": Wording(
        "The YAML cannot be read here: {detail}.",
        "Nothing in the {noun} can be checked until it parses.",
        "Look on this line and the one above for a missing quote, colon or bracket, or an odd indentation.",
    ),
    "tab-indentation": Wording(
        "There is a tab where indentation is expected.",
        "YAML allows only spaces there, because a tab has no agreed width.",
        "Replace the tab with spaces, two for each level.",
    ),
    "too-deep": Wording(
        "Values are nested more than {limit} levels deep.",
        _SHEETS_ARE_SMALL,
        "Flatten the structure; no section of a {noun} goes this deep.",
    ),
    "too-many-nodes": Wording(
        "The {noun} holds more than {limit} keys and values.",
        _SHEETS_ARE_SMALL,
        "Keep bulk data outside the {noun} and refer to it.",
    ),
    "too-many-problems": Wording(
        "More than {limit} problems were found; the rest of the {noun} was not read.",
        "So many usually have one cause, such as a wrong file or a conversion gone wrong.",
        "Correct the first few and check again.",
    ),
    # Keys
    "duplicate-key": Wording(
        "The key `{key}` is given twice.",
        "YAML keeps one of the two, and readers differ on which: a fact would be lost without a word.",
        "Remove one of them, or put the two together.",
    ),
    "non-string-key": Wording(
        "The key `{key}` is {kind}, not a text.",
        "Keys name facts; JSON and other formats cannot carry a key that is not text.",
        'Use a name, or put the key in quotes: "{key}".',
    ),
    "complex-key": Wording(
        "A list or a mapping is used as a key.",
        "Keys name facts, and this one has no name.",
        "Use a name as the key; if this is a template's placeholder, {{{{ name }}}}, quote the whole value.",
    ),
    "empty-key": Wording(
        "A key is empty.",
        "Keys name facts, and this one has no name.",
        "Put a name before the colon.",
    ),
    "merge-key": Wording(
        "The merge key `<<` is not allowed.",
        "It copies keys from elsewhere, YAML 1.2 dropped it, and a reader cannot see what it adds.",
        "Write the keys out here.",
    ),
    # Values
    "scalar-too-long": Wording(
        "This text is {length} characters long; the limit is {limit}.",
        _SHEETS_ARE_SMALL,
        "Shorten it, or refer to a document that holds it.",
    ),
    "yaml-1.1-boolean": Wording(
        "`{text}` could be the truth value {meant} or the word.",
        _READERS_DIFFER,
        'Quote it, "{text}", if the word is meant; write true or false if a truth value is.',
    ),
    "octal-integer": Wording(
        "`{text}` could be read in {reading}.",
        _READERS_DIFFER,
        'Write {decimal} if that number is meant; quote it, "{text}", if it is a label.',
    ),
    "hexadecimal-integer": Wording(
        "`{text}` is a hexadecimal number.",
        "The figures of a {noun} are decimal, so that they can be compared with a paper at a glance.",
        'Write {decimal} if that number is meant; quote it, "{text}", if it is a label.',
    ),
    "not-a-number": Wording(
        "`{text}` is not a number.",
        "No comparison with it is ever true, so checks on this value would pass or fail for no reason.",
        "Leave the key out, or say in words why the value is missing.",
    ),
    "infinite-number": Wording(
        "`{text}` is not a finite number.",
        "No measurement is infinite, and JSON cannot carry it.",
        "Write the value, leave the key out, or say in words why it is missing.",
    ),
    "number-out-of-range": Wording(
        "`{text}` does not fit a double-precision number and would be read as {read}.",
        "The value checked would not be the value written.",
        "Check the exponent, or use a unit with a fitting prefix.",
    ),
    "number-too-long": Wording(
        "This number has {digits} digits; the limit is {limit}.",
        "No figure in a {noun} has that many significant digits, and long ones are slow to read and compare.",
        "Round it, or quote it if it is a label.",
    ),
    "tag": Wording(
        "The tag `{text}` is not allowed.",
        "Tags make some YAML readers build objects or run code; a {noun} gives the type by quotes and units.",
        "Delete the tag; quote the value if it is meant as text.",
    ),
    "anchor": Wording(
        "The anchor `{text}` is not allowed.",
        "A value used from elsewhere cannot be read, changed or pointed at where it is used.",
        "Delete it and write the value out wherever it is needed; quote the text if it begins with &.",
    ),
    "alias": Wording(
        "The alias `{text}` is not allowed.",
        "A value taken from elsewhere cannot be read, changed or pointed at where it is used.",
        "Write the value out; quote the text if it is meant to begin with *.",
    ),
}
"""Every code with its wording. Codes are part of the interface and are never reused."""
