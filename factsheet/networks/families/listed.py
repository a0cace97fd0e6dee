"""A network that no family fits: its operators listed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from factsheet.errors import WorkloadError
from factsheet.facts.section import Name, Record, ask
from factsheet.networks.family import Family
from factsheet.networks.operators import DynamicMatmul, StaticMatmul

if TYPE_CHECKING:
    from factsheet.networks.answers import Answers
    from factsheet.networks.family import Run
    from factsheet.networks.operators import Operator

_MOST = 10**12


class ListedOperator(Record):
    """A matrix with stored weights, or a product of two computed ones, with how often it is used."""

    name: Name = ask(
        "Its name; what is before the last dot is its block.",
        "What is it called?",
        "block.0.up",
        default=...,
    )
    does: Literal["matrix", "product"] | None = ask(
        "Whether its weights are stored, which is the default, or computed anew each time as in attention.",
        "Are its weights stored?",
        "matrix",
    )
    rows: int = ask("Inputs of the matrix.", "How many inputs?", 768, default=..., ge=1, le=_MOST)
    cols: int = ask("Outputs of the matrix.", "How many outputs?", 3072, default=..., ge=1, le=_MOST)
    calls: int | None = ask(
        "Input vectors that it is multiplied by; 1 by default.", "How often is it used?", 1, ge=1, le=_MOST
    )
    each: Literal["inference", "token"] | None = ask(
        "Whether that many come with each inference, which is the default, or with each token.",
        "How often for an inference, or for a token?",
        "token",
    )
    matrices: int | None = ask(
        "Matrices of this shape that it stands for: groups, experts.",
        "How many such matrices?",
        8,
        ge=1,
        le=10**6,
    )
    active: int | None = ask(
        "How many of them one input vector is multiplied by; all by default.",
        "How many of them does an input use?",
        2,
        ge=1,
        le=10**6,
    )
    bias: bool | None = ask("Whether it adds a bias; not by default.", "Is there a bias?", example=True)
    side: Literal["analog", "digital"] | None = ask(
        "Where its weights are; on analog tiles by default.", "Is it computed on tiles?", "analog"
    )
    stored_as: Name | None = ask(
        "Name of its weights, where operators share them.", "Which weights does it use?", "block.0.up"
    )


def _read(known: Answers) -> tuple[ListedOperator, ...]:
    rows: tuple[ListedOperator, ...] = known.declared
    known.assumed["operators"] = (
        "only the listed operators are counted: normalisation and the like are not among them"
    )
    return rows


def _operators(rows: tuple[ListedOperator, ...], run: Run) -> tuple[Operator, ...]:
    return tuple(_operator(row, run) for row in rows)


def _operator(row: ListedOperator, run: Run) -> Operator:
    calls = (row.calls or 1) * (run.seq_len if row.each == "token" else 1)
    block = row.name.rpartition(".")[0] or row.name
    matrices = row.matrices or 1
    if row.does == "product":
        return DynamicMatmul(row.name, block, count=matrices, m=calls, k=row.rows, n=row.cols)
    active = row.active or 0
    if active > matrices:
        raise WorkloadError(
            f"{row.name}: {active} matrices are active of {matrices}",
            "an input cannot meet more matrices than there are",
            "correct `active` or `matrices`",
        )
    return StaticMatmul(
        row.name,
        block,
        row.rows,
        row.cols,
        calls=calls,
        bias=row.bias or False,
        on=row.side or "analog",
        stored_as=row.stored_as or "",
        matrices=matrices,
        active=active,
        kind="experts" if active else "linear",
    )


FAMILY = Family(
    key="operators",
    name="listed operators",
    meaning="The operators of a network that none of the families fits.",
    question="What does it compute?",
    example=[{"name": "encoder.up", "rows": 768, "cols": 3072, "calls": 1, "each": "token"}],
    limits={"min_length": 1, "max_length": 5000},
    tokens=True,
    read=_read,
    operators=_operators,
)
