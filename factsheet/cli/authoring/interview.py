"""Put a sheet's open questions to one person; the sheet itself is all that is remembered of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from factsheet.authoring.assignment import absence_of
from factsheet.authoring.questions import (
    answered,
    fault_of,
    known_facts,
    questions_for,
    stated_words,
    value_of,
)
from factsheet.cli.gathering import read_one
from factsheet.cli.sheets import open_sheet
from factsheet.cli.terminal import say
from factsheet.errors import ChangedMeanwhileError, FactsheetError, SourceUnreadableError
from factsheet.facts.section import Source
from factsheet.reports.text import one_line
from factsheet.source.document import dotted
from factsheet.source.writing import replace_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from factsheet.api import FactSheet
    from factsheet.authoring.questions import OpenQuestion
    from factsheet.cli.authoring.prompts import Prompter
    from factsheet.readers.roles import RoleName
    from factsheet.readers.stages import StageName

_COMMANDS = ("back", "skip", "known", "source", "quit")
_MOST_KNOWN = 12
_MOST_TRIES = 3
_HELP = (
    "An empty line skips a question; `back` returns to the one before, `known` lists what the sheet has, `source` says"
    " anew where figures come from, `quit` ends. Instead of a value: `not disclosed: why`, `not applicable: why`,"
    " `not evaluated: why`. An answer that is one of these words goes into quotes."
)
_SUPPORTED = frozenset({"measured", "cited", "simulated"})
"""Sources that something can be looked up for."""


class Interview:
    """Questions about one sheet, asked one after the other; each answer is in the file before the next question."""

    def __init__(
        self, sheet: Path, prompter: Prompter, *, roles: Sequence[RoleName], stage: StageName = "published"
    ) -> None:
        self._sheet, self._prompter, self._roles, self._stage = sheet, prompter, roles, stage
        self._skipped: set[str] = set()
        self._asked: list[OpenQuestion] = []
        self._provenance: dict[str, str] | None = None
        self._written = 0

    def run(self) -> None:
        """Ask until nothing is open, or whoever is asked leaves.

        Raises:
            EOFError: they have left; every answer is in the file.
            FactsheetError: the sheet cannot be read or written.
        """
        opened, _, _ = self._read()
        self._tell_known(opened, most=_MOST_KNOWN)
        if self._open():
            say(_HELP)
        again: OpenQuestion | None = None
        while True:
            questions = self._open()
            question = again or next(iter(questions), None)
            again = None
            if question is None:
                break
            step = self._put(question, len(questions))
            if step == "quit":
                break
            if step == "back":
                again = self._previous(question)
                continue
            if step != "again":
                self._asked.append(question)
            else:
                again = question
        self.tell_end()

    def tell_end(self) -> None:
        """Say how many answers were saved, and how many questions are left."""
        left = len(self._all())
        saved = (
            f"{self._written} answer{'' if self._written == 1 else 's'} saved in {one_line(str(self._sheet))}"
        )
        say(f"{saved}; {left} question{'' if left == 1 else 's'} left")

    def _read(self) -> tuple[FactSheet, str, Any]:
        document = read_one(self._sheet).document
        if document is None:
            raise SourceUnreadableError(self._sheet, "it is no text; `factsheet validate` says why")
        return open_sheet(str(self._sheet))[1], document.text, document.data

    def _all(self) -> tuple[OpenQuestion, ...]:
        sheet, _, data = self._read()
        return questions_for(sheet, data, roles=self._roles, stage=self._stage, name=str(self._sheet))

    def _open(self) -> list[OpenQuestion]:
        return [question for question in self._all() if question.path not in self._skipped]

    def _previous(self, question: OpenQuestion) -> OpenQuestion:
        if not self._asked:
            say("  This is the first question.")
            return question
        before = self._asked.pop()
        self._skipped.discard(before.path)
        return before

    def _put(self, question: OpenQuestion, count: int) -> Literal["done", "back", "quit", "again"]:
        """Ask one question and save the answer."""
        _, text, data = self._read()
        stated = stated_words(data, question)
        _show(question, count, stated)

        def check(typed: str) -> str:
            return "" if typed in ("", *_COMMANDS) else fault_of(question, typed, data)

        typed = self._prompter.ask("> ", check, words=(*question.choices, *_COMMANDS), stated=stated)
        if typed in ("", "skip") or (stated and typed == stated):
            self._skipped.add(question.path)
            return "done"
        if typed in ("back", "quit"):
            return "back" if typed == "back" else "quit"
        if typed == "known":
            self._tell_known(self._read()[0])
            return "again"
        if typed == "source":
            self._ask_provenance()
            return "again"
        if question.is_figure and self._provenance is None and not absence_of(value_of(question, typed)):
            self._ask_provenance()
        return self._save(question, typed, text)

    def _save(self, question: OpenQuestion, typed: str, before: str) -> Literal["done", "again"]:
        """Write an answer into the file as it is now; what somebody else has answered meanwhile stays."""
        text = before
        for _ in range(_MOST_TRIES):
            try:
                edited = answered(text, question, typed, name=str(self._sheet), provenance=self._provenance)
                replace_text(self._sheet, text, edited.text)
            except ChangedMeanwhileError:
                _, text, data = self._read()
                theirs = stated_words(data, question)
                say("  Somebody else has changed the file meanwhile; it was read again.")
                if theirs and theirs != typed:
                    say(
                        f"  It has an answer now: {one_line(theirs)}. Yours was not written: {one_line(typed)}"
                    )
                    return "again"
                continue
            except FactsheetError as error:
                say(f"  not saved: {one_line(error.diagnostics())}")
                return "again"
            self._written += 1
            say(f"  saved: {one_line(dotted(edited.path))}")
            for finding in edited.new:
                say(f"  {one_line(str(finding))}")
            return "done"
        return "again"

    def _ask_provenance(self) -> None:
        """Ask how figures came about; it is asked once and goes with every figure after."""
        import typing

        words = typing.get_args(Source)
        say(
            f"\nHow did your figures come about? One of {', '.join(words)}; an empty line says nothing of it."
        )

        def check(typed: str) -> str:
            return "" if typed in ("", *words) else f"one of {', '.join(words)}"

        source = self._prompter.ask("source> ", check, words=words)
        self._provenance = {"source": source} if source else {}
        if source in _SUPPORTED:
            say(
                "Where can a reader check them? The id of a reference of the sheet; an empty line leaves it out."
            )
            identifiers = [one.id for one in self._read()[0].references or ()]
            evidence = self._prompter.ask(
                "evidence> ", lambda typed: _no_id(typed, identifiers), words=identifiers
            )
            if evidence:
                self._provenance["evidence"] = evidence

    def _tell_known(self, sheet: FactSheet, most: int | None = None) -> None:
        known = known_facts(sheet, self._read()[2], self._roles)
        if known:
            say(f"The sheet has {len(known)} answer{'' if len(known) == 1 else 's'} of yours:")
        for fact in known[:most]:
            said = f" ({fact.source})" if fact.source else ""
            say(f"  {fact.path}: {_cut(fact.words)}{said}")
        if most is not None and len(known) > most:
            say(f"  and {len(known) - most} more: `known` lists them")


def _no_id(typed: str, identifiers: Sequence[str]) -> str:
    if typed in ("", *identifiers):
        return ""
    return f"the sheet's references are {', '.join(identifiers) or 'none yet'}"


def _show(question: OpenQuestion, count: int, stated: str) -> None:
    entry = question.entry
    say(f"\n{question.path} ({count} to go)")
    say(f"{entry.question}")
    say(f"  {entry.meaning}")
    say(f"  {entry.form}{f'; {entry.limits}' if entry.limits else ''}")
    say(f"  for example {entry.example_line}")
    if question.asked_by:
        say(f"  asked for by {'; '.join(question.asked_by)}")
    if question.how:
        say(f"  {question.how}")
    if stated:
        say(f"  the sheet says: {one_line(stated)}")


def _cut(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= 80 else f"{line[:79]}…"  # noqa: PLR2004  a line of a terminal
