"""Reads workflow commands back as the runner of GitHub Actions does.

From the runner's `ActionCommand.cs` (`TryParseV2` and its tables of escapes): a command is a line that begins with
`::`; its properties end at the next `::`; values are unescaped, the percent sign last.
"""

from __future__ import annotations

from typing import NamedTuple

_DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
_PROPERTY = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    message: str


def read_commands(log: str) -> list[Command]:
    return [_read(line) for line in log.split("\n") if line]


def _read(line: str) -> Command:
    assert line.startswith("::"), line
    head, separator, message = line[2:].partition("::")
    assert separator, line
    name, _, listed = head.partition(" ")
    pairs = [pair.split("=", 1) for pair in listed.split(",")]
    return Command(
        name, {key: _unescape(value, _PROPERTY) for key, value in pairs}, _unescape(message, _DATA)
    )


def _unescape(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    for escape, character in escapes:
        text = text.replace(escape, character)
    return text
