"""`factsheet render`: the sheet as pages, for one reader or for each, in one format or in all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factsheet.cli import exits
from factsheet.cli.exits import Stop, did_you_mean
from factsheet.cli.opened import deliver, open_with_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.cli.book import Book
    from factsheet.render.formats import Format
    from factsheet.render.options import MarkdownFigures
    from factsheet.views.page import ViewName

EVERY = "all"
_DEFAULT_FORMAT = "md"
_TEXT_ENDINGS = ("", ".markdown", ".txt")
"""Endings beside its own that Markdown is written to without being asked for by name."""
_STDIN_NAME = "factsheet"


class Asked(NamedTuple):
    """What the command line asks for.

    Attributes:
        form: a format's name, `all`, or `None` where the name of the output tells.
    """

    role: str
    form: str | None
    output: Path | None
    figures: MarkdownFigures
    front_matter: bool
    no_config: bool = False


class _Job(NamedTuple):
    """One file to write; `None` is standard output."""

    view: ViewName
    form: Format
    file: Path | None


def render(sheet: str | None, asked: Asked) -> int:
    """Write the pages.

    Raises:
        Stop: an unknown role or format, a sheet that can not be read, a template that is broken, or output that can
            not go where it should.
    """
    from factsheet.cli.book import open_book  # start-up: `validate` does without

    views, forms = _views(asked.role), _forms(asked)
    shown, factsheet, text = open_with_text(sheet)
    stem = _STDIN_NAME if shown == "<stdin>" else Path(shown).stem
    jobs = _jobs(views, forms, asked.output, stem)
    book = open_book(factsheet, text, asked)
    if len(jobs) > 1 and asked.output is not None:
        _make(asked.output)
    for job in _told(jobs):
        _write(book, job)
    return exits.CLEAN


def _views(role: str) -> tuple[ViewName, ...]:
    from factsheet.views import VIEW_NAMES  # see `render`

    if role == EVERY:
        return VIEW_NAMES
    for view in VIEW_NAMES:
        if role == view:
            return (view,)
    raise Stop(
        f"factsheet: --role {role[:60]}: there is no such view\n"
        f"  {did_you_mean(role, VIEW_NAMES)}The views are {', '.join(VIEW_NAMES)}; `full` shows everything, "
        "`all` writes every view."
    )


def _forms(asked: Asked) -> tuple[Format, ...]:
    """The formats; without a name, the one that the output's ending tells."""
    from factsheet.render.formats import FORMATS  # see `render`

    if asked.form == EVERY:
        return tuple(FORMATS.values())
    if asked.form is not None and asked.form not in FORMATS:
        raise Stop(
            f"factsheet: --format {asked.form[:60]}: there is no such format\n"
            f"  {did_you_mean(asked.form, FORMATS)}The formats are {', '.join(FORMATS)}; `all` writes every one."
        )
    ending = None if asked.output is None else asked.output.suffix.lower()
    known = (*_TEXT_ENDINGS, *(form.suffix for form in FORMATS.values()))
    one = asked.role != EVERY and asked.output is not None and not asked.output.is_dir()
    if asked.form is None and one and ending not in known:
        raise Stop(
            f"factsheet: --output {asked.output}: no format has the ending {ending}\n"
            f"  Say with --format what to write: {', '.join(FORMATS)}."
        )
    told = next((name for name, form in FORMATS.items() if form.suffix == ending), _DEFAULT_FORMAT)
    return (FORMATS[asked.form or told],)


def _jobs(
    views: Sequence[ViewName], forms: Sequence[Format], output: Path | None, stem: str
) -> tuple[_Job, ...]:
    """What goes where: one page to a file or to standard output, several into a directory."""
    several = len(views) * len(forms) > 1
    if several and output is None:
        raise Stop(
            f"factsheet: {len(views) * len(forms)} files are asked for; name a directory for them with --output"
        )
    if output is None or (not several and not output.is_dir()):
        return (_Job(views[0], forms[0], output),)
    if output.exists() and not output.is_dir():
        raise Stop(f"factsheet: --output {output}: several files are asked for, and this is no directory")
    return tuple(_Job(view, form, output / f"{stem}-{view}{form.suffix}") for view in views for form in forms)


def _told(jobs: Sequence[_Job]) -> Sequence[_Job]:
    """The jobs, with a progress bar on standard error where there are many and somebody is looking."""
    if len(jobs) == 1 or sys.stderr is None or not sys.stderr.isatty():
        return jobs
    from rich.console import Console  # 40 ms that only a bar needs
    from rich.progress import track

    return list(track(jobs, "Writing pages", console=Console(stderr=True), transient=True))


def _write(book: Book, job: _Job) -> None:
    if job.file is None:
        _to_standard_output(book, job)
        return
    folder = f"{job.file.stem}-figures"
    content, files = book.written(job.view, job.form, folder)
    for name, drawing in files.items():
        _make(job.file.parent / folder)
        deliver(drawing, job.file.parent / folder / name)
    deliver(content, job.file)


def _to_standard_output(book: Book, job: _Job) -> None:
    if job.form.binary and sys.stdout is not None and sys.stdout.isatty():
        raise Stop(
            f"factsheet: a {job.form.suffix[1:].upper()} is not for a terminal; name a file for it with --output"
        )
    content, files = book.written(job.view, job.form, "")
    if files:
        raise Stop("factsheet: figures as files need a page that is a file too; name it with --output")
    deliver(content, None)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(f"factsheet: --output {folder}: can not be made: {error.strerror}") from None
