"""`factsheet review form`: the form that is sent to a reviewer, a page or a file of YAML."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.cli.options import Output, SheetArgument
from factsheet.cli.review.files import opened_for_review
from factsheet.cli.sheets import deliver
from factsheet.cli.usage.completions import complete_fields, complete_roles
from factsheet.cli.usage.format_option import format_option
from factsheet.errors import UsageError

if TYPE_CHECKING:
    from factsheet.cli.review.files import OpenedForReview

_HTML = (".html", ".htm")


def command(
    *,
    sheet: SheetArgument = None,
    role: Annotated[
        str | None,
        typer.Option(
            help="The role it is reviewed in. [default: the reviewer chooses]",
            show_default=False,
            autocompletion=complete_roles,
        ),
    ] = None,
    fact: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH",
            help="Ask for this field too, beside the sections: performance.accuracy; repeated for more.",
            show_default=False,
            autocompletion=complete_fields,
        ),
    ] = None,
    output_format: Annotated[
        Literal["yaml", "html"] | None,
        format_option(
            "yaml",
            "html",
            note="Form of the form. [default: by the ending of --output, else yaml]",
            default=False,
        ),
    ] = None,
    output: Output = None,
) -> None:
    """Write a form to send to a reviewer: YAML to fill in, or a page that works offline and saves the review as a file.

    What comes back goes into the file beside the sheet with `factsheet review add`.

    Example:
      factsheet review form sheets/bert.yaml --role ai-engineer -o form.html
    """
    opened = opened_for_review(sheet, fact or ())
    if role is not None and role not in opened.subject.roles:
        raise UsageError(
            f"there is no role `{role[:60]}`",
            help=f"the roles are {', '.join(opened.subject.roles)}",
            place="--role",
            candidates=tuple(opened.subject.roles),
        )
    ending = "" if output is None else output.suffix.lower()
    page = output_format == "html" or (output_format is None and ending in _HTML)
    raise typer.Exit(deliver(_html(opened, role) if page else _yaml(opened, role), output))


def _yaml(opened: OpenedForReview, role: str | None) -> str:
    from factsheet.review.recording import form_yaml

    return form_yaml(
        opened.subject, sheet=Path(opened.name).name, title=opened.title, role=role, date=_today()
    )


def _html(opened: OpenedForReview, role: str | None) -> str:
    from factsheet.pages.formats.review_form import form_html

    return form_html(opened.sheet, opened.subject, file=Path(opened.name).name, role=role, date=_today())


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
