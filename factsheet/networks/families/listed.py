"""One operator of a network that no family fits, written out by hand."""

from __future__ import annotations

from typing import Literal

from factsheet.facts.section import Name, Record, ask

_MOST = 10**12


class ListedOperator(Record):
    """A matrix with stored weights, or a product of two computed ones, with how often it is used."""

    name: Name = ask(
        "Its name; what stands before the last dot is its block.",
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
