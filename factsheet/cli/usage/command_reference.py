"""Write the reference of the commands from the program itself, as a page of Markdown and as a manual page.

`python -m factsheet.cli.usage.command_reference docs/cli.md docs/man/factsheet.1` writes both anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from factsheet.cli.app import COMMANDS, GROUPS, app_of
from factsheet.cli.usage.completing import PROGRAM
from factsheet.cli.usage.help_pages import first_paragraph, split_help
from factsheet.source.writing import write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_EXIT_STATUSES = {
    0: "Nothing found at or above `--fail-on`, and everything done that was asked for.",
    1: "Findings at or above `--fail-on`, or a sheet or profile with faults.",
    2: "Wrong usage or settings, or input that cannot be read; the message says what to do.",
    3: "A fault of the program's own.",
    130: "Ended by Ctrl-C.",
}
_ENVIRONMENT = {
    "NO_COLOR": "Set to anything: no colour.",
    "FORCE_COLOR": "Set to anything: colour where the output is no terminal too.",
    "FACTSHEET_FOLLOW_LINKS": "`1`: symbolic links out of the working directory are followed.",
    "FACTSHEET_ALLOW_PRIVATE": "`1`: `--online` opens addresses of private networks.",
    "FACTSHEET_DEBUG": "`1`: an error shows where in the program it was raised.",
}
_INTRODUCTION = (
    "Every command with its arguments, options and examples, as `factsheet COMMAND --help` shows them; "
    "[commands.md](commands.md) says what each is for, and shows what it prints. This page and the manual page, "
    "`man factsheet`, are made by `python -m factsheet.cli.usage.command_reference docs/cli.md docs/man/factsheet.1`."
)


@dataclass(frozen=True)
class CommandUsage:
    """The help of one command in its parts.

    Attributes:
        name: as it is typed behind the program's name; two words for a command of a group.
        usage: the line that says what is typed behind the name.
        paragraphs: what the command does.
        arguments: what stands without a name, each with its help.
        options: each way to write an option, with its help.
        examples: whole command lines.
    """

    name: str
    usage: str
    paragraphs: tuple[str, ...]
    arguments: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...]
    examples: tuple[str, ...]


def all_usages() -> Iterator[CommandUsage]:
    """Yield every command in the order of `--help`, those of groups last."""
    program: Any = typer.main.get_command(app_of(*COMMANDS, *GROUPS))
    for name in COMMANDS:
        yield _usage(name, program.commands[name])
    for name in GROUPS:
        for below, command in program.commands[name].commands.items():
            yield _usage(f"{name} {below}", command)


def page_text() -> str:
    """Return docs/cli.md as it has to be."""
    return as_markdown(all_usages())


def manual_text() -> str:
    """Return docs/man/factsheet.1 as it has to be."""
    return as_manual_page(all_usages())


def as_markdown(usages: Iterable[CommandUsage]) -> str:
    """Return the reference as a page of Markdown."""
    parts = ["# Commands and options", _INTRODUCTION]
    for usage in usages:
        parts += [f"## factsheet {usage.name}", f"`{usage.usage}`", *map(_prose, usage.paragraphs)]
        for title, entries in (("Arguments:", usage.arguments), ("Options:", usage.options)):
            if entries:
                parts += [title, "\n".join(f"- `{name}`: {_prose(text)}" for name, text in entries)]
        if usage.examples:
            parts.append("\n".join(["```sh", *usage.examples, "```"]))
    parts += ["## Exit status", "\n".join(f"- {code}: {text}" for code, text in _EXIT_STATUSES.items())]
    parts += ["## Environment", "\n".join(f"- `{name}`: {text}" for name, text in _ENVIRONMENT.items())]
    return "\n\n".join(part for part in parts if part) + "\n"


def as_manual_page(usages: Iterable[CommandUsage]) -> str:
    """Return the reference in the language of `man`."""
    lines = [
        '.\\" Written by factsheet.cli.usage.command_reference.',
        '.TH FACTSHEET 1 "" factsheet "User Commands"',
        ".SH NAME",
        r"factsheet \- check, recompute, simulate and show FactSheets for analog AI models",
        ".SH SYNOPSIS",
        ".B factsheet",
        _roff("COMMAND [OPTIONS] [ARGUMENTS]"),
        ".SH COMMANDS",
    ]
    for usage in usages:
        lines += [f".SS {_roff(usage.usage)}", *_roff_paragraphs(usage.paragraphs)]
        for name, text in (*usage.arguments, *usage.options):
            lines += [".TP", f"\\fB{_roff(name)}\\fR", _roff(text)]
        if usage.examples:
            lines += [".PP", "Example:", ".PP", ".nf", *map(_roff, usage.examples), ".fi"]
    for title, entries in (("EXIT STATUS", _EXIT_STATUSES), ("ENVIRONMENT", _ENVIRONMENT)):
        lines.append(f".SH {title}")
        for key, text in entries.items():
            lines += [".TP", f"\\fB{_roff(str(key))}\\fR", _roff(text)]
    return "\n".join(lines) + "\n"


def _usage(name: str, command: Any) -> CommandUsage:
    context = command.make_context(f"{PROGRAM} {name}", [], resilient_parsing=True)
    text, examples = split_help(command.help)
    records = [
        (parameter.param_type_name, *parameter.get_help_record(context))
        for parameter in command.params
        if parameter.get_help_record(context)
    ]
    return CommandUsage(
        name=name,
        usage=" ".join(command.get_usage(context).removeprefix("Usage:").split()),
        paragraphs=tuple(first_paragraph(part) for part in text.split("\n\n") if part.strip()),
        arguments=tuple((left, right) for kind, left, right in records if kind == "argument"),
        options=tuple((left, " ".join(right.split())) for kind, left, right in records if kind == "option"),
        examples=tuple(examples),
    )


def _prose(text: str) -> str:
    """Return a text in which Markdown finds nothing but code: help texts are plain."""
    pieces = re.split(r"(`[^`]*`)", text)
    return "".join(
        piece if piece.startswith("`") else re.sub(r"([\\*_\[])", r"\\\1", piece).replace("<", "&lt;")
        for piece in pieces
    )


def _roff_paragraphs(paragraphs: Iterable[str]) -> Iterator[str]:
    for number, text in enumerate(paragraphs):
        if number:
            yield ".PP"
        yield _roff(text)


def _roff(text: str) -> str:
    """Return a line of text that `man` shows as it is."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


if __name__ == "__main__":
    import argparse

    parser = argparse.ArgumentParser(description="Write the reference of the commands.")
    parser.add_argument("page", type=Path, help="docs/cli.md")
    parser.add_argument("manual", type=Path, help="docs/man/factsheet.1")
    given = parser.parse_args()
    write_atomic(given.page, page_text())
    given.manual.parent.mkdir(exist_ok=True)
    write_atomic(given.manual, manual_text())
