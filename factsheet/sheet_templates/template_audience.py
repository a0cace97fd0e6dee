"""The readers of a template's sheets: what each of them asks for, what a stage asks for, who is likely to know."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from factsheet.readers.audience import Audience
from factsheet.readers.needs import Need, RoleNeed
from factsheet.readers.parts import PagePart
from factsheet.readers.roles import ROLES, Role
from factsheet.readers.stages import DEMANDS, STAGES, StageRequirement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.readers.roles import RoleName
    from factsheet.readers.stages import StageName
    from factsheet.sheet_templates.form import ConcernForm, SectionForm, TemplateForm

_EVERY_SHEET = ("overview", "references", "provenance")
"""Sections of every sheet, of which each stage asks what it asks of any."""


class TemplateAudience(Audience):
    """The readers that a template names. A role may be one of the study's or the template's own: both are names."""

    def __init__(self, form: TemplateForm) -> None:
        self.template, self.title = form.name, form.title
        self._form = form

    @cached_property
    def roles(self) -> Mapping[RoleName, Role]:
        """The readers by name, in the template's order."""
        found: dict[RoleName, Role] = {}
        for name, role in self._form.roles.items():
            known = cast("RoleName", name)
            found[known] = (
                ROLES[known]
                if role is None
                else Role(
                    known,
                    role.title,
                    role.description.rstrip("."),
                    role.tasks or (),
                    (),
                    knows_hardware=bool(role.knows_hardware),
                )
            )
        return found

    @property
    def role_names(self) -> tuple[RoleName, ...]:
        """The readers' names, in order."""
        return tuple(self.roles)

    def needs_of(self, role: RoleName) -> tuple[RoleNeed, ...]:
        """Return the needs of a role: one for each section that holds facts which it asks for."""
        return self._needs[role]

    @cached_property
    def _needs(self) -> Mapping[RoleName, tuple[RoleNeed, ...]]:
        return {role: tuple(self._needs_in_sections(role)) for role in self.role_names}

    def _needs_in_sections(self, role: RoleName) -> Iterator[RoleNeed]:
        for name, section in self._form.sections.items():
            core = tuple(
                path
                for path, fact in facts_of(name, section)
                if role in ((section.asked_by if fact.asked_by is None else fact.asked_by) or ())
            )
            if core:
                yield RoleNeed(Need(name, section.title, core, (name,)), "template")

    def whose(self, role: RoleName, asked: RoleNeed) -> str:  # noqa: ARG002  a template names no more than the role
        """Return who has this need, in words, with the template that says so."""
        return f"asked for by {self.people(role)} (template `{self.template}`)"

    def demands_at(self, stage: StageName) -> tuple[StageRequirement, ...]:
        """Return what is asked of a sheet at a stage: of every sheet, and of this template's."""
        reached = STAGES[: STAGES.index(stage) + 1]
        return tuple(demand for demand in self._demands if demand.stage in reached)

    @cached_property
    def _demands(self) -> tuple[StageRequirement, ...]:
        general = [demand._replace(need="") for demand in DEMANDS if demand.section in _EVERY_SHEET]
        asked = {path for demand in general for fields in demand.fields for path in fields}
        own = [
            StageRequirement(
                stage,
                name,
                tuple(
                    (path,)
                    for path, fact in facts_of(name, section)
                    if fact.stage == stage and path not in asked
                ),
                section.reason or f"the template `{self.template}` asks for it",
            )
            for stage in STAGES
            for name, section in self._form.sections.items()
        ]
        found = [demand for demand in (*general, *own) if demand.fields or demand.section == "provenance"]
        return tuple(sorted(found, key=lambda demand: STAGES.index(demand.stage)))

    def supplying_role(self, path: str) -> RoleName | None:
        """Return the role that is most likely to know a field; `None` where the template does not say."""
        keys = path.replace("[*]", "").split(".")
        section = self._form.sections.get(keys[0])
        if section is None:
            return super().supplying_role(path) if self._is_of_the_study(path) else None
        fact = {**(section.facts or {}), **(section.uses or {})}.get(keys[1]) if len(keys) > 1 else None
        named = fact.supplied_by if fact is not None else None
        return cast("RoleName | None", named or section.supplied_by)

    def _is_of_the_study(self, path: str) -> bool:
        """Return whether who knows a field of every sheet, by the study, is a role of this template too."""
        return super().supplying_role(path) in self.roles

    @cached_property
    def parts(self) -> tuple[PagePart, ...]:
        """The sections of a page: about the sheet first, then those of the template."""
        study = next(part for part in super().parts if part.key == "overview")
        own = tuple(
            PagePart(name, section.title, section.question, (name,))
            for name, section in self._form.sections.items()
        )
        return own if "overview" in self._form.sections else (study, *own)


def facts_of(name: str, section: SectionForm) -> Iterator[tuple[str, ConcernForm]]:
    """Yield the facts of a section by their paths, those that it takes over first."""
    from factsheet.sheet_templates.form import UsedForm

    for key, used in (section.uses or {}).items():
        yield f"{name}.{key}", used or UsedForm()
    for key, fact in (section.facts or {}).items():
        yield f"{name}.{key}", fact
