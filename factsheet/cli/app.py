"""The commands and their options. Each parses, calls one function and returns its exit status."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from factsheet.cli import exits
from factsheet.cli.hardware_app import hardware_app
from factsheet.cli.sweep_app import sweep

app = typer.Typer(
    name="factsheet",
    help="FactSheets for analog AI models, checked like code.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(hardware_app)

SheetArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[SHEET]",
        help="The sheet, or `-` for standard input. Left out: the one set in pyproject.toml, else the only one "
        "in the usual places.",
        show_default=False,
    ),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file instead of standard output.")
]

SeqLen = Annotated[
    int | None,
    typer.Option("--seq-len", min=1, max=10**9, help="Tokens in one sequence.", show_default=False),
]
BatchSize = Annotated[
    int | None, typer.Option("--batch", min=1, max=10**9, help="Sequences run together.", show_default=False)
]
TileSize = Annotated[
    str | None,
    typer.Option(
        help="Tile size, `512` or `512x256` (rows x columns), instead of the sheet's.", show_default=False
    ),
]
Convention = Annotated[
    str | None, typer.Option(help="Counting convention for ops, instead of the sheet's.", show_default=False)
]
Digital = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAMES", help="Compute these matrices digitally: lm_head,pooler.", show_default=False
    ),
]
Analog = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAMES", help="Put these matrices on tiles; an embedding only so.", show_default=False
    ),
]
Decode = Annotated[bool, typer.Option("--decode", help="One decode step on a cache as long as the sequence.")]
CacheLength = Annotated[
    int | None,
    typer.Option(min=0, max=10**9, help="One decode step on this many cached tokens.", show_default=False),
]
ImageSize = Annotated[
    str | None,
    typer.Option(help="Size of the image, `224` or `224x320` (height x width).", show_default=False),
]


def main(arguments: list[str]) -> int:
    """Parse the arguments and run the command they name."""
    try:
        app(arguments, prog_name="factsheet")
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else exits.CLEAN
    return exits.CLEAN


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version and exit.")] = False,
) -> None:
    """FactSheets for analog AI models, checked like code."""
    if version:
        from factsheet import __version__  # next to its only use

        typer.echo(f"factsheet {__version__}")
        raise typer.Exit


@app.command()
def validate(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...", help="Sheets, directories that hold some, or `-`.", show_default=False
        ),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            help="Run only rules whose id begins like this; commas or repeated.", show_default=False
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="Leave out rules whose id begins like this.", show_default=False)
    ] = None,
    fail_on: Annotated[
        Literal["error", "warning", "info"] | None,
        typer.Option(
            help="The mildest severity that makes the exit status 1. [default: error]", show_default=False
        ),
    ] = None,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 whatever is found.")] = False,
    output_format: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORMAT[=FILE]",
            help="full, concise, json, github, gitlab, sarif or junit; repeat for several. [default: full]",
            show_default=False,
        ),
    ] = None,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Count the findings of each rule.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Carry out the fixes that are safe.")] = False,
    unsafe_fixes: Annotated[
        bool,
        typer.Option("--unsafe-fixes", help="With --fix or --diff: also those that need a person's eye."),
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.")
    ] = False,
    role: Annotated[
        list[str] | None,
        typer.Option(help="Also check what this role needs; `all` for every role.", show_default=False),
    ] = None,
    stage: Annotated[
        Literal["draft", "review", "published"] | None,
        typer.Option(help="How complete the sheet has to be, instead of its own status.", show_default=False),
    ] = None,
    online: Annotated[bool, typer.Option("--online", help="Also check that links answer.")] = False,
    stdin_filename: Annotated[
        str | None, typer.Option(help="What to call standard input in reports.", show_default=False)
    ] = None,
    no_config: Annotated[bool, typer.Option("--no-config", help="Leave pyproject.toml aside.")] = False,
    show_settings: Annotated[
        bool, typer.Option("--show-settings", help="Print the settings in force.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever a sheet changes.")] = False,
) -> None:
    """Check sheets: syntax, schema, facts against each other and against recomputation, evidence, prose.

    Exit status: 0 nothing found, 1 findings, 2 wrong usage or unreadable input, 3 a fault of factsheet itself.
    """
    from factsheet.cli.asked import asked  # start-up

    raise typer.Exit(
        asked(
            paths or [],
            select=select,
            ignore=ignore,
            fail_on=fail_on,
            exit_zero=exit_zero,
            output_format=output_format,
            statistics=statistics,
            fix=fix,
            unsafe_fixes=unsafe_fixes,
            diff=diff,
            role=role,
            stage=stage,
            online=online,
            stdin_filename=stdin_filename,
            no_config=no_config,
            show_settings=show_settings,
            watch=watch,
        )
    )


@app.command()
def explain(
    rule: Annotated[
        str | None, typer.Argument(help="A rule's id or name, FS204.", show_default=False)
    ] = None,
) -> None:
    """Explain a rule: what it does, why it matters, what fails and what passes; without a rule, list them all."""
    from factsheet.cli.explain import explain as run  # start-up

    raise typer.Exit(run(rule))


@app.command()
def status(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SHEET]...", help="Sheets, directories that hold some, or `-`.", show_default=False
        ),
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            help="Whose needs; commas or repeated. [default: those of pyproject.toml, else all]",
            show_default=False,
        ),
    ] = None,
    output_format: Annotated[
        Literal["text", "markdown", "json"], typer.Option("--format", help="Form of the output.")
    ] = "text",
) -> None:
    """Tell what a sheet answers of each role's needs, in full or in part, says it can not, or leaves open."""
    from factsheet.cli.status import status as run  # start-up

    raise typer.Exit(run(paths or [], role=role, output_format=output_format))


@app.command()
def derive(
    sheet: SheetArgument = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="Take the network from a config.json, .onnx, .pt2, .safetensors or package.module:callable.",
            show_default=False,
        ),
    ] = None,
    seq_len: SeqLen = None,
    batch: BatchSize = None,
    tile: TileSize = None,
    convention: Convention = None,
    digital: Digital = None,
    analog: Analog = None,
    decode: Decode = False,
    cache_length: CacheLength = None,
    image_size: ImageSize = None,
    hardware: Annotated[
        str | None,
        typer.Option(
            metavar="PROFILE",
            help="Estimate time, power and area for this hardware profile, a name or a .yaml file, instead of the "
            "sheet's.",
            show_default=False,
        ),
    ] = None,
    structure: Annotated[
        Literal["batch-synchronous", "sequence-pipelined", "sequential"],
        typer.Option(help="How layers and sequences follow each other on the chip."),
    ] = "batch-synchronous",
    sensitivity: Annotated[
        bool,
        typer.Option("--sensitivity", help="Show how far each constant of the chip moves each figure."),
    ] = False,
    output_format: Annotated[
        Literal["table", "json"], typer.Option("--format", help="Form of the output.")
    ] = "table",
    explain: Annotated[
        str | None, typer.Option(metavar="FACT", help="Show the arithmetic of one fact.", show_default=False)
    ] = None,
    output: Output = None,
) -> None:
    """Recompute what a sheet claims: ops, tiles, sizes, averages, time, power and area, and what its figures imply.

    Each derived fact stands beside the sheet's claim with a verdict: agrees, rounds to, within, or differs by.
    """
    from factsheet.cli.derive import derive as run  # start-up
    from factsheet.cli.network import Asked

    raise typer.Exit(
        run(
            sheet,
            seq_len=seq_len,
            batch=batch,
            tile=tile,
            convention=convention,
            output_format=output_format,
            explain=explain,
            sensitivity=sensitivity,
            asked=Asked(
                digital or (), analog or (), decode, cache_length, image_size, model, hardware, structure
            ),
            output=output,
        )
    )


@app.command()
def inspect(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="A sheet, config.json, .onnx, .pt2, .safetensors or package.module:callable, which is run.",
        ),
    ],
    seq_len: SeqLen = None,
    batch: BatchSize = None,
    tile: TileSize = None,
    convention: Convention = None,
    digital: Digital = None,
    analog: Analog = None,
    decode: Decode = False,
    cache_length: CacheLength = None,
    image_size: ImageSize = None,
    depth: Annotated[
        int | None,
        typer.Option(
            min=0, max=50, help="Parts of a name to tell apart; the rest is added up.", show_default=False
        ),
    ] = None,
    output_format: Annotated[
        Literal["table", "json", "csv", "markdown"], typer.Option("--format", help="Form of the output.")
    ] = "table",
    output: Output = None,
) -> None:
    """List a network's operators: size, calls, side, ops, tiles and reuse; blocks that repeat are put together."""
    from factsheet.cli.inspect import inspect as run  # start-up
    from factsheet.cli.network import Asked

    raise typer.Exit(
        run(
            source,
            seq_len=seq_len,
            batch=batch,
            tile=tile,
            convention=convention,
            depth=depth,
            output_format=output_format,
            asked=Asked(digital or (), analog or (), decode, cache_length, image_size),
            output=output,
        )
    )


app.command()(sweep)


@app.command()
def simulate(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="package.module:callable that returns a torch module, which is run; or a sheet, for its matrices.",
        ),
    ],
    times: Annotated[
        list[str] | None,
        typer.Option(
            "--times",
            help="Times after programming; commas or repeated. [default: 1h,1d,1w,4w,1y]",
            show_default=False,
        ),
    ] = None,
    repeats: Annotated[int, typer.Option(help="How often everything is programmed anew.")] = 20,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="module:callable",
            help="Returns a function from a model to its score. Left out: the error of products, layer by layer.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**62, help="Every draw follows from it.")] = 0,
    hardware: Annotated[
        str, typer.Option(help="pcm, reram, ideal, or a .yaml or .json file of hardware values.")
    ] = "pcm",
    tile: TileSize = None,
    compensation: Annotated[
        Literal["none", "global", "column"] | None,
        typer.Option(help="Correction for drift, instead of the hardware's.", show_default=False),
    ] = None,
    digital: Digital = None,
    analog: Analog = None,
    accepted_loss: Annotated[
        str | None,
        typer.Option(
            metavar="SCORE", help="Also tell when this much is lost: `1 %`, or 0.01.", show_default=False
        ),
    ] = None,
    reference: Annotated[
        Literal["first", "digital"],
        typer.Option(help="What a loss is counted from: the first time, or the model in floating point."),
    ] = "first",
    confidence: Annotated[float, typer.Option(help="Of the intervals.")] = 0.9,
    workers: Annotated[
        int, typer.Option(min=1, max=1000, help="Processes that repeats are shared among.")
    ] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Run on a Dask cluster: tcp://192.0.2.7:8786.", show_default=False
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write the results to this file as JSON; beside it, a run that was stopped goes on.",
        ),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="SHEET", help="Write them into this sheet as simulated facts."),
    ] = None,
    chart: Annotated[
        Path | None, typer.Option("--chart", help="Draw scores over time into this .svg or .png file.")
    ] = None,
) -> None:
    """Simulate a model on noisy, drifting crossbars: scores over time, with their spread, and when to program again."""
    from factsheet.cli.simulate import simulate as run  # start-up
    from factsheet.cli.simulate_setup import SimulateAsked

    raise typer.Exit(
        run(
            SimulateAsked(
                source,
                times or ["1h,1d,1w,4w,1y"],
                repeats,
                data,
                seed,
                hardware,
                tile,
                compensation,
                digital or (),
                analog or (),
                accepted_loss,
                reference,
                confidence,
                workers,
                scheduler,
                output,
                write,
                chart,
            )
        )
    )


@app.command()
def render(
    sheet: SheetArgument = None,
    role: Annotated[
        str,
        typer.Option(
            help="Whose view: hardware-researcher, algorithm-designer, data-scientist, ai-engineer, "
            "software-developer, business-expert, full; or all, one file each."
        ),
    ] = "full",
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="md|html|pdf|all",
            help="Form of the output. [default: by the ending of --output, else md]",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write to this file instead of standard output; of several pages, into this directory.",
        ),
    ] = None,
    figures: Annotated[
        Literal["mermaid", "svg", "none"],
        typer.Option(help="Figures in Markdown: as Mermaid diagrams, as image files, or in words."),
    ] = "mermaid",
    front_matter: Annotated[
        bool, typer.Option("--front-matter", help="Begin Markdown with the sheet's identity as YAML.")
    ] = False,
    no_config: Annotated[
        bool, typer.Option("--no-config", help="Leave pyproject.toml, and templates that it names, aside.")
    ] = False,
) -> None:
    """Write the sheet as a page for one role, for each, or all of it: Markdown, HTML, PDF."""
    from factsheet.cli.render import Asked as Wanted  # start-up
    from factsheet.cli.render import render as run

    raise typer.Exit(run(sheet, Wanted(role, output_format, output, figures, front_matter, no_config)))


@app.command()
def preview(
    sheet: SheetArgument = None,
    role: Annotated[
        str, typer.Option(help="Whose view the page opens on; the others are a click away.")
    ] = "full",
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="Where to listen; 0 takes any free port. [default: 8620, or a free one if that is taken]",
            show_default=False,
        ),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the page.")] = False,
) -> None:
    """Show the sheet in the browser and load it again whenever it is saved; on this machine alone."""
    from factsheet.cli.preview import preview as run  # start-up

    raise typer.Exit(run(sheet, role=role, port=port, browser=not no_browser))


@app.command()
def schema(output: Output = None) -> None:
    """Write the JSON Schema (2020-12) of a sheet, for editors and other tools."""
    from factsheet.cli.schema import schema as run  # start-up

    raise typer.Exit(run(output))
