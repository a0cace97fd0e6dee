"""Put the facts of a sheet to one reviewer; the file of reviews is all that is remembered of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from factsheet.cli.authoring.commands import Typed, read_typed
from factsheet.cli.authoring.shown_questions import cut, say_wrapped
from factsheet.cli.review.files import read_beside, save
from factsheet.cli.terminal import say
from factsheet.errors import ChangedMeanwhileError, FactsheetError, UsageError
from factsheet.readers.study import CRITERIA
from factsheet.reports.text import one_line
from factsheet.review.reading import review_file_of
from factsheet.review.recording import MOST_CHARACTERS, current_version, given_before, with_review
from factsheet.review.said import said_in
from factsheet.review.subject import DIMENSIONS
from factsheet.source.characters import make_value_safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.cli.authoring.prompts import Prompter
    from factsheet.cli.review.files import OpenedForReview
    from factsheet.review.subject import ReviewSubject, ScoredFact

    Step = Literal["next", "back", "again", "quit"]

_GRADES = {
    **dict.fromkeys(("l", "low"), "low"),
    **dict.fromkeys(("m", "med", "medium"), "medium"),
    **dict.fromkeys(("h", "high"), "high"),
    **dict.fromkeys(("-", "none"), ""),
}
"""What is typed for a grade, and the grade; a dash for none."""
_HELP = (
    "Four grades, one for each dimension: `high high medium low`, or `h h m l`; one alone is for all four, `-` is no"
    " grade. An empty line or `skip` skips a fact, `back` returns to the one before, `known` lists what you have said,"
    " `help` or `?` shows this, `quit` ends."
)
_MOST_SAID = 6
_MOST_TRIES = 3
_LONGEST_NAME = 300


class ReviewerName(NamedTuple):
    """Who grades, and in which role."""

    by: str
    role: str


def reviewer_named(by: str | None, role: str | None, subject: ReviewSubject, asker: Prompter) -> ReviewerName:
    """Return who grades; what was not given is asked for.

    Raises:
        UsageError: there is no such role, or the name is none.
        EOFError: whoever is asked has left.
    """
    for place, given, fault in (("--by", by, _name_fault), ("--role", role, _role_fault(subject))):
        if given is not None and fault(given):
            raise UsageError(fault(given), place=place, candidates=tuple(subject.roles))
    if by is None:
        say_wrapped("Who are you? A name, or a code; it is in the file that is saved.")
        by = _asked(asker, "name> ", _name_fault)
    if role is None:
        say_wrapped(f"In which role do you read the sheet? One of {', '.join(subject.roles)}.")
        role = _asked(asker, "role> ", _role_fault(subject), tuple(subject.roles))
    return ReviewerName(make_value_safe(by.strip()), role.strip())


def _asked(asker: Prompter, prompt: str, fault: Callable[[str], str], words: tuple[str, ...] = ()) -> str:
    """Return what was typed; `quit` leaves, as at every prompt."""
    typed = asker.ask(
        prompt, lambda line: "" if read_typed(line).command == "quit" else fault(line), words=words
    )
    if read_typed(typed).command == "quit":
        raise EOFError
    return typed


def _name_fault(given: str) -> str:
    if not given.strip():
        return "a review needs somebody who gave it: type a name, or a code such as P7"
    return "the name is too long" if len(given) > _LONGEST_NAME else ""


def _role_fault(subject: ReviewSubject) -> Callable[[str], str]:
    def fault(given: str) -> str:
        known = given.strip() in subject.roles
        return "" if known else f"there is no role `{given[:60]}`; the roles are {', '.join(subject.roles)}"

    return fault


class Scoring:
    """The facts of one sheet, put to one reviewer; each grade is in the file before the next fact."""

    def __init__(self, opened: OpenedForReview, asker: Prompter, who: ReviewerName) -> None:
        self._opened, self._asker, self._who = opened, asker, who
        self._file = review_file_of(Path(opened.name))
        self._version = current_version(opened.subject)
        self._answers = said_in(opened.sheet)
        self._saved: set[str] = set()

    def run(self) -> None:
        """Ask until every fact was put, or whoever is asked leaves.

        Raises:
            EOFError: they have left; every grade is in the file.
            FactsheetError: the reviews cannot be read or written.
        """
        given = self._own().get("scores") or {}
        left = [fact for fact in self._opened.subject.facts if fact.path not in given]
        if given:
            say(f"You have graded {len(given)} facts of this version; {len(left)} are left.")
        if not left:
            say("To change a grade, edit the file, or remove it there and run again.")
            return
        for name, criterion in CRITERIA.items():
            say_wrapped(f"{name}: {criterion}", "  ")
        say_wrapped(_HELP)
        index = 0
        while index < len(left):
            step = self._put(left[index], len(left) - index)
            if step == "quit":
                return
            index = max(index - 1, 0) if step == "back" else index + (step == "next")
        self._ask_whole()

    def tell_end(self) -> None:
        """Say how many facts were graded, and how many are left."""
        given = self._own().get("scores") or {}
        left = sum(fact.path not in given for fact in self._opened.subject.facts)
        saved = len(self._saved)
        say(
            f"{saved} fact{'' if saved == 1 else 's'} graded and saved in {one_line(str(self._file))}; {left} left"
        )

    def _own(self) -> dict[str, Any]:
        there = read_beside(self._opened)
        text = None if there is None else there.text
        return given_before(text, self._version, self._who.by, self._who.role) or {}

    def _put(self, fact: ScoredFact, count: int) -> Step:
        say(f"\n{one_line(fact.title)} ({count} to go)")
        say_wrapped(one_line(fact.question))
        own = [one for one in self._answers if one.is_below(fact.path)]
        for one in own[:_MOST_SAID]:
            say(f"  {cut(f'{one.label}: {one.words}')}")
        if len(own) > _MOST_SAID:
            say(f"  and {len(own) - _MOST_SAID} more answers, which `factsheet render` shows")
        typed = self._typed("grades> ", _grades_fault, tuple(_GRADES))
        if typed.command:
            return self._step(typed.command)
        grades = {
            name: grade for name, grade in zip(DIMENSIONS, _grades_in(typed.text), strict=True) if grade
        }
        score: dict[str, str] = dict(grades)
        if any(grade != "high" for grade in grades.values()):
            remark = self._typed("what should change? ", _comment_fault, ())
            if remark.command in ("back", "quit"):
                self._save(fact.path, score)
                return "quit" if remark.command == "quit" else "again"
            if remark.text and not remark.command:
                score["comment"] = make_value_safe(remark.text)
        self._save(fact.path, score)
        return "next"

    def _typed(self, prompt: str, fault: Callable[[str], str], words: tuple[str, ...]) -> Typed:
        """Return what was typed: an answer that fits, or a command."""

        def checked(line: str) -> str:
            return "" if read_typed(line, words).command else fault(line)

        return read_typed(self._asker.ask(prompt, checked, words=words), words)

    def _step(self, command: str) -> Step:
        if command in ("back", "quit"):
            return "back" if command == "back" else "quit"
        if command == "skip":
            return "next"
        if command == "known":
            for path, score in (self._own().get("scores") or {}).items():
                said = ", ".join(f"{key} {value}" for key, value in score.items())
                say(f"  {cut(f'{self._opened.subject.title_of(path)}: {said}')}")
        else:
            say_wrapped(_HELP)
        return "again"

    def _ask_whole(self) -> None:
        remark = self._typed("\nanything of the sheet as a whole? ", _comment_fault, ())
        if remark.text and not remark.command:
            self._save("", {}, make_value_safe(remark.text))

    def _save(self, path: str, score: dict[str, str], whole: str = "") -> None:
        """Write what was said into the file as it is now; what others have added meanwhile stays."""
        if not score and not whole:
            return
        for _ in range(_MOST_TRIES):
            there = read_beside(self._opened)
            before = None if there is None else there.text
            own = given_before(before, self._version, self._who.by, self._who.role) or {}
            today = datetime.now(UTC).date().isoformat()
            review: dict[str, Any] = {"by": self._who.by, "role": self._who.role, "date": today}
            said = whole or own.get("comment")
            review |= {"comment": said} if said else {}
            review["scores"] = {**(own.get("scores") or {}), **({path: score} if score else {})}
            name = Path(self._opened.name).name
            done = with_review(before, self._version, review, sheet=name, date=today)
            try:
                save(self._file, before, done.text)
            except ChangedMeanwhileError:
                say("  Somebody else has changed the file meanwhile; it was read again.")
                continue
            except FactsheetError as error:
                say(f"  not saved: {one_line(error.diagnostics())}")
                raise
            self._saved |= {path} if path else set()
            said_of = ", ".join(f"{key} {value}" for key, value in score.items()) or whole
            say(f"  saved: {cut(said_of)}")
            return
        raise ChangedMeanwhileError(self._file, "others change it faster than it can be saved")


def _grades_in(text: str) -> list[str]:
    """Return the four grades in a line, empty for none."""
    words = text.casefold().replace(",", " ").split()
    if len(words) == 1 and len(words[0]) == len(DIMENSIONS) and set(words[0]) <= set("lmh-"):
        words = list(words[0])
    given = [_GRADES[word] for word in words]
    return given * len(DIMENSIONS) if len(given) == 1 else given


def _grades_fault(text: str) -> str:
    try:
        given = _grades_in(text)
    except KeyError as error:
        return f"`{error.args[0][:30]}` is no grade: low, medium, high, or `-` for none"
    if len(given) != len(DIMENSIONS):
        return f"{len(given)} grades, and there are four dimensions: {', '.join(DIMENSIONS)}"
    return "" if any(given) else "no grade at all: an empty line skips the fact"


def _comment_fault(text: str) -> str:
    return "" if len(text) <= MOST_CHARACTERS else f"longer than {MOST_CHARACTERS:,} characters"
