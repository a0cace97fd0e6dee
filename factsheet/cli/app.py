"""The commands of the program, each in a module of its own that is imported when it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Annotated, NamedTuple

import typer

from factsheet.cli import exits
from factsheet.cli.usage.completing import PROGRAM, prepare_answer, words_typed
from factsheet.cli.usage.help_pages import WIDEST, HelpCommand, HelpGroup, SheetCommand, SheetGroup


class CommandEntry(NamedTuple):
    """Where a command is defined, and what it does: the first sentence of its own help, for the list of commands."""

    place: str
    summary: str


COMMANDS = {
    "new": CommandEntry(
        "authoring.new:command",
        "Begin a sheet from what a team has: facts of its files, what follows from them, a question for each gap.",
    ),
    "validate": CommandEntry(
        "validate.validate_command:command",
        "Check sheets: syntax, schema, facts against each other and against recomputation, evidence, prose.",
    ),
    "explain": CommandEntry(
        "explain:command",
        "Explain a rule, what it does, why it matters and how to fix it, or a field; without either, list all rules.",
    ),
    "fields": CommandEntry(
        "fields:command",
        "List what a sheet can state: each field with its question, unit, limits and example, who asks and who knows.",
    ),
    "set": CommandEntry(
        "editing:set_command",
        "Set facts of a sheet by their path; each value is checked before anything is written.",
    ),
    "get": CommandEntry(
        "editing:get_command",
        "Print facts of a sheet by their path, as they are written; the exit status is 1 where one has no value.",
    ),
    "unset": CommandEntry(
        "editing:unset_command",
        "Remove facts of a sheet by their path; comments and layout of the rest stay as they are.",
    ),
    "answer": CommandEntry(
        "authoring.answer:command",
        "Answer the open questions of a sheet, one at a time; each answer is checked, and saved before the next.",
    ),
    "fill": CommandEntry(
        "authoring.fill:command",
        "Fill a sheet with all that can be computed, estimated or imported, each fact with its provenance.",
    ),
    "status": CommandEntry(
        "status:command",
        "Show what a sheet answers of each role's needs and of what its stage asks for: in full, in part, or not.",
    ),
    "todo": CommandEntry(
        "todo:command",
        "List the facts that a sheet still owes its readers: who asks for each, who could answer it, and how.",
    ),
    "compare": CommandEntry(
        "comparing.compare:command",
        "Put sheets, versions of one, or a sheet and digital devices side by side, in the same units.",
    ),
    "diff": CommandEntry(
        "comparing.diff:command",
        "Say what changed from one version of a sheet to another: by what it says, not by its lines.",
    ),
    "log": CommandEntry(
        "comparing.log:command",
        "Show how facts of a sheet changed over its revisions in git, the newest first.",
    ),
    "migrate": CommandEntry(
        "comparing.migrate:command",
        "Bring sheets to the version of the schema that this program knows; comments and layout stay as they are.",
    ),
    "derive": CommandEntry(
        "derive.derive_command:command",
        "Recompute what a sheet claims: ops, tiles, sizes, averages, time, power and area, and what its figures "
        "imply.",
    ),
    "inspect": CommandEntry(
        "inspect:command",
        "List a network's operators: size, calls, side, ops, tiles and uses; blocks that repeat are put together.",
    ),
    "sweep": CommandEntry(
        "sweep.sweep_command:command",
        "Estimate time, energy, power and area over sequence lengths, batches, tile sizes, chips and networks.",
    ),
    "simulate": CommandEntry(
        "simulate.simulate_command:command",
        "Simulate a model on noisy, drifting crossbars: scores over time, with their spread, and when to program "
        "again.",
    ),
    "rpu-config": CommandEntry(
        "simulate.rpu_config_command:command",
        "Write hardware, and a sheet's recipe, as the rpu_config of IBM's analog toolkits, in JSON.",
    ),
    "render": CommandEntry(
        "render.render_command:command",
        "Write the sheet as a page for one role, for each, or all of it: Markdown, HTML, PDF.",
    ),
    "export": CommandEntry(
        "exchange.export:command",
        "Write the sheet in a format of other tools, and list what it cannot hold.",
    ),
    "preview": CommandEntry(
        "render.preview:command",
        "Show the sheet in the browser and load it again whenever it is saved; on this machine alone.",
    ),
    "badge": CommandEntry(
        "render.badge:command",
        "Write a badge of a sheet that says what was checked: errors, recomputed figures that agree, status.",
    ),
    "attest": CommandEntry(
        "attestation.attest:command",
        "Sign a declaration about a sheet: what it says, what follows from it, and which weights and data it is about.",
    ),
    "verify": CommandEntry(
        "attestation.verify:command",
        "Verify a declaration: what is signed, by which key, and which facts, files and results have changed since.",
    ),
    "catalog": CommandEntry(
        "catalog.catalog_command:command",
        "Write a site over many sheets, to search, filter, sort and compare them in a browser, and their index as "
        "JSON.",
    ),
    "find": CommandEntry(
        "catalog.find:command",
        "Find sheets by what they say: by figures, tasks, data sets, metrics and any field.",
    ),
    "schema": CommandEntry(
        "schema:command", "Write the JSON Schema (2020-12) of a sheet, for editors and other tools."
    ),
    "lsp": CommandEntry(
        "language_server.lsp:command",
        "Answer an editor about the sheets open in it: findings, fixes, completion, what recomputation says.",
    ),
    "doctor": CommandEntry(
        "doctor.doctor_command:command",
        "Say what is installed, what is missing and what that costs, and whether the settings can work.",
    ),
    "completion": CommandEntry(
        "usage.completing:command",
        "Print the script by which a shell completes commands, options, roles, formats, fields, rules and profiles.",
    ),
}
"""In the order in which `--help` lists them."""
HARDWARE = {
    "list": "hardware.hardware_command:list_command",
    "show": "hardware.hardware_command:show_command",
    "compare": "hardware.hardware_compare:command",
    "baseline": "hardware.hardware_baseline:command",
    "check": "hardware.hardware_check:command",
}
REVIEW = {
    "score": "review.score:command",
    "form": "review.form:command",
    "add": "review.add:command",
    "summary": "review.summary:command",
}
TEMPLATE = {
    "list": "sheet_templates.template_command:list_command",
    "show": "sheet_templates.template_command:show_command",
    "new": "sheet_templates.template_command:new_command",
    "check": "sheet_templates.template_command:check_command",
}


class CommandGroup(NamedTuple):
    """Commands below one name, with what the list of commands says of them."""

    summary: str
    commands: Mapping[str, str]
    kind: type[HelpGroup] = HelpGroup


GROUPS = {
    "hardware": CommandGroup(
        "Hardware profiles: what is known of chips, each figure with its source and standing.", HARDWARE
    ),
    "review": CommandGroup(
        "Reviews of a sheet by its consumers: score its facts, and see what to improve first.",
        REVIEW,
        SheetGroup,
    ),
    "template": CommandGroup(
        "Templates of sheets: what sheets for other readers and other hardware state, and whom it concerns.",
        TEMPLATE,
    ),
}


READ_SHEETS = frozenset(
    {"validate", "set", "unset", "answer", "fill", "status", "todo", "derive", "inspect", "sweep", "simulate"}
    | {"attest", "verify"}
    | {"render", "preview", "badge", "compare", "diff", "log", "migrate", "catalog", "find", "review"}
    | {"export"}
)
"""Commands, and a group of them, that read sheets."""


def main(arguments: list[str]) -> int:
    """Parse the arguments and run the command they name; no module of another command is imported."""
    typed = words_typed()
    if typed:
        prepare_answer()
    app = app_of(*(typed or arguments[:1]))
    try:
        app(arguments, prog_name=PROGRAM)
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else exits.CLEAN
    return exits.CLEAN


def app_of(*named: str) -> typer.Typer:
    """Return the program with the commands named ready to run, and the others to be listed in its help."""
    app = typer.Typer(
        name=PROGRAM,
        cls=HelpGroup,
        help="FactSheets for analog AI models, checked like code.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDEST},
    )
    app.callback()(root)
    for name, (place, summary) in COMMANDS.items():
        kind = SheetCommand if name in READ_SHEETS else HelpCommand
        if name in named:
            app.command(name, cls=kind)(_function(place))
        else:
            app.command(name, cls=kind, help=summary)(_listed)
    for name, group in GROUPS.items():
        app.add_typer(_group(name, group, ready=name in named))
    return app


def root(
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version and exit.")] = False,
) -> None:
    """FactSheets for analog AI models, checked like code."""
    if version:
        from factsheet._version import __version__  # next to its only use

        typer.echo(f"factsheet {__version__}")
        raise typer.Exit


def _group(name: str, group: CommandGroup, *, ready: bool) -> typer.Typer:
    app = typer.Typer(
        name=name, cls=group.kind, help=group.summary, no_args_is_help=True, rich_markup_mode=None
    )
    for below, place in group.commands.items():
        kind = SheetCommand if name in READ_SHEETS else HelpCommand
        app.command(below, cls=kind)(_function(place) if ready else _listed)
    return app


def _function(place: str) -> Callable[..., None]:
    module, _, name = place.partition(":")
    function: Callable[..., None] = getattr(import_module(f"factsheet.cli.{module}"), name)
    return function


def _listed() -> None:
    """Represent a command in the list of commands while another one is called."""
