"""What `--help` shows: every sentence whole, and examples that can be copied as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from factsheet.cli.outputs import FORCE, OUTPUT_OPTIONS
from factsheet.errors import in_one_line

WIDEST = 100
"""Columns that a help page takes at most; lines of prose beyond that are hard to read."""
_MARK = "Example:"
TEMPLATE = "--template"


class HelpCommand(TyperCommand):
    """A command whose docstring may end in a paragraph `Example:`, with one indented command in each line.

    One that writes a file has the option `--force`, whether it declares it or not.
    """

    def __init__(self, *arguments: Any, params: list[Any] | None = None, **options: Any) -> None:
        params = list(params or ())
        names = {name for parameter in params for name in getattr(parameter, "opts", ())}
        if names.intersection(OUTPUT_OPTIONS) and FORCE not in names:
            params += _force_options()
        super().__init__(*arguments, params=params, **options)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments; a message that repeats them drives no terminal."""
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            # Typer's own errors, whose class is another in each of its versions.
            if hasattr(error, "message"):
                error.message = in_one_line(str(error.message))
            raise

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002  typer's signature
        """Return the first paragraph whole, for the list of commands and for completion; no limit cuts it."""
        return first_paragraph(self.help)

    def format_help_text(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  typer's signature
        """Write what the command does, its paragraphs wrapped."""
        text, _ = split_help(self.help)
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  typer's signature
        """Write the examples, in lines that nothing breaks."""
        _, examples = split_help(self.help)
        if examples:
            formatter.write_paragraph()
            formatter.write(f"{'Example' if len(examples) == 1 else 'Examples'}:\n")
            formatter.write("".join(f"  {line}\n" for line in examples))


def _force_options() -> list[Any]:
    """Return `--force` as typer makes an option of it: what its class takes differs from version to version."""

    def command(
        *,
        force: Annotated[  # read where files are kept from being replaced
            bool,
            typer.Option(
                FORCE,
                expose_value=False,
                help="Replace a file that is there, though factsheet did not write it.",
            ),
        ] = False,
    ) -> None: ...

    app = typer.Typer(add_completion=False)
    app.command()(command)
    return list(typer.main.get_command(app).params)


class SheetCommand(HelpCommand):
    """A command that reads sheets: by templates of the user's own too, where `--template` names one."""

    def __init__(self, *arguments: Any, params: list[Any] | None = None, **options: Any) -> None:
        super().__init__(*arguments, params=[*(params or ()), *_template_options()], **options)


def _template_options() -> list[Any]:
    """Return `--template` likewise; the templates that it names hold for all that the command reads."""

    def command(
        *,
        template: Annotated[
            list[Path] | None,
            typer.Option(
                TEMPLATE,
                metavar="FILE",
                expose_value=False,
                callback=_take_templates,
                help="A template of your own, for a sheet that names it; repeated for several.",
                show_default=False,
            ),
        ] = None,
    ) -> None: ...

    app = typer.Typer(add_completion=False)
    app.command()(command)
    return list(typer.main.get_command(app).params)


def _take_templates(files: list[Path] | None) -> None:
    if files:
        from factsheet.sheet_templates.user_templates import add_templates  # only for a user with some

        add_templates(files)


class HelpGroup(TyperGroup):
    """A group of commands, listed with a whole sentence each."""

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002  typer's signature
        """Return the first paragraph whole; no limit cuts it."""
        return first_paragraph(self.help)


class SheetGroup(HelpGroup):
    """A group whose command `score` goes without saying: `factsheet review bert.yaml`."""

    usual = "score"

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Take a sheet in the place of a command for the usual one's."""
        if args and args[0] not in self.list_commands(ctx) and args[0].endswith((".yaml", ".yml")):
            args = [self.usual, *args]
        return super().resolve_command(ctx, args)


def first_paragraph(text: str | None) -> str:
    """Return the first paragraph of a help text, in one line."""
    return " ".join((text or "").partition("\n\n")[0].split())


def split_help(text: str | None) -> tuple[str, list[str]]:
    """Return a help text without its examples, and the examples."""
    before, mark, after = (text or "").partition(f"\n{_MARK}")
    return before.rstrip(), [line.strip() for line in after.splitlines() if line.strip()] if mark else []
