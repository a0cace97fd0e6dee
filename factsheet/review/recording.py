"""Put reviews into the file beside their sheet, and write the form that is sent to a reviewer, in YAML.

What is in the file stays as it is, byte for byte, but for the review that is added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.errors import UsageError
from factsheet.readers.study import CRITERIA
from factsheet.review.subject import DIMENSIONS
from factsheet.source.characters import shown
from factsheet.source.dumping import dump_flow, dump_yaml
from factsheet.source.editing import put, put_item
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.review.model import GivenReview, ReviewFile, ReviewRound
    from factsheet.review.subject import ReviewSubject

FORM_START = "# Review form of "
"""How a form in YAML begins."""
_BELOW = "|-  # below, further to the right"
"""What follows `comment:` in a form: a text of which no character, `: ` and ` #` included, means anything to YAML."""
MOST_CHARACTERS = 20_000
"""Of a comment, as the model has it."""


class Recorded(NamedTuple):
    """A file of reviews with one more in it.

    Attributes:
        text: what the file is to hold.
        replaced: whether a review of the same person in the same role made place for it.
    """

    text: str
    replaced: bool


def current_version(subject: ReviewSubject) -> dict[str, Any]:
    """Return the version that a sheet is now, as a round names it."""
    return {"digest": subject.digest, "facts": dict(subject.fact_digests)}


def review_data(review: GivenReview) -> dict[str, Any]:
    """Return a review as plain data, without facts that were not scored."""
    data: dict[str, Any] = review.model_dump(exclude_none=True, warnings=False)
    data["scores"] = {path: score for path, score in data["scores"].items() if score}
    return data


def with_review(
    text: str | None, version: Mapping[str, Any], review: Mapping[str, Any], *, sheet: str, date: str | None
) -> Recorded:
    """Return the text of a file of reviews with one more, in the round of its version.

    A round is begun where there is none of the version.

    Args:
        text: what the file holds; `None` where there is none yet.
        version: what was reviewed, as `of` has it.
        review: the review; one of the same person in the same role makes place for it.
        sheet: the name of the sheet's file.
        date: when the round began, if it is begun now.

    Raises:
        NoPlaceError: the text is laid out so that nothing can be put into it.
        UnwritableDataError: no file can hold the review.
    """
    begun: dict[str, Any] = {
        "of": dict(version),
        **({"date": date} if date else {}),
        "reviews": [dict(review)],
    }
    if text is None:
        return Recorded(dump_yaml({"review": 1, "sheet": sheet, "rounds": [begun]}), replaced=False)
    rounds = _rounds(text)
    for index, one in enumerate(rounds):
        if _same_version(one.get("of") or {}, version):
            own = [there for there in one.get("reviews") or () if _same_person(there, review)]
            place = ("rounds", index, "reviews")
            changed = put_item(text, place, dict(review), same=lambda there: _same_person(there, review))
            return Recorded(changed, replaced=bool(own))
    if not rounds:
        return Recorded(put(text, ("rounds",), [begun]), replaced=False)
    return Recorded(put_item(text, ("rounds",), begun, same=lambda _: False), replaced=False)


def given_before(text: str | None, version: Mapping[str, Any], by: str, role: str) -> dict[str, Any] | None:
    """Return what somebody has said already of a version, as plain data; `None` where they have not."""
    for one in [] if text is None else _rounds(text):
        if _same_version(one.get("of") or {}, version):
            who = {"by": by, "role": role}
            return next((there for there in one.get("reviews") or () if _same_person(there, who)), None)
    return None


def _rounds(text: str) -> list[dict[str, Any]]:
    document = load_bytes(text.encode(), "reviews").document
    data = None if document is None else document.data
    rounds = data.get("rounds") if isinstance(data, dict) else None
    return rounds if isinstance(rounds, list) else []


def _same_version(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    key = "digest" if one.get("digest") or other.get("digest") else "version"
    return one.get(key) == other.get(key)


def _same_person(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return (one.get("by"), one.get("role")) == (other.get("by"), other.get("role"))


def check_form(
    form: ReviewFile, name: str, subject: ReviewSubject, *, known: Sequence[ReviewRound], sheet: str
) -> None:
    """Refuse a form that is of another sheet, or in which nothing was filled in.

    Args:
        form: what was filled in.
        name: the form's file.
        subject: the sheet that it is to be added to.
        known: the rounds that there are.
        sheet: the name of the sheet's file.

    Raises:
        UsageError: it is of another sheet, or empty.
    """
    digests = {subject.digest, *(one.of.digest for one in known)}
    for one in form.rounds:
        if form.sheet not in (None, sheet) and one.of.digest not in digests:
            raise UsageError(
                f"it is a review of `{shown(form.sheet or '')}`, and this sheet is `{shown(sheet)}`",
                "scores of one sheet would be counted as those of another",
                "name the sheet that it is of; if that was renamed, correct `sheet:` in the form",
                place=name,
            )
        for review in one.reviews:
            if not any(review_data(review)["scores"].values()):
                raise UsageError(
                    f"`{shown(review.by)}` has given no grade and no comment in it",
                    help="fill in the form, and save it, before it is added",
                    place=name,
                )
    if not any(one.reviews for one in form.rounds):
        raise UsageError("there is no review in it", help="fill in the form before it is added", place=name)


def form_yaml(subject: ReviewSubject, *, sheet: str, title: str, role: str | None, date: str) -> str:
    """Return the form for a reviewer as YAML, each fact with its question above.

    Args:
        subject: the sheet.
        sheet: the name of its file.
        title: the name of the model, for the first line.
        role: the role that it is to be reviewed in; left to the reviewer where it is `None`.
        date: today.
    """
    digests = "\n".join(
        f"        {path}: {dump_flow(digest)}" for path, digest in subject.fact_digests.items()
    )
    facts = "\n".join(
        f"          # {shown_whole(fact.title)}: {shown_whole(fact.question)}\n          {fact.path}:\n"
        + "\n".join(f"            {key}:" for key in DIMENSIONS)
        + f"\n            comment: {_BELOW}"
        for fact in subject.facts
    )
    meanings = "\n".join(f"#   {name:<17}  {means}" for name, means in CRITERIA.items())
    return f"""\
{FORM_START}{shown_whole(title)} ({shown_whole(sheet)})
#
# Say who you are, and grade each fact low, medium or high on four dimensions. A grade that is left empty is no grade.
{meanings}
# `low`: it does not meet this; `medium`: in part; `high`: completely. A comment says what should change: write it on
# lines of its own below `comment: |-`, further to the right than that word. There it may hold any character.
#
# Roles: {", ".join(subject.roles)}.
# Send the file back, or add it yourself: factsheet review add {shown_whole(sheet)} THIS_FILE
review: 1
sheet: {dump_flow(sheet).strip()}
rounds:
  - of:
      digest: {subject.digest}
      facts:
{digests}
    date: {date}
    reviews:
      - by:
        role:{f" {role}" if role else ""}
        date: {date}  # of your review
        comment: {_BELOW}
        scores:
{facts}
"""


def shown_whole(text: str) -> str:
    """Return a text of a sheet on one line, for a comment of YAML or a message, without anything unsafe in it."""
    from factsheet.source.characters import make_safe

    return make_safe(" ".join(text.split()))
