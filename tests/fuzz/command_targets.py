"""Command lines: every command and option that the program itself says it has, with values that nobody means."""

from __future__ import annotations

import typing
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from fuzz_cases import ROOT, Case, Target, run_command
from source_targets import SHEET, corpus

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

NOT_RUN = frozenset({"preview", "answer", "score"})
"""They wait for a person: a browser, a terminal."""
NOT_GIVEN = frozenset({"--watch", "--download", "--scheduler", "--ask", "--online"})
"""Options that wait for a change, or for another machine."""


class Option(NamedTuple):
    """An option, or an argument, of a command."""

    names: tuple[str, ...]
    is_flag: bool
    is_argument: bool
    choices: tuple[str, ...]
    metavar: str


@cache
def commands() -> dict[tuple[str, ...], tuple[Option, ...]]:
    """Return every command with its options and arguments, as the program declares them."""
    from typer.main import get_command

    from factsheet.cli.app import COMMANDS, GROUPS, app_of

    return dict(_walk(get_command(app_of(*COMMANDS, *GROUPS)), ()))


def _walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], tuple[Option, ...]]]:
    inner = getattr(command, "commands", None)
    if inner:
        for name, one in inner.items():
            yield from _walk(one, (*path, name))
    else:
        yield path, tuple(_option(one) for one in command.params)


def _option(given: Any) -> Option:
    described = getattr(given, "type_descriptor", None)  # older typers have click's `type`
    known = getattr(given.type, "choices", ()) if described is None else typing.get_args(described.annotation)
    choices = tuple(str(one) for one in known if isinstance(one, str))
    is_argument = type(given).__name__.endswith("Argument")
    flag = bool(getattr(given, "is_flag", False))
    return Option(tuple(given.opts), flag, is_argument, choices, str(given.metavar or ""))


FILES = (
    "sheet.yaml",
    "bert.yaml",
    "config.json",
    "results.csv",
    "README.md",
    "own.yaml",
    "hardware.yaml",
    "rnn.py",
)
PLACES = (
    *FILES,
    "missing.yaml",
    ".",
    "folder",
    "/dev/null",
    "-",
    "",
    "folder/out.md",
    "no/such/place.json",
    "bert.yaml/x",
)
WORDS = (
    *(
        "0",
        "1",
        "-1",
        "8",
        "512",
        "512x256",
        "0x0",
        "1:10:2",
        "16,64",
        "1e308",
        "nan",
        "inf",
        "-inf",
        "1e-400",
        "9" * 400,
    ),
    *(
        "all",
        "none",
        "x",
        "a,b,,c",
        "=1",
        "a=b",
        "html",
        "pdf",
        "json",
        "json=out.json",
        "text",
        "markdown",
        "csv",
        "ibm-2022",
    ),
    *(
        "ai-engineer",
        "draft",
        "published",
        "FS3",
        "FS",
        "parameters.power",
        "parameters.power=3 W",
        "overview.name=Ü",
    ),
    *(
        "1 day",
        "1 week,2 weeks",
        "0 s",
        "1e300 years",
        "accuracy",
        "BertModel",
        "encoder.layer.0",
        "*",
        "[",
        "(",
        "\\",
    ),
    *(
        "\x1b[31mred",
        "a\nb",
        "\u202eabc",
        "é" * 200,
        "-",
        "--",
        "${x}",
        "$(id)",
        "{0}",
        "%s",
        "\ud800",
        "../../etc/passwd",
    ),
    *(
        "bert.yaml:make",
        "os:system",
        "no.module:thing",
        "hf:x/y",
        "torchscript:own.yaml",
        "model=config.json",
        "card=README.md",
    ),
    *(
        "latency",
        "energy",
        "ops.analog",
        "isaac-ce",
        "own.yaml",
        "height=3",
        "batch-synchronous",
        "5",
        "a" * 5000,
    ),
)


def _value(option: Option, dice: random.Random) -> str:
    if option.choices and dice.random() < 0.6:
        return dice.choice(option.choices)
    return dice.choice(PLACES if dice.random() < 0.4 else WORDS)


def _make(dice: random.Random) -> Case:
    path = dice.choice([path for path in commands() if path[-1] not in NOT_RUN])
    arguments: list[str] = []
    for option in commands()[path]:
        if option.is_argument:
            many = dice.choice((0, 1, 1, 1, 2))
            arguments += [
                dice.choice(FILES) if dice.random() < 0.6 else _value(option, dice) for _ in range(many)
            ]
    known = [one for one in commands()[path] if not one.is_argument and not NOT_GIVEN & {*one.names}]
    for option in dice.sample(known, min(len(known), dice.choice((0, 1, 1, 2, 3, 5)))):
        at = dice.randint(0, len(arguments))
        name = dice.choice(option.names)
        arguments[at:at] = [name] if option.is_flag else [name, _value(option, dice)]
        if dice.random() < 0.03:
            arguments[at : at + 1] = [dice.choice(("--nonsense", "-z", "--"))]
    files = {name: corpus()[name] for name in FILES if name in corpus()}
    files |= {
        "sheet.yaml": SHEET,
        "bert.yaml": (ROOT / "sheets" / "bert.yaml").read_bytes(),
        "folder/x.txt": b"x",
    }
    return Case(files, (*path, *(one.replace("\ud800", "\udcff") for one in arguments)))


def _run(_: Path, case: Case) -> None:
    run_command(*case.arguments)


TARGETS = (Target("commands", _make, _run, 20.0),)
