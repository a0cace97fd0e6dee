"""Collect what a sheet says in words: every text that an author wrote as an answer, a note, a reason or a name.

Errata that the sheet quotes (`errata`) and what reviewers say of it (`reviews`) are not its own words. Figures with a
unit, links and facts that state a source are collected on the same walk. The rules share one walk and look for a
pattern once in all the words: where that is in the sheet is worked out for what they find, and most find nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.facts.fact import Fact
from factsheet.facts.section import Record
from factsheet.quantities.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

    Row = tuple[KeyPath, str, Fact | None, str, int | None]
    """The path above the key, the key, its fact, which part of the fact is text, and the line if it is a list."""
    Held = tuple[KeyPath, str, Fact]

TextKind = Literal["prose", "name", "metric", "note", "reason", "caption", "source"]
"""`prose` is an answer in words, `name` what something is called, `caption` a figure's, `source` a reference's."""

BREAK = "\0"
"""Separates passages, with spaces around it: no sheet can hold it, and `\\s` does not match it."""


class Passage(NamedTuple):
    """A text with its place.

    Attributes:
        path: where the text itself is.
        field: the key that it answers or goes with.
        start: where it begins in `SheetProse.text`.
    """

    path: KeyPath
    field: KeyPath
    text: str
    kind: TextKind
    start: int

    @property
    def section(self) -> str:
        """The top-level key that it is under."""
        return str(self.path[0])


class Stated(NamedTuple):
    """A fact with its place."""

    path: KeyPath
    fact: Fact


class SheetProse:
    """All texts of a sheet, in the order of the schema.

    Attributes:
        texts: the passages alone.
        text: all of them, with `BREAK` in between.
        words: the parts between spaces, punctuation included, each once.
    """

    __slots__ = ("_figures", "_links", "_rows", "_sourced", "_starts", "text", "texts", "words")

    def __init__(self, sheet: SheetFields) -> None:
        self.texts: list[str] = []
        self._rows: list[Row] = []
        self._figures: list[Held] = []
        self._links: list[Held] = []
        self._sourced: list[Held] = []
        self._starts: list[int] = []
        for key, value in vars(sheet).items():
            if value is not None and key not in _NOT_ITS_OWN:
                for path, node in _nodes(value, (key,)):
                    self._read(node, path)
        self.text = f" {BREAK} ".join(self.texts)
        self.words = frozenset(self.text.split())

    def passages(self) -> Iterator[Passage]:
        """Yield every passage."""
        return map(self._passage, range(len(self.texts)))

    def having(self, characters: str) -> Iterator[Passage]:
        """Yield every passage with these characters in it."""
        return (self._passage(index) for index, text in enumerate(self.texts) if characters in text)

    def at(self, offset: int) -> Passage:
        """Return the passage that an offset of `text` is in."""
        return self._passage(bisect_right(self._offsets(), offset) - 1)

    def figures(self) -> Iterator[tuple[str, Quantity, Held]]:
        """Yield every quantity that the sheet states, with its key, and with what `stated` turns into a place."""
        for held in self._figures:
            if type(value := held[2].value) is Quantity:
                yield held[1], value, held

    def sourced(self) -> Iterator[Stated]:
        """Yield every fact that states its own source."""
        return map(stated, self._sourced)

    def links(self) -> Iterator[Stated]:
        """Yield every web address that is an answer."""
        return map(stated, self._links)

    def _read(self, node: Record, path: KeyPath) -> None:
        """Collect the texts of a node, in one loop: the rules on words spend their time here."""
        texts, rows = self.texts, self._rows
        for key, value in vars(node).items():
            if value is None:
                continue
            kind = type(value)
            if kind is Fact:
                self._fact(value, path, key)
            elif kind is str:
                if key in _PLAIN:
                    texts.append(value)
                    rows.append((path, key, None, "", None))
            elif kind is dict:
                for name, fact in value.items():
                    self._fact(fact, (*path, key), name)
            elif kind is not int:
                for below, entry in _nodes(value, (*path, key)):
                    self._read(entry, below)

    def _fact(self, fact: Fact, path: KeyPath, key: str) -> None:
        value = fact.value
        if type(value) is Quantity:
            self._figures.append((path, key, fact))
        elif type(value) is str:
            if value[:4].lower() == "http":
                self._links.append((path, key, fact))
            else:
                self.texts.append(value)
                self._rows.append((path, key, fact, "value", None))
        elif type(value) is tuple:
            self.texts += value
            if len(value) == 1:  # one line may be written without brackets, and then has no place of its own
                self._rows.append((path, key, fact, "value", None))
            else:
                self._rows += [(path, key, fact, "value", line) for line in range(len(value))]
        elif value is None and fact.absence is not None:
            self.texts.append(fact.absence.reason)
            self._rows.append((path, key, fact, fact.absence.kind, None))
        if fact.note is not None:
            self.texts.append(fact.note)
            self._rows.append((path, key, fact, "note", None))
        if fact.source is not None:
            self._sourced.append((path, key, fact))

    def _offsets(self) -> list[int]:
        if not self._starts:
            start = 0
            for text in self.texts:
                self._starts.append(start)
                start += len(text) + len(BREAK) + 2
        return self._starts

    def _passage(self, index: int) -> Passage:
        parent, key, fact, part, line = self._rows[index]
        field = path = (*parent, key)
        if part != "value":
            path = (*field, part) if part else field
        elif line is not None:
            path = (*field, "value", line) if fact is not None and _is_long(fact) else (*field, line)
        return Passage(path, field, self.texts[index], _kind(parent, key, part), self._offsets()[index])


def prose_of(sheet: SheetFields) -> SheetProse:
    """Return a sheet's texts; rules that follow each other on one sheet share the result."""
    return _prose_of(Same(sheet))


class Same:
    """A sheet by identity: hashing its contents would take longer than reading it."""

    __slots__ = ("sheet",)

    def __init__(self, sheet: SheetFields) -> None:
        self.sheet = sheet

    def __hash__(self) -> int:
        return id(self.sheet)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.sheet is self.sheet


@lru_cache(maxsize=1)
def _prose_of(same: Same) -> SheetProse:
    return SheetProse(same.sheet)


def sentence_at(text: str, start: int, end: int) -> str:
    """Return the sentence of a text, or of `SheetProse.text`, that holds the characters from `start` up to `end`."""
    stops = re.compile(rf"[.!?;](?=\s+[A-Z(\"'])|{BREAK}")
    begin = 0
    # One character more: what follows a full stop decides whether it ends a sentence.
    for stop in stops.finditer(text, max(start - _LONGEST_SENTENCE, 0), start + 1):
        begin = stop.end() if stop.end() <= start else begin
    after = stops.search(text, end, end + _LONGEST_SENTENCE)
    last = after.start() if after else end + _LONGEST_SENTENCE
    return text[max(begin, start - _LONGEST_SENTENCE) : last]


def matches_near(
    text: str, words: Iterable[str], pattern: str, reach: tuple[int, int]
) -> Iterator[re.Match[str]]:
    """Yield every match of a pattern near one of these words; the text elsewhere is not searched.

    Args:
        text: the text to search.
        words: every match contains one of them.
        pattern: the pattern.
        reach: how many characters a match may begin before such a word, and end after its beginning.
    """
    seen = 0
    for start in sorted(_finds(text, words)):
        for match in re.compile(pattern).finditer(text, max(start - reach[0], seen), start + reach[1]):
            seen = match.end()
            yield match


def _finds(text: str, words: Iterable[str]) -> Iterator[int]:
    for word in words:
        start = text.find(word)
        while start >= 0:
            yield start
            start = text.find(word, start + 1)


class Unremarkable:
    """Words that a judgement found unremarkable, so that each is judged once: sheets share most of theirs."""

    __slots__ = ("_judge", "_known")
    most = 50_000

    def __init__(self, judge: Callable[[str], object]) -> None:
        self._judge = judge
        self._known: set[str] = set()

    def others(self, words: frozenset[str]) -> list[str]:
        """Return the words that are remarkable."""
        new = words - self._known
        found = [word for word in new if self._judge(word)]
        if len(self._known) > self.most:
            self._known.clear()
        self._known |= new.difference(found)
        return found


def _nodes(value: object, path: KeyPath) -> Iterable[tuple[KeyPath, Record]]:
    """Yield a mapping, or each of a list of them."""
    if isinstance(value, Record):
        return ((path, value),)
    if type(value) is tuple:
        return [((*path, index), entry) for index, entry in enumerate(value) if isinstance(entry, Record)]
    return ()


def stated(held: Held) -> Stated:
    """Return a fact with its place."""
    parent, key, fact = held
    return Stated((*parent, key), fact)


def _is_long(fact: Fact) -> bool:
    """Return whether a list was written as a mapping; one with `value` alone looks like a bare list."""
    return bool(fact.source or fact.evidence or fact.note or fact.by or fact.date)


def _kind(parent: KeyPath, key: str, part: str) -> TextKind:
    section = parent[0] if parent else key
    if section == "references":
        return "source"
    if section == "figures":
        return "caption"
    if part == "note" or key in {"note", "notes"}:
        return "note"
    if part not in {"value", ""}:
        return "reason"
    if key in _METRICS:
        return "metric"
    return "name" if key in _NAMES else "prose"


_LONGEST_SENTENCE = 400
_NOT_ITS_OWN = frozenset({"factsheet", "errata", "reviews"})
_METRICS = frozenset({"metric", "also_reported", "accuracy_metric"})
_NAMES = frozenset(
    {"name", "title", "authors", "venue", "organisation", "task", "model", "version", "contact", "licence"}
    | {"framework", "family", "base_model", "accelerator", "chip", "profile", "technology", "device", "date"}
    | {
        "weight_encoding",
        "optimiser",
        "toolkit",
        "split",
        "smallest",
        "largest",
        "tasks",
        "language",
        "status",
    }
    | {"systems", "variants", "noise_applied_in", "maturity"}
)
"""Keys of names and of words from a closed set; an answer under any other key is prose."""
_PLAIN = _METRICS | {
    "name",
    "title",
    "authors",
    "venue",
    "organisation",
    "task",
    "note",
    "notes",
    "description",
}
"""Keys of texts that are not facts; any other plain text is an id, a date or a word from a closed set."""
