"""The templates of the user's own: those that the settings list and those that a command was given, and no others.

A sheet is read in many places, most of them far from where options and settings are known, so that what the user has
named holds for all that is read meanwhile. A context variable keeps that apart for each thread and each task.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from factsheet.sheet_templates.template import SheetTemplate

    _Named = Callable[[], tuple[Path, ...]]


def _none() -> tuple[Path, ...]:
    return ()


_named: ContextVar[tuple[Path, ...]] = ContextVar("_named", default=())
_settings: ContextVar[_Named] = ContextVar("_settings", default=_none)


@contextmanager
def using_templates(*files: str | Path) -> Iterator[None]:
    """Within the block, read sheets by these templates too, where they name one of them.

    Args:
        *files: template files; each is read when the first sheet names a template that does not come with the program.
    """
    token = _named.set((*map(Path, files), *_named.get()))
    try:
        yield
    finally:
        _named.reset(token)


@contextmanager
def templates_from(settings: _Named) -> Iterator[None]:
    """Within the block, read sheets by the templates in the files of the settings too.

    Args:
        settings: gives the files; it is called when the first sheet names a template that does not come with the
            program.
    """
    token = _settings.set(settings)
    try:
        with using_templates():
            yield
    finally:
        _settings.reset(token)


def add_templates(files: Iterable[str | Path]) -> None:
    """Read sheets by these templates too, until the block ends that this is called in."""
    _named.set((*map(Path, files), *_named.get()))


def forget_settings() -> None:
    """Read sheets by no templates of the settings, until the block ends that this is called in."""
    _settings.set(_none)


def user_templates() -> tuple[SheetTemplate, ...]:
    """Return the user's templates, those that were named last first.

    Raises:
        SourceUnreadableError: a file cannot be read.
        ConfigurationError: a file is no template.
    """
    paths = (*_named.get(), *_settings.get()())
    return tuple(_read(path, _state_of(path)) for path in dict.fromkeys(paths))


def _state_of(path: Path) -> tuple[int, int] | None:
    """Return what changes with a file's content; `None` where it cannot be looked at, which reading it says."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=32)
def _read(path: Path, state: tuple[int, int] | None) -> SheetTemplate:  # noqa: ARG001  a changed file is read again
    from factsheet.sheet_templates.template import read_template

    return read_template(path)
