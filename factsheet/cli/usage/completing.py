"""Shell completion: the script that a shell loads, and the answer to the shell that asks while somebody types.

Both are typer's own. What is ours is that a shell that asks has only the command loaded that is being typed, and
that nothing of the user's is edited: the script is printed, and a line of the shell's own settings loads it.
"""

from __future__ import annotations

import os
from typing import Annotated, Literal

import typer

from factsheet.cli import exits
from factsheet.cli.terminal import say

PROGRAM = "factsheet"
ASKED = "_FACTSHEET_COMPLETE"
"""The variable by which a shell asks, as typer names it."""


def words_typed() -> list[str]:
    """Return the words of the command line that a shell wants completed; none where no shell asks."""
    if not os.environ.get(ASKED):
        return []
    return f"{os.environ.get('COMP_WORDS', '')} {os.environ.get('_TYPER_COMPLETE_ARGS', '')}".split()


def prepare_answer() -> None:
    """Have typer know the shells that it can answer."""
    from typer._completion_classes import (
        completion_init,  # adds nothing to the options, as `add_completion` would
    )

    # Descriptions are one line each; typer has rich wrap them to the width of the terminal, and each line that
    # this breaks off would be offered as a word of its own.
    os.environ["COLUMNS"] = "10000"
    completion_init()


def command(
    *,
    shell: Annotated[
        Literal["bash", "zsh", "fish", "powershell"],
        typer.Argument(metavar="SHELL", help="bash, zsh, fish or powershell.", show_default=False),
    ],
) -> None:
    """Print the script by which a shell completes commands, options, roles, formats, fields, rules and profiles.

    For good, add a line to what the shell reads at its start. In ~/.bashrc: eval "$(factsheet completion bash)";
    in ~/.zshrc, after compinit: eval "$(factsheet completion zsh)"; in PowerShell's $PROFILE:
    factsheet completion powershell | Out-String | Invoke-Expression. For fish, write it where fish looks.

    Example:
      eval "$(factsheet completion bash)"
      factsheet completion fish > ~/.config/fish/completions/factsheet.fish
    """
    from typer._completion_shared import get_completion_script  # what `--show-completion` prints

    say(get_completion_script(prog_name=PROGRAM, complete_var=ASKED, shell=shell))
    raise typer.Exit(exits.CLEAN)
