"""`factsheet render`: write the sheet as pages, for one reader or each, in one format or all."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import typer

from factsheet.api.fact_sheet import FactSheet
from factsheet.cli import exits
from factsheet.cli.options import SheetArgument
from factsheet.cli.render.reproducible import build_moment
from factsheet.cli.render.stale_pages import PagesThere, report_stale
from factsheet.cli.render.user_files import logo_of_user, templates_of_user
from factsheet.cli.review.files import reviews_of
from factsheet.cli.sheets import deliver, open_sheet
from factsheet.cli.terminal import complain
from factsheet.cli.usage.completions import complete_views
from factsheet.cli.usage.format_option import format_option
from factsheet.errors import UsageError
from factsheet.pages.options import MarkdownFigures, RenderOptions
from factsheet.pages.rendering import FORMATS, PageSet
from factsheet.readers.audience import STUDY, Audience
from factsheet.readers.roles import ViewName
from factsheet.reports.format_names import format_named

EVERY = "all"
_DEFAULT_FORMAT = "md"
_TEXT_ENDINGS = ("", ".markdown", ".txt")
"""Endings beside its own that Markdown is written to without being named."""
_STDIN_NAME = "factsheet"


class RenderRequest(NamedTuple):
    """What the command line asks for.

    Attributes:
        form: a format's name, `all`, or `None` where the name of the output says it.
        figures: how Markdown shows figures; `None` for image files beside a page that is a file, else words.
        check: whether files are compared with what would be written, and nothing is written.
    """

    role: str
    form: str | None
    output: Path | None
    figures: MarkdownFigures | None
    front_matter: bool
    no_config: bool = False
    appendix: bool = False
    check: bool = False


class _Job(NamedTuple):
    """One file to write; `None` is standard output."""

    view: ViewName
    form: str
    file: Path | None


def render(sheet: str | None, request: RenderRequest) -> int:
    """Write the pages.

    Raises:
        FactsheetError: an unknown role or format, a sheet that cannot be read, a template that is broken, or output
            that cannot go where it should.
    """
    forms = _forms(request)
    shown, factsheet = open_sheet(sheet)
    views = _views(request.role, factsheet.audience)
    stem = _STDIN_NAME if shown == "<stdin>" else Path(shown).stem
    jobs = _jobs(views, forms, request.output, stem)
    options = RenderOptions(
        overrides=None if request.no_config else templates_of_user(),
        figures=request.figures or _figures(request.output),
        front_matter=request.front_matter,
        digest=digest_of(factsheet),
        reviews=reviews_of(shown, factsheet),
        created=build_moment(),
        appendix=request.appendix,
        logo=None if request.no_config else logo_of_user(),
        warn=lambda said: complain(f"warning: {said}"),
    )
    pages = PageSet(factsheet, options)
    if request.check:
        rendered = (file for job in _to_files(jobs) for file in _rendered(pages, job, job.file))
        return report_stale(shown, rendered, _pages_there(request, forms, stem))
    if len(jobs) > 1 and "pdf" in forms:
        from factsheet.pages.formats.pdf import check_available  # WeasyPrint, only where a PDF is asked for

        check_available()  # before there are half of the pages
    if len(jobs) > 1 and request.output is not None:
        _make(request.output)
    for job in _shown_at_work(jobs):
        _write(pages, job)
    return exits.CLEAN


def digest_of(sheet: FactSheet) -> str:
    """Return the digest of a sheet's text, for a page to say which sheet it shows."""
    return f"sha256:{sha256(sheet.to_yaml().encode('utf-8', 'surrogatepass')).hexdigest()}"


def _views(role: str, audience: Audience) -> tuple[ViewName, ...]:
    return audience.view_names if role == EVERY else (view_named(role, audience),)


def view_named(role: str, audience: Audience = STUDY) -> ViewName:
    """Return the view that `--role` names.

    Raises:
        UsageError: there is none of that name.
    """
    for view in audience.view_names:
        if role == view:
            return view
    raise UsageError(
        f"there is no view `{role[:60]}`",
        help=f"the views are {', '.join(audience.view_names)}; `full` shows everything, `all` writes every view",
        place="--role",
        candidates=audience.view_names,
    )


def _forms(request: RenderRequest) -> tuple[str, ...]:
    """Return the formats; without a name, the one of the output's ending."""
    if request.form == EVERY:
        return tuple(FORMATS)
    ending = None if request.output is None else request.output.suffix.lower()
    known = (*_TEXT_ENDINGS, *(form.suffix for form in FORMATS.values()))
    one = request.role != EVERY and request.output is not None and not request.output.is_dir()
    if request.form is None and one and ending not in known:
        raise UsageError(
            f"no format has the ending {ending}",
            help="say with --format what to write: markdown, html, pdf",
            place=f"--output {request.output}",
        )
    by_ending = next((name for name, form in FORMATS.items() if form.suffix == ending), _DEFAULT_FORMAT)
    return (by_ending if request.form is None else format_named(request.form, FORMATS),)


def _jobs(
    views: Sequence[ViewName], forms: Sequence[str], output: Path | None, stem: str
) -> tuple[_Job, ...]:
    """Return what goes where: one page to a file or to standard output, several into a directory."""
    several = len(views) * len(forms) > 1
    if several and output is None:
        raise UsageError(
            f"{len(views) * len(forms)} files are to be written",
            help="name a directory for them with --output",
        )
    if output is None or (not several and not output.is_dir()):
        return (_Job(views[0], forms[0], output),)
    if output.exists() and not output.is_dir():
        raise UsageError(
            "several files are to be written, and this is no directory", place=f"--output {output}"
        )
    return tuple(
        _Job(view, form, output / f"{stem}-{view}{FORMATS[form].suffix}") for view in views for form in forms
    )


def _pages_there(request: RenderRequest, forms: Sequence[str], stem: str) -> PagesThere | None:
    if request.role != EVERY or request.output is None:
        return None
    from factsheet.sheet_templates.known_templates import known_roles  # reads every template

    return PagesThere(request.output, stem, FORMATS[forms[0]].suffix, (*known_roles(), "full"))


class _FileJob(NamedTuple):
    """One page that is a file, and can be compared with what is there."""

    view: ViewName
    form: str
    file: Path


def _to_files(jobs: Sequence[_Job]) -> Iterator[_FileJob]:
    """Yield what can be compared with files that are there.

    Raises:
        UsageError: a page goes to standard output, or is a PDF.
    """
    for view, form, file in jobs:
        if file is None:
            raise UsageError(
                "pages are compared with the files that hold them, and no file is named",
                help="name it with --output, as when it was written",
                place="--check",
            )
        if FORMATS[form].binary:
            raise UsageError(
                f"a {FORMATS[form].suffix[1:].upper()} cannot be compared",
                "its bytes depend on the fonts of the machine and on the version of the library that writes it",
                "check the Markdown or HTML page of the same sheet",
                place="--check",
            )
        yield _FileJob(view, form, file)


def _shown_at_work(jobs: Sequence[_Job]) -> Sequence[_Job]:
    """Return the jobs, with a progress bar on standard error where there are many and somebody is looking."""
    if len(jobs) == 1 or sys.stderr is None or not sys.stderr.isatty():
        return jobs
    from rich.console import Console  # 40 ms that only a bar needs
    from rich.progress import track

    return list(track(jobs, "Writing pages", console=Console(stderr=True), transient=True))


def _figures(output: Path | None) -> MarkdownFigures:
    """Return how figures are shown where nothing is asked for: beside a pipe there is no place for files."""
    piped = output is None or (output.exists() and not output.is_file() and not output.is_dir())
    return "none" if piped else "svg"


def _write(pages: PageSet, job: _Job) -> None:
    if job.file is None:
        _to_standard_output(pages, job)
        return
    # The page first: where it may not be written, its figures are not left behind.
    for file, content in _rendered(pages, job, job.file):
        if file != job.file:
            _make(file.parent)
        deliver(content, file)


def _rendered(pages: PageSet, job: _Job | _FileJob, file: Path) -> Iterator[tuple[Path, str | bytes]]:
    """Yield the page with its file, then the figures beside it with theirs."""
    folder = f"{file.stem}-figures"
    content, figures = pages.render_with_files(job.view, job.form, folder)
    yield file, content
    for name, drawing in figures.items():
        yield file.parent / folder / name, drawing


def _to_standard_output(pages: PageSet, job: _Job) -> None:
    form = FORMATS[job.form]
    if form.binary and sys.stdout is not None and sys.stdout.isatty():
        raise UsageError(
            f"a {form.suffix[1:].upper()} is not for a terminal", help="name a file for it with --output"
        )
    content, files = pages.render_with_files(job.view, job.form, "")
    if files:
        raise UsageError("figures as files need a page that is a file too", help="name it with --output")
    deliver(content, None)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot be made: {error.strerror}", place=f"--output {folder}") from None


def command(
    *,
    sheet: SheetArgument = None,
    role: Annotated[
        str,
        typer.Option(
            metavar="ROLE",
            autocompletion=complete_views,
            help="Whose view: hardware-researcher, algorithm-designer, data-scientist, ai-engineer, "
            "software-developer, business-expert, full; or all, one file each.",
        ),
    ] = "full",
    output_format: Annotated[
        str | None,
        format_option(
            "markdown",
            "html",
            "pdf",
            "all",
            note="Form of the output. [default: by the ending of --output, else markdown]",
            default=False,
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
        Literal["svg", "mermaid", "none"] | None,
        typer.Option(
            help="Figures in Markdown: as image files, as Mermaid diagrams where those can be read, or in words. "
            "[default: svg beside a file, none to standard output]",
            show_default=False,
        ),
    ] = None,
    front_matter: Annotated[
        bool, typer.Option("--front-matter", help="Begin Markdown with the sheet's identity as YAML.")
    ] = False,
    appendix: Annotated[
        bool,
        typer.Option(
            "--appendix",
            help="Let a PDF go on with operating points, workings and the whole sheet behind what its reader gets.",
        ),
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Write nothing; the exit status is 1 where a page is not what the sheet gives now.",
        ),
    ] = False,
    no_config: Annotated[
        bool, typer.Option("--no-config", help="Leave pyproject.toml, and templates that it names, aside.")
    ] = False,
) -> None:
    """Write the sheet as a page for one role, for each, or all of it: Markdown, HTML, PDF.

    Example:
      factsheet render sheets/bert.yaml --role data-scientist -o bert.html
      factsheet render sheets/bert.yaml --role all --format all -o pages
      factsheet render sheets/bert.yaml --role all -o docs/sheet --check
    """
    raise typer.Exit(
        render(
            sheet,
            RenderRequest(role, output_format, output, figures, front_matter, no_config, appendix, check),
        )
    )
