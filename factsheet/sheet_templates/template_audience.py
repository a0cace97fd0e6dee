"""The readers of a template's sheets: what each of them asks for, what a stage asks for, who is likely to know."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, cast

from factsheet.readers.audience import Audience
from factsheet.readers.needs import Need, RoleNeed
from factsheet.readers.parts import PagePart
from factsheet.readers.roles import ROLES, Role
from factsheet.readers.stages import DEMANDS, STAGES, StageRequirement
from factsheet.readers.views import Chapter, View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from factsheet.readers.roles import RoleName, ViewName
    from factsheet.readers.stages import StageName
    from factsheet.readers.views import KeyFigureKey
    from factsheet.sheet_templates.form import ConcernForm, SectionForm, TemplateForm

_FIGURES: Mapping[KeyFigureKey, str] = {
    "score": "performance.results",
    "time": "performance.classification_time",
    "throughput": "performance.throughput",
    "power": "parameters.power",
    "efficiency": "performance.energy_efficiency",
    "parameters": "parameters.parameters",
}
"""Figures of a first screen, with the field without which a template has none of it."""
_LONG = ("text", "lines", "rows")
_MOST_SHOWN = 6
_EVERY_SHEET = ("overview", "references", "provenance")
"""Sections of every sheet, of which each stage asks what it asks of any."""


class TemplateAudience(Audience):
    """The readers that a template names. A role may be one of the study's or the template's own: both are names."""

    def __init__(self, form: TemplateForm) -> None:
        self.template, self.title, self.hardware = form.name, form.title, form.hardware
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
        return f"asked for by {self.people(role)} (template {self.template})"

    def grounds(self) -> str:
        """Return which template the needs are from, and where it has them from."""
        source = f" Its needs are from: {self._form.source.rstrip('.')}." if self._form.source else ""
        return f"The template: {self.template}.{source}"

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

    def place(self, path: str) -> tuple[str, int] | None:
        """Return the section that holds a field; within one, fields are in the order of the model."""
        section = path.partition(".")[0]
        return (section, 0) if section in self._form.sections or section == "overview" else None

    @cached_property
    def views(self) -> Mapping[ViewName, View]:
        """The plan of each reader's page: what it asks for first, in the template's order; the rest is folded."""
        found: dict[ViewName, View] = {role: self._view(role) for role in self.role_names}
        found["full"] = View(
            name="full",
            what="template",
            key_figures=self._key_figures,
            chapters=tuple(Chapter(part.key, part.question) for part in self.parts),
            question="What is the model, how good is it, and what does it take?",
            sentences=("figures",),
            shown=tuple(self._first(lambda fact: fact.stage is not None)),
            audience=self,
        )
        return found

    def _view(self, role: RoleName) -> View:
        needs = [need.need for need in self.needs_of(role)]
        questions = {part.key: part.question for part in self.parts}
        # Most of what this reader asks for is in one section: its question leads.
        leading = max(needs, key=lambda need: len(need.core), default=None)
        return View(
            name=role,
            what="template",
            key_figures=self._key_figures,
            chapters=tuple(Chapter(need.key, questions[need.key]) for need in needs),
            question="" if leading is None else questions[leading.key],
            sentences=("figures",),
            shown=tuple(self._first(lambda fact: role in (fact.asked_by or ()))),
            audience=self,
        )

    @property
    def _key_figures(self) -> tuple[KeyFigureKey, ...]:
        """The figures of the first screen that the template takes over."""
        taken = {path for name, section in self._form.sections.items() for path, _ in facts_of(name, section)}
        return tuple(key for key, path in _FIGURES.items() if path in taken)

    def _first(self, wanted: Callable[[ConcernForm], bool]) -> Iterator[str]:
        """Yield the template's own facts of a few words that are wanted on the first screen."""
        found = (
            f"{name}.{key}"
            for name, section in self._form.sections.items()
            for key, fact in (section.facts or {}).items()
            if fact.type not in _LONG and wanted(fact)
        )
        return islice(found, _MOST_SHOWN)


def facts_of(name: str, section: SectionForm) -> Iterator[tuple[str, ConcernForm]]:
    """Yield the facts of a section by their paths, those that it takes over first."""
    from factsheet.sheet_templates.form import UsedForm

    for key, used in (section.uses or {}).items():
        yield f"{name}.{key}", used or UsedForm()
    for key, fact in (section.facts or {}).items():
        yield f"{name}.{key}", fact
