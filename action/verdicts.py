"""Hold sheets against models of the same commit, by `factsheet derive --check`, and annotate where they differ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import workflow

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from inputs import Model

FINDINGS = 1
_PLACE = re.compile(r"(?P<line>\d+):(?P<column>\d+): (?P<message>.*)")


class Verdict(NamedTuple):
    """What a model says of a sheet.

    Attributes:
        model: the sheet and the model.
        status: of `factsheet derive --check`.
        lines: what it complained of.
    """

    model: Model
    status: int
    lines: tuple[str, ...]


def verdicts_of(
    python: Path,
    models: Sequence[Model],
    call: Callable[[Path, Sequence[str]], subprocess.CompletedProcess[bytes]],
) -> tuple[Verdict, ...]:
    """Return what each model says of its sheet, annotated.

    Args:
        python: the interpreter that has factsheet.
        models: the sheets and models.
        call: runs factsheet.
    """
    return tuple(_verdict(model, call(python, model.arguments())) for model in models)


def _verdict(model: Model, done: subprocess.CompletedProcess[bytes]) -> Verdict:
    # Line by line as factsheet writes them: a name may hold what else ends one.
    lines = tuple(filter(None, done.stderr.decode("utf-8", "replace").split("\n")))
    if lines:
        workflow.quote("\n".join(lines))
    for line in lines:
        found = (
            _PLACE.fullmatch(line.removeprefix(f"{model.sheet}:"))
            if line.startswith(f"{model.sheet}:")
            else None
        )
        if found is not None:
            workflow.annotate_line(found["message"], model.sheet, int(found["line"]), int(found["column"]))
    if done.returncode > FINDINGS:
        said = "\n".join(lines)[:4000] or f"factsheet ended with status {done.returncode}"
        workflow.annotate(f"{model.sheet} was not held against its model: {said}")
    return Verdict(model, done.returncode, lines)
