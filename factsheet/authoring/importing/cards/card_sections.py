"""Read the sections of a model card: each heading, each line of figures is taken where a field holds it, or listed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.authoring.importing.cards.blocks import sections_of
from factsheet.authoring.importing.cards.body_results import (
    lists_scores,
    metric_lines,
    scores_in,
    split_of,
    unnamed_task,
)
from factsheet.authoring.importing.cards.body_tables import is_of_training, scores_of_table
from factsheet.authoring.importing.cards.headings import (
    cites,
    field_of,
    holds_recipe,
    holds_scores,
    line_of_section,
    lists_requirements,
    mixes_limits,
    name_in,
    title_of,
    trains,
)
from factsheet.authoring.importing.cards.labelled import add_fine_tuned, add_labelled
from factsheet.authoring.importing.cards.prose import (
    LINE,
    cut,
    is_labels,
    items,
    links_alone,
    paragraph,
    run_in_heading,
    sentences,
)
from factsheet.authoring.importing.cards.recipe import (
    add_recipe,
    is_recipe,
    pairs_in,
    pairs_of_code,
    pairs_of_table,
)
from factsheet.authoring.importing.collected import fault_of, path_of
from factsheet.authoring.importing.reading import line_of
from factsheet.authoring.importing.tables.scores import add_tables
from factsheet.facts.placeholders import is_placeholder
from factsheet.quantities.metrics import plain
from factsheet.source.characters import make_safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.authoring.importing.cards.blocks import CardBlock, CardSection
    from factsheet.authoring.importing.cards.recipe import Pair
    from factsheet.authoring.importing.collected import Collected
    from factsheet.authoring.importing.reading import SourceText
    from factsheet.authoring.importing.tables.raw_score import RawScore

_UNFILLED = re.compile(
    r"\{\{[^{}\n]*\}\}|\{%[^%\n]*%\}|\[?more information needed\]?|this modelcard aims to be a base template",
    re.IGNORECASE,
)
"""What the Hub's template holds where an author is to write. The sentences around it are the template's own."""
_ANNOUNCEMENT = 90
"""Characters of a sentence such as "It achieves the following results on the evaluation set:"."""
_UNKNOWN = "no field is known to be meant by its heading"


class Body(NamedTuple):
    """What the body of a card gives besides facts.

    Attributes:
        called: what its first heading calls the model; empty where there is none, or a template's.
        scores: the scores that it lists.
        sections: the whole of it, as it was read.
    """

    called: str
    scores: list[RawScore]
    sections: tuple[CardSection, ...]


def read_sections(collected: Collected, text: SourceText, body: str, data_set: str | None) -> Body:
    """Take the sections whose headings say what they answer; the others are listed.

    Args:
        collected: what the front matter gave, and what the sections add.
        text: the card.
        body: what is behind the front matter.
        data_set: the one set of data that the front matter names.
    """
    offset = text.text.count("\n", 0, text.text.find(body))
    reader = _SectionReader(collected, text.name, offset, data_set)
    sections = sections_of(body)
    first = True
    for number, section in enumerate(sections):
        below = number + 1 < len(sections) and sections[number + 1].level > section.level
        reader.read(section, first=first, has_parts=below)
        first = first and not section.level
    reader.finish()
    if not any(section.level for section in sections) and "<" in body:
        collected.leave(text.name, "text", "it has no headings that say what it answers")
    return Body(reader.called, reader.scores, sections)


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

    def read(self, section: CardSection, *, first: bool, has_parts: bool) -> None:
        """Take a section, or list it."""
        if not section.blocks and section.heading and not (first or has_parts):
            self._empty.append(make_safe(section.heading)[:80])
        title = title_of(section.heading)
        where = self._where(section.heading, section.line)
        opens = first and field_of(title) is None and not (holds_recipe(title) or holds_scores(title))
        if section.level == 1 and first and opens:
            self.called = "" if _UNFILLED.search(section.heading) else name_in(section.heading)
        if holds_recipe(title):
            self._recipe(section, where)
        elif lists_requirements(title):
            self._requirements(section, where)
        elif cites(title) and not opens:
            for block in section.blocks:
                self.collected.leave(self._where(section.heading, block.line), block.text, _CITED)
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

    def _recipe(self, section: CardSection, where: str) -> None:
        pairs: list[Pair] = []
        for block in section.blocks:
            if block.kind == "table":
                found = pairs_of_table(block, where)
                rest = "" if found else block.text
            else:
                found, rest = pairs_in(block.text, where)
            pairs += found
            if rest and not (block.kind == "text" and rest.endswith(":")):
                self._leave_block(block._replace(text=rest), section.heading)
        add_recipe(self.collected, pairs)

    def _requirements(self, section: CardSection, where: str) -> None:
        lines = [
            line
            for block in section.blocks
            for each in block.text.split("\n")
            if block.kind != "table" and (line := line_of(re.sub(r"^\s*[-*+]\s+", "", each)))
        ]
        lines = [line for line in lines if not line.startswith("```")]
        if lines:
            self.collected.add("setup.requirements", lines, where, source=None)
        for block in section.blocks:
            if block.kind == "table":
                self._leave_block(block, section.heading)

    def _prose(self, section: CardSection, title: str, where: str, *, opens: bool) -> None:
        """Take what is below a heading: figures and labels first, then the words that are left."""
        words = _Words([], [])
        settings: list[Pair] = []
        for block in section.blocks:
            found = self._settings(block, section, title)
            if found:
                settings += found
            elif block.kind == "table":
                self._table(block, section, title, words.announced)
            elif block.kind != "code" or (holds_scores(title) and lists_scores(block.text)):
                words = self._words(block, section, title, words)
            elif field_of(title) == "setup.instructions":
                words.paragraphs.append(make_safe(block.text).strip())
            else:
                self._leave_block(block, section.heading)
        add_recipe(self.collected, settings)
        if words.unfilled and words.paragraphs:
            filled = [one for one in words.paragraphs if not _UNFILLED.search(one)]
            if filled:
                why = "part of it is a template that nobody has filled in"
                self.collected.leave(where, " ".join(filled), why)
        elif words.paragraphs:
            only_list = all(block.kind == "list" for block in section.blocks) and len(words.items) > 1
            self._file(title, words.paragraphs, where, opens=opens, listed=words.items if only_list else [])
        elif words.unfilled and section.heading and not opens:
            self._empty.append(make_safe(section.heading)[:80])

    def _settings(self, block: CardBlock, section: CardSection, title: str) -> tuple[Pair, ...]:
        """Return the settings of training in a block that is one of them whatever its heading is; none of any other."""
        where = self._where(section.heading, block.line)
        if block.kind == "code":
            return pairs_of_code(block.text, where) if trains(title) else ()
        if block.kind != "list" or not is_recipe(block.text):
            return ()
        pairs, rest = pairs_in(block.text, where)
        if rest:
            self._leave_block(block._replace(text=rest), section.heading)
        return pairs

    def _words(self, block: CardBlock, section: CardSection, title: str, words: _Words) -> _Words:
        """Take scores and labelled lines of a paragraph or a list, and return what is left with what was before."""
        where = self._where(section.heading, block.line)
        if (words.announced or holds_scores(title)) and lists_scores(block.text):
            about = self._about(words.announced or title)
            self.scores += scores_in(self.collected, block.text, where, about)
            return words._replace(announced="")
        add_fine_tuned(self.collected, block.text, where)
        rest = block.text
        if not trains(title):
            scored, rest = metric_lines(rest)
            self.scores += scores_in(self.collected, scored, where, self._about(title))
        lines = [line for line in rest.split("\n") if not add_labelled(self.collected, line, where)]
        if block.kind == "list":
            lines = [line for line in lines if not _UNFILLED.search(line)]
        kept = "\n".join(lines)
        announced = block.text if block.kind == "text" and split_of(block.text) else ""
        text = paragraph(kept, laid_out=block.kind == "list")
        if announced and text.endswith(":"):
            before, stop, last = text.rpartition(". ")
            # A longer sentence says more than that results follow.
            text = f"{before}{stop.strip()}" if len(last) <= _ANNOUNCEMENT else text
        if links := links_alone(text):
            self.collected.leave(where, links, _LINKS)
        elif text and not is_placeholder(text) and not self._run_in(text, where):
            words.paragraphs.append(text)
        if block.kind == "list":
            words.items.extend(items(kept))
        unfilled = words.unfilled or _UNFILLED.search(block.text if block.kind == "text" else "") is not None
        return words._replace(announced=announced, unfilled=unfilled)

    def _run_in(self, text: str, where: str) -> bool:
        """Take a paragraph that begins with a heading in bold, and return whether its heading is known."""
        heading, rest = run_in_heading(text)
        title = title_of(heading)
        if not heading or (field_of(title) is None and not mixes_limits(title)):
            return bool(heading) and add_labelled(self.collected, f"{heading}: {rest}", where)
        self._file(title, [rest], f"{where}, {heading}", opens=False, listed=[])
        return True

    def _file(self, title: str, words: list[str], where: str, *, opens: bool, listed: list[str]) -> None:
        path = field_of(title)
        joined = "\n\n".join(words)
        if opens:
            self._introduction.append((where, joined))
        elif mixes_limits(title):
            # What it is for and what it is not for stand together; only a reader can tell them apart.
            for field in (path or "purpose.applications", "purpose.out_of_scope", "limitations.known"):
                lines = [line for line in listed or sentences(words) if len(line) <= LINE]
                readings = [("of all that is said there, the part that answers", lines)]
                self.collected.ask(field, where, joined, readings)
        elif path is not None and path not in self._taken:
            self._take(path, listed if listed and _holds_lines(path) else words, where)
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
        if path == "overview.summary":
            for label in filter(is_labels, words):
                self.collected.leave(where, label, "a list of labels and values, which is no summary")
            words = [one for one in words if not is_labels(one)]
            if not words:
                return
        text, rest = cut([part for one in words for part in one.split("\n\n")])
        self._taken[path] = where
        self.collected.add(path, text, where, source=None)
        self._leave_rest(where, rest)

    def _take_lines(self, path: str, words: Sequence[str], where: str) -> None:
        """Take a section as lines, where a field holds several: its items, or its sentences."""
        lines = sentences(words)
        kept = [line for line in lines[:_MOST_LINES] if fault_of(path_of(path), [line]) is None]
        if kept:
            self._taken[path] = where
            self.collected.add(path, kept if len(kept) > 1 else kept[0], where, source=None)
        self._leave_rest(where, " ".join(line for line in lines if line not in kept))

    def _leave_rest(self, where: str, rest: str) -> None:
        if rest.strip():
            why = f"the rest of a section, {len(rest):,} characters; a sheet takes its beginning"
            self.collected.leave(where, rest, why)

    def _about(self, announced: str) -> tuple[str, str | None]:
        """Return what scores are of that name no task: the one set of data, and the split that a text says."""
        split = split_of(announced)
        return self._data_set or unnamed_task(split), split

    def _table(self, block: CardBlock, section: CardSection, title: str, announced: str) -> None:
        where = self._where(section.heading, block.line)
        pairs = pairs_of_table(block, where)
        if pairs and (trains(title) or sum(_is_setting(name) for name in map(_first, block.rows)) > 1):
            add_recipe(self.collected, pairs)
            return
        scores = scores_of_table(self.collected, block, where, self._about(announced or title))
        if scores and {score.system for score in scores} == {"model"}:
            self.scores += scores
        elif scores:
            add_tables(self.collected, make_safe(section.heading)[:80] or "Model card", scores)
        if scores is None or scores:
            return
        rest = block.rows
        if all(len(row) == 2 for row in block.rows):  # noqa: PLR2004  a label and a value
            rest = tuple(
                row for row in block.rows if not add_labelled(self.collected, f"{row[0]}: {row[1]}", where)
            )
        if rest:
            self._leave_block(block._replace(rows=rest), section.heading)

    def _leave_block(self, block: CardBlock, heading: str) -> None:
        where = self._where(heading, block.line)
        if block.kind == "table":
            why = f"{_OF_TRAINING if is_of_training(block) else _TABLE} ({len(block.rows) - 1} rows)"
            self.collected.leave(where, "; ".join(" | ".join(row) for row in block.rows), why)
        else:
            self.collected.leave(where, block.text, _CODE if block.kind == "code" else _UNKNOWN)


_OF_TRAINING = "figures while it trained; a sheet has those of the model that came out"
_LINKS = "links alone; state them under `references`, or as `overview.homepage` and `setup.implementation`"
_CITED = "a reference: state it under `references`, with its title and where it can be had"
_CODE = "code below this heading answers no question of a sheet"
_LABELS_OF_SECTIONS = {"overview.contact": "Contact", "overview.licence": "License"}
_TABLE = "a table; scores are read from CSV with the columns task, metric, and one for each system"


def _is_setting(name: str) -> bool:
    return plain(name) in {"learning rate", "batch size", "epochs", "optimizer", "seed", "train batch size"}


def _first(row: tuple[str, ...]) -> str:
    return row[0] if row else ""


def _holds_lines(path: str) -> bool:
    """Return whether a field holds several lines, each of which is short."""
    steps = path_of(path)
    return fault_of(steps, ["a", "b"]) is None


_MOST_LINES = 12
"""Of a section, as items of one field."""
