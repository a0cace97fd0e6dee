"""Run the template engine: our templates, over them the user's, and faults of a template as errors for people.

Templates run in Jinja's sandbox, as a repository's own ones are somebody's code all the same; they are taken only from
the directory that the user names, never from a sheet. Whatever a template prints is escaped, and a name that does not
exist is a fault, not an empty text.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.errors import TemplateFaultError
from factsheet.resources import resource_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from jinja2 import Environment

ORIGINAL = "original"
"""In front of a template's name: ours, for a user's template of the same name that extends it."""


def environment(
    folder: str,
    *,
    overrides: Path | None = None,
    finalize: Callable[[object], object] | None = None,
    filters: Mapping[str, Callable[..., object]] | None = None,
    preparation: Callable[[str], str] | None = None,
) -> Environment:
    """Return Jinja for one format.

    Args:
        folder: the format's folder, below our templates and below the user's.
        overrides: the user's templates.
        finalize: gets every printed value before it is escaped.
        filters: beside Jinja's own.
        preparation: what is done to the text of our templates before they are compiled; the user's are left as they
            are, so that their faults have the lines that they are on.

    Raises:
        ResourceMissingError: the program's templates are not where they were installed.
    """
    from jinja2 import (
        ChoiceLoader,
        Environment,
        FileSystemLoader,
        PrefixLoader,
        StrictUndefined,
    )  # rendering only
    from jinja2.ext import Extension
    from jinja2.sandbox import SandboxedEnvironment

    class Preparation(Extension):
        """Does to our templates what was asked for."""

        def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002  Jinja's
            """Return what is compiled."""
            if preparation is None or filename is None or not is_ours(Path(filename)):
                return source
            return preparation(source)

    ours = FileSystemLoader(resource_directory("templates") / folder)
    theirs = [] if overrides is None else [FileSystemLoader(overrides / folder)]
    # The sandbox looks at every attribute that a template asks for, a third of the time; ours need no watching.
    kind = Environment if overrides is None else SandboxedEnvironment
    made = kind(
        loader=ChoiceLoader([*theirs, ours, PrefixLoader({ORIGINAL: ours})]),
        extensions=[Preparation],
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= dict(filters or {})
    return made


def is_ours(file: Path) -> bool:
    """Return whether a file is one of the program's templates, not one of the user's."""
    return file.is_relative_to(resource_directory("templates"))


def render_template(made: Environment, name: str, overrides: Path | None, **values: object) -> str:
    """Fill in a template.

    Args:
        made: the environment.
        name: the template.
        overrides: the directory of the user's templates; faults in them are the user's.
        **values: what the template gets to see.

    Raises:
        TemplateFaultError: a template of the user's is wrong.
    """
    from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError  # rendering only

    try:
        return made.get_template(name).render(**values)
    except TemplateSyntaxError as error:
        file = _theirs(error.filename, overrides)
        if file is None:
            raise
        raise TemplateFaultError(file, error.lineno, error.message or "cannot be read") from error
    except UnicodeDecodeError as error:
        file = _not_utf8(overrides)
        if file is None:
            raise
        raise TemplateFaultError(file, 1, "this is not UTF-8 text") from error
    except Exception as error:
        # A template may fail in any way that Python knows; ours must not, so that theirs alone are reported.
        place = _place(error.__traceback__, overrides)
        if place is None:
            raise
        said = str(error) if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}"
        if isinstance(error, TemplateNotFound):
            said = f"there is no template {said}"
        raise TemplateFaultError(*place, " ".join(said.split())) from error


def _not_utf8(overrides: Path | None) -> Path | None:
    """Return the user's template that is no text; the error itself does not name it."""
    for file in (
        () if overrides is None else sorted(found for found in overrides.rglob("*") if found.is_file())
    ):
        try:
            file.read_text("utf-8")
        except UnicodeDecodeError:
            return file
    return None


def _theirs(file: str | None, overrides: Path | None) -> Path | None:
    """Return the file, if it is one of the user's templates."""
    if file is None or overrides is None:
        return None
    path = Path(file)
    return path if path.is_relative_to(overrides) else None


def _place(trace: TracebackType | None, overrides: Path | None) -> tuple[Path, int] | None:
    """Return the innermost line of a user's template in the traceback of an error."""
    found = None
    while trace is not None:
        file = _theirs(trace.tb_frame.f_code.co_filename, overrides)
        found = (file, trace.tb_lineno) if file is not None else found
        trace = trace.tb_next
    return found
