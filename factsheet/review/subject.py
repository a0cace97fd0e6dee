"""What of a sheet can be scored: its sections, and fields of them; each with a digest, to tell what changed later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from factsheet.facts.section import Section
from factsheet.readers.audience import STUDY
from factsheet.readers.study import CRITERIA
from factsheet.sheet.answers import answer_at
from factsheet.sheet.digest import ALGORITHM, digest_of_data, plain_data
from factsheet.sheet.labels import field_label, label, place_label
from factsheet.sheet.wording import SheetWording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from factsheet.sheet.model import SheetFields

_DIGITS = 16
"""Of a fact's digest: 64 bits are enough to tell the versions of one section apart."""
DIMENSIONS: tuple[str, ...] = tuple(CRITERIA)
"""In the order of the study's Table 6."""


@dataclass(frozen=True, slots=True)
class ScoredFact:
    """A fact as a reviewer meets it.

    Attributes:
        path: the section, or the field of one.
        title: its name for people.
        question: what it answers.
        digest: of what the sheet says there.
    """

    path: str
    title: str
    question: str
    digest: str


@dataclass(frozen=True, slots=True)
class ReviewSubject:
    """A sheet as something that is reviewed.

    Attributes:
        digest: of all that it says.
        facts: what is scored unless something else is asked for: the sections that it has.
        roles: who may review it, by name, each with its title.
        data: what it says.
        model: the class of the sheet, which knows its fields.
    """

    digest: str
    facts: tuple[ScoredFact, ...]
    roles: Mapping[str, str]
    data: Mapping[str, Any]
    model: type[SheetFields]

    @property
    def fact_digests(self) -> dict[str, str]:
        """The digests of the facts that are scored, by path."""
        return {fact.path: fact.digest for fact in self.facts}

    def digest_at(self, path: str) -> str:
        """Return the digest of what the sheet says at a path, nothing included."""
        return _digest_at(self.data, path)

    def knows(self, path: str) -> bool:
        """Return whether sheets of this kind have such a field."""
        wording = SheetWording()
        wording.root = self.model
        return wording.field_at(tuple(path.split("."))) is not None

    def title_of(self, path: str) -> str:
        """Return a fact's name for people."""
        return _title(self.model, path)

    def position(self, path: str) -> tuple[int, str]:
        """Return where a fact comes in the order of the sheet's sections."""
        sections = list(self.model.model_fields)
        section = path.partition(".")[0]
        return (sections.index(section) if section in sections else len(sections)), path


def subject_of(sheet: SheetFields, more: Iterable[str] = ()) -> ReviewSubject:
    """Return a sheet as something that is reviewed.

    Args:
        sheet: the sheet.
        more: fields that are scored beside its sections.
    """
    data = plain_data(sheet)
    fields = type(sheet).model_fields
    paths = [name for name in fields if isinstance(getattr(sheet, name), Section)]
    wording = SheetWording()
    wording.root = type(sheet)
    paths += [path for path in more if path not in paths]
    facts = tuple(
        ScoredFact(path, _title(type(sheet), path), _question(wording, path), _digest_at(data, path))
        for path in paths
    )
    digest = digest_of_data(data)
    roles = {str(name): role.title for name, role in sheet.audience.roles.items()}
    return ReviewSubject(digest, facts, roles, data, type(sheet))


def _title(model: type[SheetFields], path: str) -> str:
    """Return a fact's name: the sections of a template bear the titles that it gives them."""
    section, _, field = path.partition(".")
    audience = model.audience
    if audience.template == STUDY.template:
        return place_label(path)
    named = next((part.title for part in audience.parts if part.key == section), label(section))
    return f"{named}: {field_label(path)}" if field else named


def _question(wording: SheetWording, path: str) -> str:
    """Return the question that a section, or a field, answers."""
    field = wording.field_at(tuple(path.split(".")))
    extra = None if field is None else field.json_schema_extra
    question = extra.get("x-question") if isinstance(extra, dict) else None
    return question if isinstance(question, str) else ""


def _digest_at(data: Mapping[str, Any], path: str) -> str:
    digest = digest_of_data(answer_at(data, tuple(path.split("."))))
    return digest.removeprefix(ALGORITHM)[:_DIGITS]
