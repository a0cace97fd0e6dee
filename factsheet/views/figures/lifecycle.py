"""The life of a model in stages: which role produces each kind of facts, and which readers asked for it.

Stages and the roles in them follow the lifecycle of the FactSheet study (its section 3.2); who asked for what is
its Table 3, for roles that it could not interview their tasks of Table 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.sheet.needs import TEMPLATE_NEEDS, needs_of, people, singular
from factsheet.sheet.roles import ROLE_NAMES, ROLES
from factsheet.sheet.suppliers import SUPPLIERS
from factsheet.views.figures.data import Lifecycle, LifecycleRow, LifecycleStage
from factsheet.views.page import FigureBlock
from factsheet.views.paths import covered

if TYPE_CHECKING:
    from factsheet.sheet.needs import Need
    from factsheet.sheet.roles import RoleName
    from factsheet.views.material import Material

_STAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Purpose and design", ("overview", "purpose", "architecture")),
    ("Training for the hardware", ("training", "parameters")),
    ("Evaluation", ("accuracy", "robustness", "limitations")),
    ("Inference on the hardware", ("inference", "prediction_time", "hardware_performance")),
    ("Use", ("setup",)),
)
_NEEDS = {need.key: need for need in TEMPLATE_NEEDS}


def lifecycle_figure(material: Material) -> FigureBlock:
    """Who produces and who consumes each kind of facts that the study's template has."""
    stages = tuple(
        LifecycleStage(title, tuple(_row(material, _NEEDS[key]) for key in keys)) for title, keys in _STAGES
    )
    data = Lifecycle(stages, tuple(ROLES[role].title for role in ROLE_NAMES))
    named = any(producer.sections for producer in material.sheet.producers or ())
    basis = "Producers: those that the sheet names, else" if named else "Producers: the sheet names none;"
    return FigureBlock(
        id="lifecycle",
        title="Who produces and who needs each kind of facts",
        text=_text(data),
        data=data,
        standing=f"{basis} the role whose tasks it follows from. Readers: Tables 1 and 3 of the study.",
    )


def _row(material: Material, need: Need) -> LifecycleRow:
    section = need.core[0].partition(".")[0]
    return LifecycleRow(
        need.title,
        _producer(material, section, need.core[0]),
        tuple(place for place, role in enumerate(ROLE_NAMES) if _consumes(role, need)),
    )


def _producer(material: Material, section: str, path: str) -> str:
    named = [p.name for p in material.sheet.producers or () if section in (p.sections or ())]
    if named:
        return ", ".join(named)
    while path not in SUPPLIERS and "." in path:
        path = path.rpartition(".")[0]
    role = SUPPLIERS.get(path)
    return "whoever made the model" if role is None else f"the {singular(role)}"


def _consumes(role: RoleName, need: Need) -> bool:
    """Whether the role asked for this need; for one that nobody could ask, whether its needs share a field with it."""
    return any(
        known.need.key == need.key or any(covered(need.core, path) for path in known.need.core)
        for known in needs_of(role)
    )


def _text(data: Lifecycle) -> str:
    told = []
    for stage in data.stages:
        facts = "; ".join(f"{row.fact}, from {row.producer}, {_for(row.consumers)}" for row in stage.rows)
        told.append(f"{stage.title}: {facts}.")
    return " ".join(told)


def _for(consumers: tuple[int, ...]) -> str:
    names = [people(ROLE_NAMES[at]) for at in consumers]
    return f"for {', '.join(names)}" if names else "asked for by nobody"
