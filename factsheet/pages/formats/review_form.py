"""The form that is sent to a reviewer, as one HTML file: it fetches nothing, sends nothing, and saves a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.pages.formats.html import policy, source
from factsheet.pages.formats.templates import environment, render_template
from factsheet.pages.text import clean
from factsheet.readers.study import CRITERIA
from factsheet.review.said import said_in

if TYPE_CHECKING:
    from factsheet.review.said import SaidAnswer
    from factsheet.review.subject import ReviewSubject, ScoredFact
    from factsheet.sheet.model import SheetFields

_MOST_CHARACTERS = 600
"""Of one answer: the form is no page, and a reviewer has that too."""
_MOST_ROWS = 200
"""Of one section."""


class FormFact(NamedTuple):
    """A fact of the form: what is scored, and what the sheet says there.

    Attributes:
        said: label and answer.
        left_out: how many more answers the sheet has there.
    """

    fact: ScoredFact
    said: tuple[tuple[str, str], ...]
    left_out: int


def form_html(sheet: SheetFields, subject: ReviewSubject, *, file: str, role: str | None, date: str) -> str:
    """Return the form.

    Args:
        sheet: the sheet.
        subject: what of it is scored.
        file: the name of its file.
        role: the role that it is reviewed in; the reviewer chooses where it is `None`.
        date: today.
    """
    made = environment("html")
    style, script = source(made, "review_form.css"), source(made, "review_form.js")
    said = said_in(sheet)
    return render_template(
        made,
        "review_form.html.j2",
        None,
        policy=policy(style, (script,)),
        style=style,
        script=script,
        title=clean(sheet.overview.model.shown()),
        sheet_name=clean(sheet.overview.name.shown()),
        file=clean(file),
        stem=_stem(file),
        subject=subject,
        date=date,
        roles=subject.roles if role is None else {role: subject.roles[role]},
        facts=[_form_fact(fact, said) for fact in subject.facts],
        dimensions=list(CRITERIA.items()),
    )


def _stem(file: str) -> str:
    """Return the sheet's name for the name of the file that is saved."""
    stem = clean(file).rpartition(".")[0] or "sheet"
    return "".join(one if one.isalnum() or one in "-_." else "-" for one in stem)[:60]


def _form_fact(fact: ScoredFact, said: tuple[SaidAnswer, ...]) -> FormFact:
    own = [(clean(one.label), _cut(clean(one.words))) for one in said if one.is_below(fact.path)]
    return FormFact(fact, tuple(own[:_MOST_ROWS]), max(len(own) - _MOST_ROWS, 0))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
