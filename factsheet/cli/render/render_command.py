"""`factsheet render`: write the sheet as pages, for one reader or each, in one format or all."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from factsheet.checks.configuration import find_configuration
from factsheet.cli import exits
from factsheet.cli.exits import Stop, did_you_mean
from factsheet.cli.options import SheetArgument
from factsheet.cli.sheets import deliver, open_with_text
from factsheet.errors import (
    DeriveError,
    PdfFetchError,
    PdfUnavailableError,
    TemplateFaultError,
    WorkloadError,
)
from factsheet.pages.assembly import build_page
from factsheet.pages.content.chip import estimates_of
from factsheet.pages.estimates import NO_ESTIMATES
from factsheet.pages.options import RenderOptions
from factsheet.readers.roles import VIEW_NAMES
from factsheet.recompute.engine import recompute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.pages.estimates import Estimates
    from factsheet.pages.model import Page
    from factsheet.pages.options import MarkdownFigures
    from factsheet.pages.rendering import Format, Writer
    from factsheet.readers.roles import ViewName
    from factsheet.recompute.derivation import Derivation
    from factsheet.sheet.model import SheetFields

EPOCH = "SOURCE_DATE_EPOCH"
"""Seconds since 1970 that a reproducible build gives its files as their time (https://reproducible-builds.org)."""


class PageSet:
    """The pages of a sheet. What is computed for all of them is computed once."""

    def __init__(
        self,
        sheet: SheetFields,
        *,
        derivation: Derivation | None = None,
        estimates: Estimates = NO_ESTIMATES,
        digest: str | None = None,
        options: RenderOptions | None = None,
    ) -> None:
        self._sheet = sheet
        self._derivation = derivation
        self._estimates = estimates
        self._digest = digest
        self._options = options or RenderOptions()
        self._pages: dict[tuple[ViewName, bool], Page] = {}
        self._writers: dict[str, Writer] = {}

    def page(self, view: ViewName, *, whole: bool = True) -> Page:
        """The page of a view; without `whole`, where the full view stands in the same file."""
        key = view, whole
        if key not in self._pages:
            self._pages[key] = build_page(
                self._sheet,
                view,
                self._derivation,
                estimates=self._estimates,
                digest=self._digest,
                whole=whole,
            )
        return self._pages[key]

    def written(self, view: ViewName, form: Format, figure_folder: str) -> tuple[str | bytes, dict[str, str]]:
        """A view in a format, and the files that go with it.

        Args:
            view: the view.
            form: the format.
            figure_folder: where figures lie that are files of their own, relative to the page.

        Raises:
            Stop: a template of the user's is wrong, or what the format needs is not installed.
        """
        options = replace(self._options, figure_folder=figure_folder)
        try:
            files = {} if form.files is None else form.files(self.page(view), options)
            if not form.every_view:
                return form.writer([self.page(view)], options)(view), files
            # What all files of the format share is drawn once.
            if form.suffix not in self._writers:
                pages = [self.page(name, whole=False) for name in VIEW_NAMES]
                self._writers[form.suffix] = form.writer(pages, options)
            return self._writers[form.suffix](view), files
        except (TemplateFaultError, PdfFetchError, PdfUnavailableError) as error:
            raise Stop(f"factsheet: {error}") from None


def open_page_set(sheet: SheetFields, text: str, asked: RenderRequest) -> PageSet:
    """The pages of a sheet with all that follows from it.

    Raises:
        Stop: the configured directory of templates is none, or SOURCE_DATE_EPOCH is no time.
    """
    derivation = derivation_of(sheet)
    return PageSet(
        sheet,
        derivation=derivation,
        estimates=NO_ESTIMATES if derivation is None else estimates_of(sheet, derivation),
        digest=f"sha256:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}",
        options=RenderOptions(
            overrides=None if asked.no_config else templates_of_user(),
            figures=asked.figures,
            front_matter=asked.front_matter,
            created=_created(),
        ),
    )


def templates_of_user() -> Path | None:
    """The directory that `templates` in pyproject.toml names.

    Raises:
        Stop: there is no such directory.
    """
    config = find_configuration()
    if config.templates is None or config.file is None:
        return None
    folder = config.file.parent / config.templates
    if not folder.is_dir():
        raise Stop(
            f"{config.file}: [tool.factsheet] templates: there is no directory {folder}\n"
            "  It holds your own templates and styles: markdown/page.md.j2, html/style.css and so on."
        )
    return folder


def derivation_of(sheet: SheetFields) -> Derivation | None:
    """What can be recomputed; `None` where the sheet lets nothing be."""
    try:
        return recompute(sheet)
    except (DeriveError, WorkloadError):
        return None


def _created() -> datetime | None:
    given = os.environ.get(EPOCH)
    if not given:
        return None
    try:
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError):
        raise Stop(f"factsheet: {EPOCH}={given[:40]} is no whole number of seconds since 1970") from None


EVERY = "all"
_DEFAULT_FORMAT = "md"
_TEXT_ENDINGS = ("", ".markdown", ".txt")
"""Endings beside its own that Markdown is written to without being asked for by name."""
_STDIN_NAME = "factsheet"


class RenderRequest(NamedTuple):
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


def render(sheet: str | None, asked: RenderRequest) -> int:
    """Write the pages.

    Raises:
        Stop: an unknown role or format, a sheet that can not be read, a template that is broken, or output that can
            not go where it should.
    """
    views, forms = _views(asked.role), _forms(asked)
    shown, factsheet, text = open_with_text(sheet)
    stem = _STDIN_NAME if shown == "<stdin>" else Path(shown).stem
    jobs = _jobs(views, forms, asked.output, stem)
    book = open_page_set(factsheet, text, asked)
    if len(jobs) > 1 and asked.output is not None:
        _make(asked.output)
    for job in _told(jobs):
        _write(book, job)
    return exits.CLEAN


def _views(role: str) -> tuple[ViewName, ...]:
    from factsheet.readers.roles import VIEW_NAMES  # see `render`

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


def _forms(asked: RenderRequest) -> tuple[Format, ...]:
    """The formats; without a name, the one that the output's ending tells."""
    from factsheet.pages.rendering import FORMATS  # see `render`

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


def _write(book: PageSet, job: _Job) -> None:
    if job.file is None:
        _to_standard_output(book, job)
        return
    folder = f"{job.file.stem}-figures"
    content, files = book.written(job.view, job.form, folder)
    for name, drawing in files.items():
        _make(job.file.parent / folder)
        deliver(drawing, job.file.parent / folder / name)
    deliver(content, job.file)


def _to_standard_output(book: PageSet, job: _Job) -> None:
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


def command(
    sheet: SheetArgument = None,
    role: Annotated[
        str,
        typer.Option(
            help="Whose view: hardware-researcher, algorithm-designer, data-scientist, ai-engineer, "
            "software-developer, business-expert, full; or all, one file each."
        ),
    ] = "full",
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="md|html|pdf|all",
            help="Form of the output. [default: by the ending of --output, else md]",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write to this file instead of standard output; of several pages, into this directory.",
        ),
    ] = None,
    figures: Annotated[
        Literal["mermaid", "svg", "none"],
        typer.Option(help="Figures in Markdown: as Mermaid diagrams, as image files, or in words."),
    ] = "mermaid",
    front_matter: Annotated[
        bool, typer.Option("--front-matter", help="Begin Markdown with the sheet's identity as YAML.")
    ] = False,
    no_config: Annotated[
        bool, typer.Option("--no-config", help="Leave pyproject.toml, and templates that it names, aside.")
    ] = False,
) -> None:
    """Write the sheet as a page for one role, for each, or all of it: Markdown, HTML, PDF."""
    raise typer.Exit(
        render(sheet, RenderRequest(role, output_format, output, figures, front_matter, no_config))
    )
