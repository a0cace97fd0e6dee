"""Put a sheet's open questions to one person; the sheet itself is all that is remembered of it."""

from __future__ import annotations

import typing
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from factsheet.authoring.assignment import absence_of
from factsheet.authoring.doubtful_answers import doubt_of
from factsheet.authoring.questions import (
    answered,
    fault_of,
    known_facts,
    question_at,
    questions_for,
    remark_above,
    rows_of,
    stated_words,
    value_of,
)
from factsheet.cli.authoring.commands import COMMANDS, Typed, read_typed
from factsheet.cli.authoring.shown_questions import cut, say_wrapped, show_question
from factsheet.cli.gathering import read_one
from factsheet.cli.sheets import named_roles, open_sheet
from factsheet.cli.terminal import say
from factsheet.errors import ChangedMeanwhileError, FactsheetError, SourceUnreadableError
from factsheet.facts.placeholders import is_placeholder, is_sample_address
from factsheet.facts.section import Source
from factsheet.reports.text import one_line
from factsheet.source.document import dotted
from factsheet.source.dumping import dump_flow
from factsheet.source.writing import replace_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from factsheet.api.fact_sheet import FactSheet
    from factsheet.authoring.assignment import Edited
    from factsheet.authoring.questions import OpenQuestion
    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.cli.authoring.prompts import Prompter
    from factsheet.readers.stages import StageName

    Step = Literal["done", "row", "again", "back", "quit"]
    """Where an answer leads: on, to another row of the same list, to the same question, or out."""

    _State = tuple[tuple[FactSheet, str, Any], tuple[OpenQuestion, ...]]

_MOST_KNOWN = 12
_MOST_TRIES = 3
_HELP = (
    "An empty line or `skip` skips a question; `back` returns to the one before, `known` lists what the sheet has,"
    " `source` says anew where figures come from, `help` or `?` shows this, `quit` ends. Instead of a value:"
    " `not disclosed: why`, `not applicable: why`, `not evaluated: why`. An answer that is one of these words goes"
    ' into quotes: "help".'
)
_SUPPORTED = frozenset({"measured", "cited", "simulated"})
"""Sources that something can be looked up for."""
_EVIDENCE_RULES = "FS5"
"""Rules on where facts come from, which is asked for by itself."""
_DECISIONS = ("yes", "no", "y", "n")
_UNUSED_REFERENCE = "FS502"
_NEW_REFERENCE = "references[+]"


class Interview:
    """Questions about one sheet, asked one after the other; each answer is in the file before the next question."""

    def __init__(
        self, sheet: Path, prompter: Prompter, *, roles: Sequence[str] = (), stage: StageName = "published"
    ) -> None:
        self._sheet, self._prompter, self._roles, self._stage = sheet, prompter, roles, stage
        self._skipped: set[str] = set()
        self._asked: list[OpenQuestion] = []
        self._provenance: dict[str, str] | None = None
        self._written: set[str] = set()
        self._last: _State | None = None
        self._instead: str | None = None

    def run(self) -> None:
        """Ask until nothing is open, or whoever is asked leaves.

        Raises:
            EOFError: they have left; every answer is in the file.
            FactsheetError: the sheet cannot be read or written.
        """
        opened, _, _ = self._read()
        self._tell_known(opened, most=_MOST_KNOWN)
        if self._open():
            say_wrapped(_HELP)
        again: OpenQuestion | None = None
        step: Step = "done"
        while step != "quit":
            questions = self._open()
            question = again or next(iter(questions), None)
            if question is None:
                break
            step, again = self._put(question, len(questions), another=step == "row"), None
            if step == "back":
                again = self._previous(question)
            elif step in ("again", "row"):
                again = question
            if step in ("done", "row") and self._asked[-1:] != [question]:
                self._asked.append(question)
        self.tell_end()

    def tell_end(self) -> None:
        """Say how many answers were saved, and how many questions are left."""
        saved, left = len(self._written), len(self._all())
        say(
            f"{saved} answer{'' if saved == 1 else 's'} saved in {one_line(str(self._sheet))};"
            f" {left} question{'' if left == 1 else 's'} left"
        )

    def _read(self) -> tuple[FactSheet, str, Any]:
        return self._state()[0]

    def _remark(self, question: OpenQuestion) -> str:
        document = read_one(self._sheet).document
        return "" if document is None else remark_above(document, question)

    def _all(self) -> tuple[OpenQuestion, ...]:
        return self._state()[1]

    def _state(self) -> _State:
        """Return the sheet as the file has it now with what it owes; both are worked out once for each text."""
        document = read_one(self._sheet).document
        if document is None:
            raise SourceUnreadableError(self._sheet, "it is no text; `factsheet validate` says why")
        if self._last is None or self._last[0][1] != document.text:
            sheet = open_sheet(str(self._sheet))[1]
            roles = named_roles(self._roles, sheet.audience.role_names) or None
            asked = questions_for(sheet, document.data, roles=roles, stage=self._stage, name=str(self._sheet))
            self._last = (sheet, document.text, document.data), asked
        return self._last

    def _open(self) -> list[OpenQuestion]:
        return [question for question in self._all() if question.path not in self._skipped]

    def _previous(self, question: OpenQuestion) -> OpenQuestion:
        if not self._asked:
            say("  This is the first question.")
            return question
        before = self._asked.pop()
        self._skipped.discard(before.path)
        return before

    def _ask(
        self, prompt: str, check: Callable[[str], str], words: Sequence[str] = (), stated: str = ""
    ) -> Typed:
        """Return what is typed at a prompt: a command, or an answer that the check lets pass."""

        def checked(line: str) -> str:
            return "" if read_typed(line, words).command else check(line)

        line, self._instead = self._instead, None
        if line is None or checked(line):
            line = self._prompter.ask(prompt, checked, words=(*words, *COMMANDS), stated=stated)
        typed = read_typed(line, (*words, stated))
        if typed.notice:
            say(f"  {one_line(typed.notice)}")
        return typed

    def _put(self, question: OpenQuestion, count: int, *, another: bool) -> Step:
        """Ask one question and save the answer."""
        _, text, data = self._read()
        stated = stated_words(data, question)
        if another:
            say(f"\n{question.path}: one more? An empty line goes on.")
        elif self._instead is None:
            show_question(question, count, stated, self._remark(question))
        # What says nothing is no beginning of an answer: the line to edit is empty then.
        begun = "" if is_placeholder(stated) or is_sample_address(stated) else stated
        typed = self._ask("> ", lambda line: fault_of(question, line, data), question.choices, begun)
        if typed.command == "skip" or (stated and typed.text == stated):
            self._skipped.add(question.path)
            return "done"
        if typed.command:
            return self._do(typed.command, question)
        doubt = doubt_of(question, typed.text)
        if doubt:
            step = self._confirm(question, (f'{doubt}; in quotes it is stored as it is: "{typed.text}"',))
            if step != "done":
                return step
        return self._answer(question, typed.text, text)

    def _do(self, command: str, question: OpenQuestion) -> Step:
        """Follow a command that is no answer, at any prompt."""
        if command == "back":
            return "back"
        if command == "quit":
            return "quit"
        if command == "known":
            self._tell_known(self._read()[0])
        elif command == "help":
            say_wrapped(_HELP)
        elif command == "source":
            return "quit" if self._ask_provenance(question) == "quit" else "again"
        return "again"

    def _confirm(self, question: OpenQuestion, doubts: Sequence[str]) -> Step:
        """Ask whether an answer is meant that something speaks against; `done` where it is.

        Another answer can be typed in its place.
        """
        for doubt in doubts:
            say_wrapped(one_line(doubt), "  ")
        data = self._read()[2]

        def check(line: str) -> str:
            fault = "" if line.casefold() in _DECISIONS else fault_of(question, line, data)
            return f"`yes` or `no`, or another answer: {fault}" if fault else ""

        while True:
            try:
                typed = self._ask("save it all the same? (yes, no, or another answer) ", check, _DECISIONS)
            except (EOFError, KeyboardInterrupt):
                say("\n  not saved")
                raise
            if typed.text.casefold() in ("yes", "y"):
                return "done"
            if not typed.command and typed.text.casefold() not in _DECISIONS:
                self._instead = typed.text
                return "again"
            if not typed.command or typed.command in ("skip", "back", "quit"):
                say("  not saved")
                return "quit" if typed.command == "quit" else "again"
            if self._do(typed.command, question) == "quit":
                return "quit"

    def _answer(self, question: OpenQuestion, typed: str, text: str) -> Step:
        """Save an answer; the first figure with where it comes from, which is asked for."""
        if not question.is_figure or self._provenance is not None or absence_of(value_of(question, typed)):
            return self._save(question, typed, text)
        try:
            step = self._ask_provenance(question)
        except (EOFError, KeyboardInterrupt):
            say("")
            self._save(question, typed, text)  # the figure was given; where it comes from can be said later
            raise
        saved = self._save(question, typed, text)
        return saved if step == "done" else "quit" if step == "quit" else "again"

    def _save(self, question: OpenQuestion, typed: str, before: str) -> Step:
        """Write an answer into the file as it is now; what somebody else has answered meanwhile stays."""
        text, confirmed = before, False
        for _ in range(_MOST_TRIES):
            try:
                edited = answered(text, question, typed, name=str(self._sheet), provenance=self._provenance)
                doubts = [] if confirmed else _doubts(edited)
                if doubts:
                    step = self._confirm(question, doubts)
                    if step != "done":
                        return step
                    confirmed = True
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
            self._tell_saved(question, typed, edited, told=confirmed)
            return "row" if question.takes_rows else "done"
        return "again"

    def _tell_saved(self, question: OpenQuestion, typed: str, edited: Edited, *, told: bool) -> None:
        """Say what is in the file now, and what the checks find that they did not find before."""
        value = value_of(question, typed)
        first = edited.path[-1]
        for row in range(max(len(rows_of(value)), 1) if question.takes_rows else 1):
            place = (*edited.path[:-1], first - row) if isinstance(first, int) else edited.path
            self._written.add(dotted(place))
        words = absence_of(value) or (value if isinstance(value, str) else dump_flow(value).strip())
        say(f"  saved: {one_line(dotted(edited.path))}: {cut(words)}")
        for finding in edited.new:
            # What is cited only by answers that come after is not cited yet.
            unused = finding.rule_id == _UNUSED_REFERENCE and question.path == _NEW_REFERENCE
            if not unused and not (told and _is_doubt(finding, edited)):
                say(f"  {one_line(str(finding))}")

    def _ask_provenance(self, question: OpenQuestion) -> Step:
        """Ask how figures came about; it is asked once and goes with every figure after."""
        words = typing.get_args(Source)
        say_wrapped(
            f"\nHow did your figures come about? One of {', '.join(words)}; an empty line says nothing of it."
        )
        while True:
            typed = self._ask(
                "source> ",
                lambda line: "" if line in words else f"one of {', '.join(words)}; `help` says what else",
                words,
            )
            if typed.command in ("back", "quit"):
                return "back" if typed.command == "back" else "quit"
            if typed.command == "skip":
                self._provenance = {}
                return "done"
            if typed.command in ("known", "help"):
                self._do(typed.command, question)
            elif not typed.command:
                self._provenance = {"source": typed.text}
                step = self._ask_evidence(question) if typed.text in _SUPPORTED else "done"
                if step != "back":
                    return step

    def _ask_evidence(self, question: OpenQuestion) -> Step:
        """Ask which reference supports the figures; one that the sheet does not have yet is added to it."""
        reference = question_at(_NEW_REFERENCE)
        while True:
            sheet, text, data = self._read()
            known = [one.id for one in sheet.references or ()]
            listed = f" ({', '.join(known)})" if known else ", which has none yet"
            say_wrapped(
                f"Where can a reader check them? The id of a reference of the sheet{listed};"
                " or a new reference as a whole; an empty line leaves it out."
            )
            say(f"  for example {_row_example(reference)}")
            check = partial(_evidence_fault, known=known, reference=reference, data=data)
            typed = self._ask("evidence> ", check, known)
            if typed.command in ("back", "source"):
                return "back"
            if typed.command in ("skip", "quit"):
                return "done" if typed.command == "skip" else "quit"
            if typed.command:
                self._do(typed.command, question)
                continue
            identifier = _unquoted(typed.text)
            if identifier not in known:
                if self._save(reference, typed.text, text) != "row":
                    continue
                identifier = str(rows_of(value_of(reference, typed.text))[0]["id"])
            self._provenance = {**(self._provenance or {}), "evidence": identifier}
            return "done"

    def _tell_known(self, sheet: FactSheet, most: int | None = None) -> None:
        roles = named_roles(self._roles, sheet.audience.role_names) or None
        known = known_facts(sheet, self._read()[2], roles)
        if known:
            say(
                f"The sheet has {len(known)} answer{'' if len(known) == 1 else 's'} of what you are likely to know:"
            )
        for fact in known[:most]:
            said = f" ({fact.source})" if fact.source else ""
            say(f"  {fact.path}: {cut(fact.words)}{said}")
        if most is not None and len(known) > most:
            say(f"  and {len(known) - most} more: `known` lists them")


def _is_doubt(finding: Diagnostic, edited: Edited) -> bool:
    """Return whether a rule knows better of an answer itself, apart from where it comes from."""
    return (
        finding.severity != "info"
        and not finding.rule_id.startswith(_EVIDENCE_RULES)
        and finding.path[: len(edited.path)] == edited.path
    )


def _doubts(edited: Edited) -> list[str]:
    return [str(finding) for finding in edited.new if _is_doubt(finding, edited)]


def _evidence_fault(line: str, known: Sequence[str], reference: OpenQuestion, data: Any) -> str:
    """Return what is wrong with a reference that figures are to cite, by its id or as a whole."""
    if _unquoted(line) in known:
        return ""
    if len(line.split()) == 1 and line[:1] not in ("{", "["):
        return (
            f"the sheet's references are {', '.join(known) or 'none yet'};"
            f" a new one is written as a whole: `{_row_example(reference)}`"
        )
    return fault_of(reference, line, data)


def _unquoted(line: str) -> str:
    text = line.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _row_example(question: OpenQuestion) -> str:
    return dump_flow(rows_of(question.entry.example)[0]).strip()
