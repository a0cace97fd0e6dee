"""The words for what does not have the form of a template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.facts.misfits import SchemaWording
from factsheet.sheet_templates.form import CellForm, RoleForm, SectionForm, TemplateForm, UsedForm
from factsheet.source.dumping import dump_flow

if TYPE_CHECKING:
    from pydantic import BaseModel

    from factsheet.source.document import KeyPath


class TemplateWording(SchemaWording):
    """What the parts of a template are called, and why they matter."""

    root = TemplateForm
    noun = "the template"
    key_noun = "a key"
    unknown_why = "a misspelt key would be something that the template asks for and nobody gets"
    documentation = "docs/templates.md"

    def why_missing(self, path: KeyPath, record: type[BaseModel] | None) -> str:  # noqa: ARG002  the key says it
        """Return why a key is needed."""
        return "whoever writes or reads a sheet needs it"

    def example(self, path: KeyPath, record: type[BaseModel] | None) -> str:
        """Return the example of a key."""
        field = record.model_fields.get(str(path[-1])) if record is not None else None
        return dump_flow(field.examples[0]).strip() if field is not None and field.examples else "…"

    def why_form(self, path: KeyPath) -> str:  # noqa: ARG002  the same everywhere in a template
        """Return why the form of a value matters."""
        return "the model of every sheet of the template is made from it"

    def mapping_help(self, path: KeyPath) -> str:  # noqa: ARG002  as above
        """Return how to write a mapping."""
        return "indent its keys below it"

    def free_keys(self, record: type[BaseModel]) -> bool:
        """Return whether sections, facts and roles have names of their own at this place."""
        return issubclass(record, (SectionForm, CellForm, UsedForm, RoleForm))

    def homes(self, key: str) -> list[str]:  # noqa: ARG002  sections and facts share the names of their keys
        """Return that a key is sent nowhere else."""
        return []
