"""Whom a kind of sheet is written for: its readers, their needs, what each stage asks for, and who supplies what.

A sheet's model names its audience. That of the FactSheet study is `Audience` itself; a template for other readers has
one of its own (`factsheet.sheet_templates`), and whatever reads a sheet asks the sheet's own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from factsheet.readers.roles import ROLE_NAMES, ROLES
from factsheet.readers.roles import STUDY as STUDY_TITLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from factsheet.readers.needs import Need, RoleNeed
    from factsheet.readers.parts import PagePart
    from factsheet.readers.roles import Role, RoleName, ViewName
    from factsheet.readers.stages import StageName, StageRequirement
    from factsheet.readers.suppliers import NamedProducer
    from factsheet.readers.views import View


HardwareClass = Literal["in-memory", "digital"]


class Audience:
    """The six roles of the FactSheet study. What only some commands need is imported by them: start-up."""

    template: str = "analog-ai"
    """The name of the template that the sheet is written by."""
    title: str = "FactSheet of an analog AI model"
    """What such a sheet is."""
    hardware: HardwareClass | None = "in-memory"
    """The published designs that such hardware is among; `None` where it is among none that are known here."""

    @property
    def roles(self) -> Mapping[RoleName, Role]:
        """The readers by name."""
        return ROLES

    @property
    def role_names(self) -> tuple[RoleName, ...]:
        """The readers' names, in order."""
        return ROLE_NAMES

    @property
    def view_names(self) -> tuple[ViewName, ...]:
        """The names of the pages: one for each reader, and `full` for the whole sheet."""
        return (*self.role_names, "full")

    def among(self, roles: Iterable[RoleName]) -> tuple[RoleName, ...]:
        """Return those of these roles that read such a sheet, in order."""
        wanted = frozenset(roles)
        return tuple(name for name in self.role_names if name in wanted)

    def singular(self, role: RoleName) -> str:
        """Return a role's name for the middle of a sentence: `data scientist`, `AI engineer`."""
        title = self.roles[role].title
        return title if title[1:2].isupper() else title[:1].lower() + title[1:]

    def people(self, role: RoleName) -> str:
        """Return a role's readers, for the middle of a sentence: `data scientists`."""
        return f"{self.singular(role)}s"

    def needs_of(self, role: RoleName) -> tuple[RoleNeed, ...]:
        """Return the needs of a role, the most widely shared first."""
        from factsheet.readers.needs import needs_of

        return needs_of(role)

    def needs_of_all(self) -> tuple[tuple[Need, str], ...]:
        """Return the needs of all readers together, each with who has it in words."""
        found: dict[str, tuple[Need, list[RoleName]]] = {}
        for role in self.role_names:
            for asked in self.needs_of(role):
                need, askers = found.setdefault(asked.need.key, (asked.need, []))
                core = tuple(dict.fromkeys((*need.core, *asked.need.core)))
                found[asked.need.key] = replace(need, core=core), [*askers, role]
        return tuple(
            (need, f"asked for by {', '.join(map(self.people, askers))} (template {self.template})")
            for need, askers in found.values()
        )

    def grounds(self) -> str:
        """Return where the needs of these readers are known from, one sentence."""
        return f"The study: {STUDY_TITLE}."

    def whose(self, role: RoleName, asked: RoleNeed) -> str:
        """Return who has this need, in words, with the source in brackets at the end."""
        from factsheet.readers.needs import whose

        return whose(role, asked)

    def demands_at(self, stage: StageName) -> tuple[StageRequirement, ...]:
        """Return what is asked of a sheet at a stage, what earlier stages ask for included."""
        from factsheet.readers.stages import demands_at

        return demands_at(stage)

    def supplying_role(self, path: str) -> RoleName | None:
        """Return the role that is most likely to know a field; `None` where that is whoever made the model."""
        from factsheet.readers.suppliers import supplying_role

        return supplying_role(path)

    def supplier(self, producers: Iterable[NamedProducer] | None, path: str) -> str:
        """Return who could answer a field, for the middle of a sentence: a producer that the sheet names, else a role.

        Args:
            producers: the sheet's producers.
            path: the field, such as `setup.instructions`.
        """
        from factsheet.readers.suppliers import naming_producer

        named, role = naming_producer(producers, path), self.supplying_role(path)
        if named:
            return named
        if role is None:
            return "whoever made the model"
        words = self.singular(role)
        return f"{'an' if words[:1] in 'AEIOaeio' else 'a'} {words}"

    def place(self, path: str) -> tuple[str, int] | None:
        """Return the section of a page that holds a field and its rank there; `None` for what none holds."""
        from factsheet.readers.parts import place

        return place(path)

    @property
    def parts(self) -> tuple[PagePart, ...]:
        """The sections of a page."""
        from factsheet.readers.parts import PARTS

        return PARTS

    @property
    def views(self) -> Mapping[ViewName, View]:
        """The plan of each reader's page."""
        from factsheet.readers.plans import VIEWS

        return VIEWS


STUDY = Audience()
"""The readers of the FactSheet study."""
