"""Write to the terminal: streams, colour, tables as wide as the window, a progress bar."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from factsheet.reports.text import REPLACEMENT, Style
from factsheet.systems import WINDOWS

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterable, Iterator

    from rich.console import Console
    from rich.table import Table

    from factsheet.networks.operators import Size


def say(text: str, stream: TextIO | None = None, *, commands: bool = False) -> None:
    """Write text and a line break to a stream, standard output by default; nothing where it is closed.

    Args:
        text: what to write.
        stream: where to.
        commands: whether lines are meant to be commands to GitHub's runner, as those of its report are.
    """
    target = sys.stdout if stream is None else stream
    if target is not None:
        text = inert(text, coloured=style_for(target).coloured)
        text = text if commands or "::" not in text else re.sub(_COMMAND, REPLACEMENT, text)
        target.write(text if text.endswith("\n") else text + "\n")


# C0 but for tab and the line breaks, DEL, C1; then embeddings and overrides of direction (Unicode TR 9).
_DRIVING = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]|\r(?!\n)"
_COMMAND = r"(?m)^(?=\s*::[A-Za-z-]+( [^:\n]*)?::)"
"""Before a line that GitHub's runner would take for a command, whatever spaces it begins with."""
_COLOUR = r"\x1b\[[0-9;]*m"


def inert(text: str, *, coloured: bool) -> str:
    """Return a text with U+FFFD for all that drives a terminal, but for colours where the program writes in colour.

    Whoever makes a text cleans the names in it, for their lines too; this is the one place that all texts go through.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return re.sub(f"(?!{_COLOUR})(?:{_DRIVING})" if coloured else _DRIVING, REPLACEMENT, text)


def complain(text: str) -> None:
    """Write text to standard error; nothing where it is closed."""
    if sys.stderr is not None:
        say(text, sys.stderr)


def style_for(stream: TextIO | None) -> Style:
    """Colour only where a person looks, and never against NO_COLOR (https://no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return Style(coloured=False)
    if os.environ.get("FORCE_COLOR"):
        return Style(coloured=True)
    watched = stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
    return Style(coloured=watched and (not WINDOWS or _console_draws(stream)))


_VIRTUAL_TERMINAL = 0x0004
"""`ENABLE_VIRTUAL_TERMINAL_PROCESSING`, of Windows' `SetConsoleMode`."""


def _console_draws(stream: TextIO | None) -> bool:
    """Have a console of Windows read colours as other terminals do; return whether it can, as those since 2016."""
    import ctypes  # on Windows alone
    from importlib import import_module

    mode = ctypes.c_ulong()
    try:
        handle = ctypes.c_void_p(import_module("msvcrt").get_osfhandle(stream.fileno() if stream else -1))
        system = vars(ctypes)["windll"].kernel32
        known = system.GetConsoleMode(handle, ctypes.byref(mode))
        return bool(known and system.SetConsoleMode(handle, mode.value | _VIRTUAL_TERMINAL))
    except (ImportError, KeyError, AttributeError, OSError, ValueError):
        return False


def prepare_streams() -> None:
    """Make sure that no character a sheet can hold ends in an encoding error, nor a closed pipe in a traceback.

    What Windows writes to files and pipes would be in the code page of its language, in which JSON cannot be;
    `PYTHONIOENCODING` still says otherwise.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
            if WINDOWS and not stream.isatty() and not os.environ.get("PYTHONIOENCODING"):
                reconfigure(encoding="utf-8")
    if hasattr(os, "fork"):
        import signal  # POSIX alone has this signal

        # As other filters do: a reader that has seen enough (`| head`) ends the writer quietly.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


_PIPE_WIDTH = 120
_USUAL_WIDTH = 80
_LONGEST = 28
"""Characters of a word that stays in one piece: the name of any derived fact, any number."""


def terminal_width() -> int | None:
    """Return the columns of the terminal that standard output goes to; `None` where it goes elsewhere."""
    if not sys.stdout.isatty():
        return None
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _USUAL_WIDTH
    except OSError:
        return _USUAL_WIDTH


def console_for(buffer: io.StringIO, *, to_file: bool, pipe_width: int = _PIPE_WIDTH) -> Console:
    """Return a console that writes into a buffer as it would to standard output, or to a file."""
    from rich.console import Console  # 40 ms that only tables need

    stream = None if to_file else sys.stdout
    watched = None if to_file else terminal_width()
    width = pipe_width if watched is None else max(watched, 60)
    coloured = style_for(stream).coloured
    return Console(
        file=buffer,
        width=width,
        force_terminal=coloured,
        no_color=not coloured,
        color_system="standard" if coloured else None,
        highlight=False,
        legacy_windows=False,
    )


def print_text(console: Console, text: str) -> None:
    """Write prose as it is."""
    # Markup off: square brackets of a sheet are text. Soft wrap: prose is the terminal's to break.
    console.print(text, markup=False, soft_wrap=True)


def grid_of(*columns: tuple[str, str]) -> Table:
    """Return a table without lines; each column with its title and `left` or `right`."""
    from rich.table import Table  # see `console_for`

    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", show_edge=False)
    for title, justify in columns:
        grid.add_column(title, justify="right" if justify == "right" else "left", overflow="fold")
    return grid


def print_grid(console: Console, grid: Table) -> None:
    """Write a table; where it is wider than the terminal, neither a number nor the name of a row breaks in itself."""
    for column in grid.columns:
        if column.justify == "right" or column is grid.columns[0]:
            words = (word for cell in (column.header, *column.cells) for word in str(cell).split())
            column.min_width = min(max(map(len, words), default=0), _LONGEST)
    console.print(grid, crop=False)


def number(value: float | None) -> str:
    """Return a number with its thousands apart, `-` for none."""
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def sizes_in_words(sizes: Iterable[Size]) -> list[str]:
    """Return the sizes that a network was worked out for, each with where it comes from."""
    return [f"{size.name} {size.value} ({size.origin})" for size in sizes]


def text_of(buffer: io.StringIO) -> str:
    """Return what was written, without spaces at the ends of lines."""
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


@contextmanager
def progress(total: float, what: str) -> Iterator[Callable[[float], None]]:
    """Show how much of something is done; gives the function that says so.

    Args:
        total: how much there is to do.
        what: it, in a word.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # only where somebody watches
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=Console(file=sys.stderr),
        transient=True,
    )
    with bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)
