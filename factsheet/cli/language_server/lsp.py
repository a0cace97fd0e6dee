"""`factsheet lsp`: answer an editor about the sheets that are open in it."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Annotated

import typer

from factsheet.cli import exits
from factsheet.errors import UsageError
from factsheet.installation import install_command

if TYPE_CHECKING:
    from collections.abc import Iterator


def serve_editor(rule_pages: str | None) -> int:
    """Answer the editor at the other end of standard input and output, and return the exit status.

    Raises:
        UsageError: there is no editor at the other end, or the extra `lsp` is not installed.
    """
    if rule_pages is not None and not re.fullmatch(r"(?:https?|file)://[^\s\x00-\x1f]{1,500}", rule_pages):
        raise UsageError(
            f"`{rule_pages[:60]}` is no address",
            help="give one that begins with https://, http:// or file://, below which a page for each rule is",
            place="--rule-pages",
        )
    if sys.stdin is None or sys.stdout is None or sys.stdin.isatty():
        raise UsageError(
            "`factsheet lsp` answers an editor, and here is none",
            "the protocol goes over standard input and output, which are a terminal or closed",
            "let the editor start it; docs/editors.md has the settings of VS Code, Neovim, JetBrains and Helix",
        )
    try:
        from factsheet.language_server.serving import serve  # pygls takes 0.3 s, and is an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"pygls", "lsprotocol", "cattrs", "attrs"}:
            raise
        raise UsageError(
            "the language server needs pygls, which is not installed",
            "messages to and from editors are read and written by it",
            f"install it with {install_command('lsp')}",
        ) from None
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    with redirect_stdout(sys.stderr), _pipes_kept():  # whatever prints, an editor reads nothing but messages
        try:
            waiting = serve(stdin, stdout, rule_pages=rule_pages)
        except (
            SystemExit
        ) as exit_:  # how pygls ends: 1 where the editor said `exit` and not `shutdown` before
            return exit_.code if isinstance(exit_.code, int) else exits.CLEAN
        except KeyboardInterrupt:
            os._exit(exits.INTERRUPTED)  # see below
    if waiting:
        # A thread still reads from an editor that stays silent: the end of Python would wait for it, or abort.
        os._exit(exits.CLEAN)
    return exits.CLEAN


@contextmanager
def _pipes_kept() -> Iterator[None]:
    """Within this context, an editor that reads no more ends no process: what was written for it is removed first."""
    if not hasattr(signal, "SIGPIPE") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGPIPE, before)


def command(
    *,
    stdio: Annotated[  # noqa: ARG001  clients of the protocol give it, and there is no other way
        bool,
        typer.Option("--stdio", help="Use standard input and output, as it does anyway; editors give it."),
    ] = False,
    rule_pages: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Where a page for each rule is, `ADDRESS/FS204.md`. [default: pages on this machine]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Answer an editor about the sheets open in it: findings, fixes, completion, what recomputation says.

    It is a language server: editors start it and stop it. docs/editors.md has their settings.

    Example:
      factsheet lsp --stdio
      factsheet lsp --rule-pages https://example.org/factsheet/rules
    """
    raise typer.Exit(serve_editor(rule_pages))
