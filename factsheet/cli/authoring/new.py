"""`factsheet new`: begin a sheet from what a team has."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from factsheet.cli.network import for_chips_alone
from factsheet.cli.options import Output, Template
from factsheet.cli.request_options import CHIP, NETWORK, POINT, takes_request
from factsheet.cli.sheets import deliver, named_roles
from factsheet.cli.terminal import complain
from factsheet.cli.usage.completions import complete_roles
from factsheet.errors import UsageError
from factsheet.readers.stages import StageName
from factsheet.recompute.request import Request


@takes_request(POINT, NETWORK, CHIP)
def command(
    *,
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="[KIND=]SOURCE",
            help="What facts are read from; repeated, the one named first has the say. A config.json or its folder, "
            "a model card, .onnx, .safetensors, package.module:callable, a sheet, results.",
            show_default=False,
        ),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Answers as YAML or JSON, sections as in a sheet or `path: value`; they go before all sources.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(help="What the model is called, where no source says so.", show_default=False),
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROLES",
            help="Whose questions are asked; commas or repeated. [default: every role's]",
            autocompletion=complete_roles,
            show_default=False,
        ),
    ] = None,
    stage: Annotated[StageName, typer.Option(help="The stage that the sheet is to reach.")] = "published",
    template: Template = None,
    request: Request,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write what was taken from where, and what was not, as JSON.",
            show_default=False,
        ),
    ] = None,
    hardware_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the hardware that an analog recipe describes, for `factsheet simulate --hardware FILE`.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    ask: Annotated[
        bool, typer.Option("--ask", help="Then put the open questions at the terminal, as `answer` does.")
    ] = False,
    output: Output = None,
) -> None:
    """Begin a sheet from what a team has: facts of its files, what follows from them, a question for each gap.

    Example:
      factsheet new --from config.json -o sheet.yaml
      factsheet new --from config.json --hardware ibm-2022 --seq-len 128
      factsheet new --template digital-accelerator --name BERT-base
    """
    from factsheet.authoring.beginning import begin_from
    from factsheet.authoring.draft_report import hardware_yaml, report_json, report_lines  # reads sources
    from factsheet.sheet_templates.known_templates import model_named
    from factsheet.source.writing import replace_bytes, write_new

    if ask and (output is None or sys.stdin is None or not sys.stdin.isatty()):
        raise UsageError(
            "--ask puts questions at a terminal, and saves each answer to the new sheet",
            "there is no terminal to answer at" if output is not None else "no file is named for the sheet",
            "run it at a terminal with `-o FILE`, or leave --ask out",
            place="--ask",
        )
    if output is not None and output.exists() and not force:  # said before a network is built
        raise UsageError(
            f"{output} exists, and was left as it is", help="give another name, or `--force` to replace it"
        )
    request = for_chips_alone(request)
    before = output.read_bytes() if output is not None and output.is_file() else None
    model = model_named(template)
    asked = named_roles(role, None if template is None else model.audience.role_names)
    if sources and sys.stderr is not None and sys.stderr.isatty():
        complain(
            f"factsheet: reading {len(sources)} source{'' if len(sources) == 1 else 's'} …"
        )  # a network takes seconds to build
    made = begin_from(
        tuple(sources or ()),
        answers=answers,
        name=name,
        today=datetime.now(UTC).date(),
        request=request,
        roles=asked,
        stage=stage,
        template=None if template is None else model.audience.template,
    )
    if output is not None and before is not None:
        # What was saved since it was looked at was not meant by `--force`.
        replace_bytes(output, before, made.text.encode())
    elif output is None or output.exists():
        deliver(made.text, output)
    else:
        write_new(output, made.text, "it exists; give another name, or `--force` to replace it")
    if report is not None:
        deliver(report_json(made), report)
    for line in report_lines(made, "the sheet" if output is None else str(output)):
        complain(line)
    if hardware_file is not None:  # last: where there is none to write, all else has been written and said
        deliver(hardware_yaml(made), hardware_file)
    if not ask:
        raise typer.Exit(0)
    from factsheet.cli.authoring.answer import interview  # only where somebody is there to answer

    raise typer.Exit(
        interview(output, asked or made.sheet.audience.role_names, stage) if output is not None else 0
    )
