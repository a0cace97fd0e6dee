"""Read the sections of a model card: each heading, each line of figures is taken where a field holds it, or listed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.authoring.importing.cards.blocks import sections_of
from factsheet.authoring.importing.cards.body_results import lists_scores, scores_in, split_of
from factsheet.authoring.importing.cards.headings import (
    field_of,
    holds_recipe,
    holds_scores,
    line_of_section,
    lists_requirements,
    mixes_limits,
    title_of,
    trains,
)
from factsheet.authoring.importing.cards.labelled import add_fine_tuned, add_labelled
from factsheet.authoring.importing.cards.recipe import add_recipe, pairs_in, pairs_of_table
from factsheet.authoring.importing.collected import fault_of, path_of
from factsheet.authoring.importing.reading import line_of
from factsheet.facts.placeholders import is_placeholder
from factsheet.quantities.metrics import plain
from factsheet.source.characters import make_safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.authoring.importing.cards.blocks import Block, Section
    from factsheet.authoring.importing.cards.recipe import Pair
    from factsheet.authoring.importing.collected import Collected
    from factsheet.authoring.importing.reading import SourceText
    from factsheet.authoring.importing.tables.scores import RawScore

_LONGEST = 1500
"""Characters of a section that are taken over; a sheet is read faster than a card."""
_UNFILLED = re.compile(r"\{\{[^{}\n]*\}\}|\{%[^%\n]*%\}|\[?more information needed\]?", re.IGNORECASE)
"""What the Hub's template holds where an author is to write. The sentences around it are the template's own."""
_CALLED = re.compile(r"^model card (?:for|of)[ \t]+", re.IGNORECASE)
_UNKNOWN = "no field is known to be meant by its heading"


class Body(NamedTuple):
    """What the body of a card gives besides facts.

    Attributes:
        called: what its first heading calls the model; empty where there is none, or a template's.
        scores: the scores that it lists.
    """

    called: str
    scores: list[RawScore]


def read_sections(collected: Collected, text: SourceText, body: str, data_set: str | None) -> Body:
    """Take the sections whose headings say what they answer; the others are listed.

    Args:
        collected: what the front matter gave, and what the sections add.
        text: the card.
        body: what is behind the front matter.
        data_set: the one set of data that the front matter names.
    """
    offset = text.text.count("\n", 0, len(text.text) - len(body))
    reader = _SectionReader(collected, text.name, offset, data_set)
    sections = sections_of(body)
    for number, section in enumerate(sections):
        below = number + 1 < len(sections) and sections[number + 1].level > section.level
        reader.read(section, first=all(not one.level for one in sections[:number]), has_parts=below)
    reader.finish()
    if not any(section.level for section in sections) and "<" in body:
        collected.leave(text.name, "text", "it has no headings that say what it answers")
    return Body(reader.called, reader.scores)


class _Words(NamedTuple):
    """What is left of a section, block after block."""

    paragraphs: list[str]
    items: list[str]
    """Those of its lists."""
    announced: str = ""
    """The sentence that says what the list behind it is of; empty where the last block is none."""
    unfilled: bool = False
    """Whether a template's mark is in it."""


class _SectionReader:
    """Goes through the sections of one card."""

    def __init__(self, collected: Collected, name: str, offset: int, data_set: str | None) -> None:
        self.collected = collected
        self.called = ""
        self.scores: list[RawScore] = []
        self._name, self._offset, self._data_set = name, offset, data_set
        self._taken: dict[str, str] = {}
        self._empty: list[str] = []
        self._introduction: list[tuple[str, str]] = []

    def read(self, section: Section, *, first: bool, has_parts: bool) -> None:
        """Take a section, or list it."""
        if not section.blocks and section.heading and not (first or has_parts):
            self._empty.append(make_safe(section.heading)[:80])
        title = title_of(section.heading)
        where = self._where(section.heading, section.line)
        opens = first and field_of(title) is None and not (holds_recipe(title) or holds_scores(title))
        if section.level == 1 and first and opens:
            self.called = _name_in(section.heading)
        if holds_recipe(title):
            self._recipe(section, where)
        elif lists_requirements(title):
            self._requirements(section, where)
        else:
            self._prose(section, title, where, opens=opens)

    def finish(self) -> None:
        """Take the introduction as the summary where no section is one, and list the headings without a text."""
        for where, words in self._introduction:
            if "overview.summary" in self._taken:
                self.collected.leave(where, words, "`overview.summary` is taken from a section of the card")
            else:
                self._take("overview.summary", [words], where)
        if self._empty:
            what = ", ".join(dict.fromkeys(self._empty))
            self.collected.leave(
                self._name, what, "nothing, or a template's words alone, is below these headings"
            )

    def _where(self, heading: str, line: int) -> str:
        return f"{self._name}:{self._offset + line + 1} {make_safe(heading)[:80]}".rstrip()

    def _recipe(self, section: Section, where: str) -> None:
        pairs: list[Pair] = []
        for block in section.blocks:
            found = (
                pairs_of_table(block, where) if block.kind == "table" else tuple(pairs_in(block.text, where))
            )
            pairs += found
            if not found and not block.text.rstrip().endswith(":"):
                self._leave_block(block, section.heading)
        add_recipe(self.collected, pairs)

    def _requirements(self, section: Section, where: str) -> None:
        items = [
            line
            for block in section.blocks
            for each in block.text.split("\n")
            if block.kind != "table" and (line := line_of(re.sub(r"^\s*[-*+]\s+", "", each)))
        ]
        items = [item for item in items if not item.startswith("```")]
        if items:
            self.collected.add("setup.requirements", items, where, source=None)
        for block in section.blocks:
            if block.kind == "table":
                self._leave_block(block, section.heading)

    def _prose(self, section: Section, title: str, where: str, *, opens: bool) -> None:
        """Take what is below a heading: figures and labels first, then the words that are left."""
        words = _Words([], [])
        for block in section.blocks:
            if block.kind == "table":
                self._table(block, section, title)
            elif block.kind != "code" or (holds_scores(title) and lists_scores(block.text)):
                words = self._words(block, section, title, words)
            elif field_of(title) == "setup.instructions":
                words.paragraphs.append(make_safe(block.text).strip())
            else:
                self._leave_block(block, section.heading)
        if words.unfilled and words.paragraphs:
            filled = [one for one in words.paragraphs if not _UNFILLED.search(one)]
            if filled:
                why = "part of it is a template that nobody has filled in"
                self.collected.leave(where, " ".join(filled), why)
        elif words.paragraphs:
            only_list = all(block.kind == "list" for block in section.blocks) and len(words.items) > 1
            self._file(title, words.paragraphs, where, opens=opens, items=words.items if only_list else [])
        elif (
            section.heading
            and not opens
            and not any(block.kind in {"table", "list"} for block in section.blocks)
        ):
            self._empty.append(make_safe(section.heading)[:80])

    def _words(self, block: Block, section: Section, title: str, words: _Words) -> _Words:
        """Take scores and labelled lines of a paragraph or a list, and return what is left with what was before."""
        where = self._where(section.heading, block.line)
        if block.kind != "text" and (words.announced or holds_scores(title)) and lists_scores(block.text):
            split = split_of(words.announced or title)
            task = self._data_set or f"{split or 'evaluation'} set"
            self.scores += scores_in(self.collected, block.text, where, (task, split))
            return words._replace(announced="")
        add_fine_tuned(self.collected, block.text, where)
        lines = [line for line in block.text.split("\n") if not add_labelled(self.collected, line, where)]
        if block.kind == "list":
            lines = [line for line in lines if not _UNFILLED.search(line)]
        kept = "\n".join(lines)
        announced = block.text if block.kind == "text" and split_of(block.text) else ""
        paragraph = _paragraph(kept, laid_out=block.kind == "list")
        if announced and paragraph.endswith(":"):
            before, stop, _ = paragraph.rpartition(". ")
            paragraph = f"{before}{stop.strip()}"
        if paragraph and not is_placeholder(paragraph):
            words.paragraphs.append(paragraph)
        if block.kind == "list":
            words.items.extend(_items(kept))
        unfilled = words.unfilled or _UNFILLED.search(block.text if block.kind == "text" else "") is not None
        return words._replace(announced=announced, unfilled=unfilled)

    def _file(self, title: str, words: list[str], where: str, *, opens: bool, items: list[str]) -> None:
        path = field_of(title)
        joined = "\n\n".join(words)
        if opens:
            self._introduction.append((where, joined))
        elif mixes_limits(title):
            # What it is for and what it is not for stand together; only a reader can tell them apart.
            for field in (path or "purpose.applications", "purpose.out_of_scope", "limitations.known"):
                lines = [line for line in items or _sentences(words) if len(line) <= _LINE]
                readings = [("of all that is said there, the part that answers", lines)]
                self.collected.ask(field, where, joined, readings)
        elif path is not None and path not in self._taken:
            self._take(path, items or words, where)
        elif path is not None:
            self.collected.leave(where, joined, f"`{path}` is taken from a section above it")
        elif (one_line := line_of_section(title)) is not None and len(words) == 1:
            if not add_labelled(self.collected, f"{_LABELS_OF_SECTIONS[one_line]}: {joined}", where):
                self.collected.leave(where, joined, _UNKNOWN)
        else:
            self.collected.leave(where, joined, _UNKNOWN)

    def _take(self, path: str, words: Sequence[str], where: str) -> None:
        """Take the first paragraphs of a section, and list the rest of a long one."""
        if _holds_lines(path):
            self._take_lines(path, words, where)
            return
        kept: list[str] = []
        paragraphs = [part for one in words for part in one.split("\n\n")]
        for paragraph in paragraphs:
            if kept and sum(map(len, kept)) + len(paragraph) > _LONGEST:
                break
            kept.append(paragraph)
        rest = "\n\n".join(paragraphs[len(kept) :])
        text = "\n\n".join(kept)
        if len(text) > 2 * _LONGEST:
            cut = text[: 2 * _LONGEST].rsplit(" ", 1)[0]
            text, rest = f"{cut} …", f"{text[len(cut) :]} {rest}"
        self._taken[path] = where
        self.collected.add(path, text, where, source=None)
        self._leave_rest(where, rest)

    def _take_lines(self, path: str, words: Sequence[str], where: str) -> None:
        """Take a section as lines, where a field holds several: its items, or its sentences."""
        lines = _sentences(words)
        kept = [line for line in lines[:_MOST_LINES] if fault_of(path_of(path), [line]) is None]
        if kept:
            self._taken[path] = where
            self.collected.add(path, kept if len(kept) > 1 else kept[0], where, source=None)
        self._leave_rest(where, " ".join(line for line in lines if line not in kept))

    def _leave_rest(self, where: str, rest: str) -> None:
        if rest.strip():
            why = f"the rest of a section, {len(rest):,} characters; a sheet takes its beginning"
            self.collected.leave(where, rest, why)

    def _table(self, block: Block, section: Section, title: str) -> None:
        where = self._where(section.heading, block.line)
        pairs = pairs_of_table(block, where)
        if pairs and (trains(title) or sum(_is_setting(name) for name in map(_first, block.rows)) > 1):
            add_recipe(self.collected, pairs)
            return
        rest = block.rows
        if all(len(row) == 2 for row in block.rows):  # noqa: PLR2004  a label and a value
            rest = tuple(
                row for row in block.rows if not add_labelled(self.collected, f"{row[0]}: {row[1]}", where)
            )
        if rest:
            self._leave_block(block._replace(rows=rest), section.heading)

    def _leave_block(self, block: Block, heading: str) -> None:
        where = self._where(heading, block.line)
        if block.kind == "table":
            of_training = {"epoch", "step", "training loss", "validation loss"} & set(
                map(plain, block.rows[0])
            )
            why = (
                "figures while it trained; a sheet has those of the model that came out"
                if of_training
                else _TABLE
            )
            self.collected.leave(where, "; ".join(" | ".join(row) for row in block.rows), why)
        else:
            why = (
                "code below this heading answers no question of a sheet" if block.kind == "code" else _UNKNOWN
            )
            self.collected.leave(where, block.text, why)


_LABELS_OF_SECTIONS = {"overview.contact": "Contact", "overview.licence": "License"}
_TABLE = "a table; scores are read from CSV with the columns task, metric, and one for each system"


def _is_setting(name: str) -> bool:
    return plain(name) in {"learning rate", "batch size", "epochs", "optimizer", "seed", "train batch size"}


def _first(row: tuple[str, ...]) -> str:
    return row[0] if row else ""


def _name_in(heading: str) -> str:
    words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"[*`]|\b_|_\b", "", heading))
    return "" if _UNFILLED.search(words) else line_of(_CALLED.sub("", words)) or ""


def _holds_lines(path: str) -> bool:
    """Return whether a field holds several lines, each of which is short."""
    steps = path_of(path)
    return fault_of(steps, ["a", "b"]) is None


_MOST_LINES = 12
"""Of a section, as items of one field."""


def _sentences(words: Sequence[str]) -> list[str]:
    """Return texts as lines: the items of lists, and sentences of what is too long for a line."""
    lines: list[str] = []
    for text in words:
        for part in (
            _items(text) if re.match(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]", text) else [" ".join(text.split())]
        ):
            lines += [part] if len(part) <= _LINE else re.split(r"(?<=[.!?。])\s+", part)
    return [line for line in lines if line]


_LINE = 300
"""Characters of a line in a sheet."""


def _items(text: str) -> list[str]:
    """Return the items of a list, each on one line."""
    parts = re.split(r"^[ \t]{0,3}(?:[-*+]|\d+[.)])[ \t]+", text, flags=re.MULTILINE)
    return [line for part in parts if (line := line_of(_plain_words(part)))]


def _paragraph(text: str, *, laid_out: bool) -> str:
    """Return a paragraph without HTML and images as one line; a list keeps its lines."""
    safe = make_safe(_plain_words(text))
    return safe.strip() if laid_out else " ".join(safe.split())


def _plain_words(text: str) -> str:
    text = re.sub(r"<!--.*?-->", "", text[: 20 * _LONGEST], flags=re.DOTALL)
    text = re.sub(r"</?[a-zA-Z][^<>]{0,300}>", "", text)
    return re.sub(r"!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)", "", text)
