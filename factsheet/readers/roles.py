"""The six roles that read a FactSheet, after Table 1 of the FactSheet study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

RoleName = Literal[
    "hardware-researcher",
    "algorithm-designer",
    "data-scientist",
    "ai-engineer",
    "software-developer",
    "business-expert",
]
ROLE_NAMES: tuple[RoleName, ...] = get_args(RoleName)
ViewName: TypeAlias = RoleName | Literal["full"]
"""A role, or `full` for the whole sheet."""
VIEW_NAMES: tuple[ViewName, ...] = (*ROLE_NAMES, "full")

STUDY = (
    "Dominique, El Maghraoui, Piorkowski, Herger: FactSheets for Hardware-Aware AI Models: A Case Study of "
    "Analog In Memory Computing AI Models"
)


@dataclass(frozen=True, slots=True)
class Role:
    """A reader of the sheet: who that is, and what the sheet is read for.

    Attributes:
        name: the name on the command line.
        title: the name on a page.
        description: what somebody in this role does (Table 1).
        tasks: what the sheet has to help with (Table 1).
        interviewed: participants of the study's first phase in this role (Table 3's columns).
        knows_hardware: whether hardware terms go unexplained.
    """

    name: RoleName
    title: str
    description: str
    tasks: tuple[str, ...]
    interviewed: tuple[str, ...]
    knows_hardware: bool


ROLES: dict[RoleName, Role] = {
    role.name: role
    for role in (
        Role(
            "hardware-researcher",
            "Hardware or systems researcher",
            "develops the technology, and builds accelerators with it",
            (
                "compare the chip with other solutions, by simulation too",
                "design and build accelerators",
                "fit them into systems on chips for cloud, edge and embedded use",
            ),
            ("P1", "P2", "P5"),
            knows_hardware=True,
        ),
        Role(
            "algorithm-designer",
            "AI-hardware algorithm designer",
            "studies how hardware, existing or to come, changes the performance of models",
            (
                "try out what the hardware is good for",
                "work between network architecture, systems, materials and hardware",
                "develop algorithms and specialise models so that they do well on the hardware",
            ),
            ("P3", "P4"),
            knows_hardware=True,
        ),
        Role(
            "data-scientist",
            "Data scientist",
            "develops networks and models that benefit from the technology",
            (
                "train and run models with frameworks such as PyTorch, not with the hardware",
                "adapt networks to the hardware's characteristics in the large",
                "benchmark and validate models",
            ),
            ("P6", "P8", "P9"),
            knows_hardware=False,
        ),
        Role(
            "ai-engineer",
            "AI engineer",
            "takes the technology into production",
            (
                "integrate the model into existing pipelines",
                "find out how robust, interoperable and scalable it is",
            ),
            (),
            knows_hardware=True,
        ),
        Role(
            "software-developer",
            "Software developer",
            "builds or adapts software that gets results in a business",
            (
                "combine existing applications with the model",
                "judge what the new hardware gains in performance",
            ),
            ("P10", "P12"),
            knows_hardware=False,
        ),
        Role(
            "business-expert",
            "Business expert",
            "decides where a business uses AI, and answers for the return",
            (
                "judge from above what the technology does to the business",
                "explore where it applies",
                "weigh benefits and competitive advantage",
            ),
            (),
            knows_hardware=False,
        ),
    )
}


def singular(role: RoleName) -> str:
    """Return the role's name for the middle of a sentence: `data scientist`, `AI engineer`."""
    title = ROLES[role].title
    return title if title[1].isupper() else title[0].lower() + title[1:]


def people(role: RoleName) -> str:
    """Return the role's readers, for the middle of a sentence: `data scientists`, `AI engineers`."""
    return f"{singular(role)}s"
