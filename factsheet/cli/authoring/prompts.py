"""Ask a person one thing at a time: a line editor that checks what is typed, or plain prompts where that cannot be."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Protocol

from factsheet.cli.terminal import say
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Check = Callable[[str], str]
    """Returns what is wrong with an answer; empty where it will do."""


class Prompter(Protocol):
    """Somebody to put questions to."""

    def ask(self, prompt: str, check: Check, *, words: Sequence[str] = (), stated: str = "") -> str:
        """Return an answer that the check lets pass.

        Args:
            prompt: what stands before the answer.
            check: what an answer has to pass.
            words: answers to choose from.
            stated: the answer to begin with.

        Raises:
            EOFError: whoever is asked has left.
        """


class PlainPrompter:
    """Questions as lines and answers as lines: for screen readers, dumb terminals and scripts."""

    def ask(self, prompt: str, check: Check, *, words: Sequence[str] = (), stated: str = "") -> str:  # noqa: ARG002
        """Return an answer; one that does not fit is asked for again, with the reason."""
        if sys.stdin is None:
            raise EOFError
        while True:
            sys.stdout.write(prompt)
            sys.stdout.flush()
            line = sys.stdin.readline()
            if not line:
                raise EOFError
            fault = check(line.strip())
            if not fault:
                return line.strip()
            say(f"  {one_line(fault)}")


class LinePrompter:
    """A line that can be edited, with words to choose from, and the verdict on what is typed below it."""

    def ask(self, prompt: str, check: Check, *, words: Sequence[str] = (), stated: str = "") -> str:
        """Return an answer; one that does not fit cannot be entered."""
        from prompt_toolkit import PromptSession  # only where there is a terminal
        from prompt_toolkit.completion import WordCompleter
        from prompt_toolkit.validation import DynamicValidator, Validator

        verdicts: dict[str, str] = {}

        def fault(text: str) -> str:
            if text not in verdicts:
                verdicts[text] = one_line(check(text.strip()))
            return verdicts[text]

        session: PromptSession[str] = PromptSession()

        def below() -> str:
            text = session.default_buffer.text
            return "Enter skips it" if not text.strip() else fault(text) or "it fits"

        def fits() -> Validator:
            # Made for the text that is entered, so that the reason stands where the refusal does.
            reason = fault(session.default_buffer.text)
            return Validator.from_callable(
                lambda text: not fault(text), f"it does not fit: {reason}", move_cursor_to_end=True
            )

        typed: str = session.prompt(
            prompt,
            default=stated,
            completer=WordCompleter(list(words), sentence=True) if words else None,
            validator=DynamicValidator(fits),
            validate_while_typing=False,
            bottom_toolbar=below,
            enable_open_in_editor=False,
        )
        return typed.strip()


def prompter(*, plain: bool) -> Prompter:
    """Return who asks: the line editor, or plain prompts where there is no terminal for it or it is not installed."""
    streams = (sys.stdin, sys.stdout)
    watched = all(stream is not None and stream.isatty() for stream in streams)
    if plain or not watched or os.environ.get("TERM", "dumb") in ("dumb", "unknown"):
        return PlainPrompter()
    try:
        import prompt_toolkit  # noqa: F401  whether it is there
    except ImportError:
        return PlainPrompter()
    return LinePrompter()
