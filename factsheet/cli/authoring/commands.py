"""The words that steer an interview, at every prompt of it; none of them is ever taken for an answer unless quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from collections.abc import Sequence

CommandName = Literal["back", "skip", "known", "source", "help", "quit"]
COMMANDS: tuple[CommandName, ...] = get_args(CommandName)
_OTHER_WORDS: dict[CommandName, tuple[str, ...]] = {
    "back": ("previous", "prev", "undo", "go back"),
    "skip": ("next", "pass", "skip it"),
    "known": ("list", "show"),
    "source": ("sources",),
    "help": ("h", "commands", "usage", "man"),
    "quit": ("q", "exit", "bye", "stop", "abort", "cancel", "wq"),
}
"""What people type who know other programs."""
_MEANT: dict[str, CommandName] = {word: name for name in COMMANDS for word in (name, *_OTHER_WORDS[name])}
_AROUND = " \t/\\:!.-()"
"""What other programs have around their commands: `:q`, `/help`, `--help`, `exit()`."""


class Typed(NamedTuple):
    """A line that somebody typed: an answer, or a command.

    Attributes:
        text: the line.
        command: what it asks for; empty where it is an answer.
    """

    text: str
    command: CommandName | Literal[""] = ""

    @property
    def notice(self) -> str:
        """What to say of a command that is not spelt as `help` lists it; empty where it is, or is an answer."""
        if not self.command or self.text in ("", "?", self.command):
            return ""
        return f'`{self.text}` is taken as `{self.command}`; an answer of this word goes into quotes: "{self.text}"'


def read_typed(line: str, answers: Sequence[str] = ()) -> Typed:
    """Return what a line means; an empty one skips.

    Args:
        line: what was typed.
        answers: words that are answers here, whatever else they mean.
    """
    text = line.strip()
    if text in answers and text:
        return Typed(text)
    if not text:
        return Typed("", "skip")
    word = text.casefold().strip(_AROUND)
    if not word.strip("?"):
        return Typed(text, "help" if "?" in word else "")
    return Typed(text, _MEANT.get(word, ""))
