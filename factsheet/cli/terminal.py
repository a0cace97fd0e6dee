"""Where output goes and what it may look like there."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from factsheet.report.style import Style


def say(text: str, stream: TextIO | None = None) -> None:
    """Write text and a line break to a stream, standard output by default; nothing where it is closed."""
    target = sys.stdout if stream is None else stream
    if target is not None:
        target.write(text if text.endswith("\n") else text + "\n")


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
    return Style(coloured=watched)


def prepare_streams() -> None:
    """Make sure that no character a sheet can hold ends in an encoding error, nor a closed pipe in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    if hasattr(os, "fork"):
        import signal  # POSIX alone has this signal

        # As other filters do: a reader that has seen enough (`| head`) ends the writer quietly.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
