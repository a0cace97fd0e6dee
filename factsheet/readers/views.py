"""A view: what a role sees of a sheet beyond its needs: order, lead questions, headlines, what is shown short.

Which facts are shown in full follows from the role's needs (`factsheet.readers.needs`), never from a view, so that no
view can hide what a role asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, Protocol

from factsheet.readers.needs import needs_of
from factsheet.readers.parts import covered, general
from factsheet.readers.roles import ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.readers.needs import RoleNeed
    from factsheet.readers.roles import Role, RoleName, ViewName

Depth = Literal["full", "short", "folded"]
"""Shown with its notes; shown without them and cut to a sentence; only in the folded remainder."""

WhatKey = Literal["chip", "network", "recipe", "template", "trained", "use"]
KeyFigureKey = Literal[
    "analog_weights",
    "area",
    "availability",
    "baseline_score",
    "devices",
    "efficiency",
    "energy_of_a_million",
    "gap",
    "parameters",
    "power",
    "refresh",
    "saving",
    "score",
    "size_on_disk",
    "test_size",
    "throughput",
    "tiles",
    "time",
    "weight_noise",
    "worst_task",
]
SentenceKey = Literal[
    "applications",
    "baseline",
    "built_from",
    "data",
    "excess",
    "figures",
    "limits",
    "running",
    "runs",
    "scored_uses",
    "scores",
    "state",
    "tasks",
    "tested_where",
    "tiles",
]
GlanceKey = Literal[
    "adaptable",
    "attached",
    "bounds",
    "by_length",
    "by_task",
    "cells",
    "chip",
    "code",
    "compensation",
    "contact",
    "described",
    "design",
    "digital",
    "digital_line",
    "digital_parts",
    "disturbs",
    "drift",
    "energy",
    "energy_parts",
    "framework",
    "homepage",
    "input",
    "interface",
    "licence",
    "licence_of_data",
    "maturity",
    "metric",
    "million_by_length",
    "noise",
    "not_for",
    "operations",
    "other_noise",
    "power",
    "purpose",
    "recipe",
    "requirements",
    "responsible",
    "risks",
    "robustness",
    "sensitive",
    "setup",
    "size",
    "task_scores",
    "tasks",
    "tiles",
    "test_data",
    "training_data",
    "upkeep",
    "weight",
    "weights",
]
"""Answers in a few words on the first screen."""
FigureKey = Literal[
    "accuracy",
    "crossbar",
    "drift",
    "energy",
    "field",
    "floor",
    "latency",
    "lifecycle",
    "loss",
    "ops",
    "sensitivity",
]
TableKey = Literal["chip", "comparison", "digital", "gains", "layers", "measured", "profile"]
"""Tables and rows that are made of several facts, or of what was computed from them."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section of the page in the place where this reader gets it, under the question that leads this reader."""

    part: str
    question: str
    title: str | None = None


class ViewAudience(Protocol):
    """What a view asks its audience: who its reader is, and what that reader needs."""

    @property
    def roles(self) -> Mapping[RoleName, Role]:
        """The readers by name."""

    def needs_of(self, role: RoleName) -> tuple[RoleNeed, ...]:
        """Return the needs of a role."""


@dataclass(frozen=True, slots=True, eq=False)  # each is one of its kind, and depths are remembered by it
class View:
    """What one reader sees of a sheet.

    Attributes:
        what: what the model is to this reader: the facts that its first sentence is made of.
        key_figures: the figures of the first screen, in order.
        wanted: further fields that this reader looks for first: named on the first screen where they are missing.
        chapters: the sections, in order; parts left out come folded.
        detail: how deep the `more` fields of a need are shown, by the need's key; in full if not named.
        short: further fields that are shown short.
        basis: what the selection rests on, where the study has no interviews of the role.
        question: what leads this reader.
        sentences: what the summary answers it with, in order.
        glance: the answers in a few words below it, in order.
        figures: the drawings that this reader gets, each in the section that it belongs to.
        tables: tables that are made of several facts.
        shown: further fields that the first screen shows in a few words.
        audience: the readers that this one is among; `None` for those of the study.
    """

    name: ViewName
    what: WhatKey
    key_figures: tuple[KeyFigureKey, ...]
    chapters: tuple[Chapter, ...]
    detail: Mapping[str, Depth] = field(default_factory=dict)
    short: tuple[str, ...] = ()
    basis: str | None = None
    wanted: tuple[str, ...] = ()
    question: str = ""
    sentences: tuple[SentenceKey, ...] = ()
    glance: tuple[GlanceKey, ...] = ()
    figures: tuple[FigureKey, ...] = ()
    tables: tuple[TableKey, ...] = ()
    shown: tuple[str, ...] = ()
    audience: ViewAudience | None = None

    @property
    def knows_hardware(self) -> bool:
        """Whether hardware terms go unexplained."""
        return (
            self.name == "full"
            or (ROLES if self.audience is None else self.audience.roles)[self.name].knows_hardware
        )

    def depth(self, path: str) -> Depth:
        """Return how deep a field is shown."""
        return _depth(self, general(path))


@lru_cache(maxsize=4096)
def _depth(view: View, path: str) -> Depth:
    """Return the depth of a field for a reader; every page asks for the same few hundred."""
    found: set[Depth] = {"short"} if covered(view.short, path) else set()
    if view.name == "full":
        return "full"
    needs = needs_of(view.name) if view.audience is None else view.audience.needs_of(view.name)
    for known in needs:
        if covered(known.need.core, path):
            return "full"
        if covered(known.need.more, path):
            found.add(view.detail.get(known.need.key, "full"))
    order: tuple[Depth, ...] = ("full", "short")
    return next((depth for depth in order if depth in found), "folded")
