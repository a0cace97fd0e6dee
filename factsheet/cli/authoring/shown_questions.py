"""Questions of an interview as a terminal shows them, with all that an answer has to be."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

from factsheet.cli.terminal import say
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from factsheet.authoring.questions import OpenQuestion

_WIDTH = 100


def say_wrapped(text: str, indent: str = "") -> None:
    """Write prose as wide as the terminal; as one line where no terminal shows it."""
    if sys.stdout is None or not sys.stdout.isatty():
        say(f"{indent}{text}")
        return
    width = max(min(shutil.get_terminal_size().columns, _WIDTH) - 1, 40)
    begun = "\n" if text.startswith("\n") else ""
    lines = textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    say(begun + "\n".join(lines))


def show_question(question: OpenQuestion, count: int, stated: str, remark: str = "") -> None:
    """Write a question with its form, an example as it would be typed, who asks, and what the sheet says of it."""
    entry = question.entry
    row = ": a new row of the list" if question.takes_rows else ""
    say(f"\n{question.path} ({count} to go){row}")
    say_wrapped(entry.question)
    say_wrapped(entry.meaning, "  ")
    form = "a mapping in braces for each row, or several in brackets" if question.takes_rows else entry.form
    say_wrapped(f"{form}{f'; {entry.limits}' if entry.limits else ''}", "  ")
    say(f"  for example {one_line(question.example)}")  # whole, and on a line of its own, to be copied
    if question.asked_by:
        say_wrapped(f"asked for by {'; '.join(question.asked_by)}", "  ")
    if question.how:
        say_wrapped(question.how, "  ")
    if remark:
        say_wrapped(f"a comment in the sheet: {one_line(remark)}", "  ")
    if stated:
        say(f"  the sheet says: {one_line(stated)}")


def cut(text: str) -> str:
    """Return text as part of one line of a terminal, its end left out where it is long."""
    line = one_line(text)
    return line if len(line) <= 80 else f"{line[:79]}…"  # noqa: PLR2004  a line of a terminal
