"""Find and read the reviews of a sheet; what does not fit comes with its line, why it matters and how to fix it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pydantic_core import ValidationError

from factsheet.facts.misfits import Misfit, misfits
from factsheet.review.model import ReviewFile
from factsheet.review.wording import ReviewWording
from factsheet.sheet.load import invalid_sheet
from factsheet.source.discovery import REVIEW_SUFFIXES
from factsheet.source.loader import read_sheet
from factsheet.source.problems import REVIEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from factsheet.review.model import ReviewRound
    from factsheet.review.subject import ReviewSubject
    from factsheet.source.document import KeyPath
    from factsheet.source.loader import Loaded


@dataclass(frozen=True, slots=True)
class ReadReviews:
    """A file of reviews that was read.

    Attributes:
        name: what it is called in messages.
        text: as it was read, without a byte-order mark.
        rounds: in the order in which they were: by date, those without one first.
    """

    name: str
    text: str
    rounds: tuple[ReviewRound, ...]


def review_file_of(sheet: Path) -> Path:
    """Return where the reviews of a sheet are: `bert.review.yaml` beside `bert.yaml`."""
    return sheet.with_name(f"{sheet.stem}{REVIEW_SUFFIXES[0]}")


def reviews_beside(sheet: Path, subject: ReviewSubject) -> ReadReviews | None:
    """Return the reviews beside a sheet; `None` where there is no such file.

    Raises:
        SourceUnreadableError: the file cannot be read, or is a link out of the working directory.
        InvalidSheetError: it says what no review of this sheet can say.
    """
    file = review_file_of(sheet)
    # A pipe or a device of that name is nothing to wait for.
    return read_reviews(file, subject) if file.is_file() else None


def read_reviews(file: Path, subject: ReviewSubject) -> ReadReviews:
    """Read a file of reviews of a sheet.

    Raises:
        SourceUnreadableError: the file cannot be read, or is a link out of the working directory.
        InvalidSheetError: it says what no review of this sheet can say; every fault is named.
    """
    return reviews_in(read_sheet(file, kind=REVIEW), str(file), subject)


def reviews_in(loaded: Loaded, name: str, subject: ReviewSubject) -> ReadReviews:
    """Return the reviews in a text that was loaded; otherwise as `read_reviews`."""
    read = _read(loaded, name, subject)
    assert loaded.document is not None  # noqa: S101  it was read
    rounds = tuple(sorted(read.rounds, key=lambda one: one.date or ""))
    return ReadReviews(name, loaded.document.text, rounds)


def _read(loaded: Loaded, name: str, subject: ReviewSubject) -> ReviewFile:
    document, problems = loaded
    data = None if document is None else document.data
    if problems or document is None or data is None:
        raise invalid_sheet(name, problems, document)
    data = _filled_in(data)
    try:
        read = ReviewFile.model_validate(data)
    except ValidationError as error:
        found = misfits(error, data, ReviewWording())
        raise invalid_sheet(name, found, document) from None
    faults = tuple(_faults(read, subject))
    if faults:
        raise invalid_sheet(name, faults, document)
    return read


def _filled_in(data: object) -> object:
    """Return the data without keys that have no value, or a blank one: what of a form was not filled in."""
    if isinstance(data, dict):
        return {key: _filled_in(value) for key, value in data.items() if not _is_blank(value)}
    return [_filled_in(value) for value in data] if isinstance(data, list) else data


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def read_form(file: Path, subject: ReviewSubject) -> ReviewFile:
    """Read a form that was filled in, or another file of reviews; otherwise as `read_reviews`."""
    return _read(read_sheet(file, kind=REVIEW), str(file), subject)


def _faults(read: ReviewFile, subject: ReviewSubject) -> Iterator[Misfit]:
    digests: dict[str, int] = {}
    for number, one in enumerate(read.rounds):
        here: KeyPath = ("rounds", number)
        digest = one.of.digest
        if digest is not None and digest in digests:
            yield _misfit(
                (*here, "of", "digest"),
                "two rounds are of the same version of the sheet",
                "a change from one round to the next would be one without a change of the sheet",
                f"put these reviews into round {digests[digest] + 1}",
            )
        digests.setdefault(digest or f"#{number}", number)
        for key, paths in (("facts", one.of.facts), ("titles", one.titles)):
            above: KeyPath = (*here, "of", key) if key == "facts" else (*here, key)
            yield from _unknown_facts(above, paths or (), subject)
        people: set[tuple[str, str]] = set()
        for index, review in enumerate(one.reviews):
            at: KeyPath = (*here, "reviews", index)
            if (review.by, review.role) in people:
                yield _misfit(
                    (*at, "by"),
                    f"`{review.by[:60]}` has two reviews in one round in the same role",
                    "their scores would count twice",
                    "keep the later one",
                )
            people.add((review.by, review.role))
            if review.role not in subject.roles:
                yield _unknown(
                    (*at, "role"), f"there is no role `{review.role}`", review.role, tuple(subject.roles)
                )
            yield from _unknown_facts((*at, "scores"), review.scores, subject)


def _unknown_facts(at: KeyPath, paths: Iterable[str], subject: ReviewSubject) -> Iterator[Misfit]:
    for path in paths:
        if not subject.knows(path):
            known = tuple(fact.path for fact in subject.facts)
            yield _unknown((*at, path), f"the sheet has no field `{path}`", path, known)


def _unknown(at: KeyPath, message: str, given: str, known: tuple[str, ...]) -> Misfit:
    close = get_close_matches(given, known, 1)
    meant = f"did you mean `{close[0]}`? " if close else ""
    return _misfit(
        at, message, "nobody could tell what the score is of", f"{meant}known are {', '.join(known)}"
    )


def _misfit(at: KeyPath, message: str, why: str, help_: str) -> Misfit:
    return Misfit("wrong-answer", at, on_key=False, message=message, why=why, help=help_)
