"""Word what does not fit the schema of a profile, with its place in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.facts.misfits import SchemaWording, misfits
from factsheet.hardware.description import Description
from factsheet.hardware.quoted import ProfilePart, Quoted
from factsheet.source.problems import Problem

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ValidationError

    from factsheet.source.document import Document, KeyPath

_FIGURE = "{value: …, unit: …, standing: …, source: …}"


class ProfileWording(SchemaWording):
    """What the parts of a hardware profile are called, and why they matter."""

    noun = "the profile"
    key_noun = "a key"
    unknown_why = "a misspelt key would be a figure that nothing computes with"
    documentation = "docs/hardware-profiles.md"
    answer_code = "wrong-figure"

    def __init__(self, root: type[BaseModel] = Description) -> None:
        self.root = root

    def why_missing(self, path: KeyPath, record: type[BaseModel] | None) -> str:
        """Return why a key of a figure, or of another part, is needed."""
        if len(path) > 1 and record is not None and issubclass(record, Quoted):
            return "a figure without number, unit, standing and source cannot be relied on, nor looked up"
        return "nothing can be computed without it"

    def example(self, path: KeyPath, record: type[BaseModel] | None) -> str:  # noqa: ARG002  the path says it
        """Return the form of a figure, where a figure is missing."""
        return _FIGURE if self._is_figure(path) else "…"

    def why_form(self, path: KeyPath) -> str:  # noqa: ARG002  the same everywhere in a profile
        """Return why the form of a value matters."""
        return "figures are found by their form; what has another is not read"

    def mapping_help(self, path: KeyPath) -> str:
        """Return how to write a figure, or another part."""
        return f"write it as `{_FIGURE}`" if self._is_figure(path) else "indent its keys below it"

    def long_form(self, annotation: object) -> type[BaseModel] | None:
        """Return the model of a part."""
        return annotation if isinstance(annotation, type) and issubclass(annotation, ProfilePart) else None

    def free_keys(self, record: type[BaseModel]) -> bool:  # noqa: ARG002  the same everywhere in a profile
        """Return that a profile has no mappings of free keys."""
        return False

    def homes(self, key: str) -> list[str]:  # noqa: ARG002  parts of a profile share the names of their keys
        """Return that a key is sent nowhere else."""
        return []

    def _is_figure(self, path: KeyPath) -> bool:
        record = self.record_at(path)
        return record is not None and issubclass(record, Quoted)


def problems_of(
    error: ValidationError, document: Document, root: type[BaseModel] = Description
) -> tuple[Problem, ...]:
    """Return one problem for each of pydantic's errors, in the order of the text.

    Args:
        error: pydantic's.
        document: the profile's text.
        root: the model that the text was read as.
    """
    found = [
        Problem(
            code=misfit.code,
            message=misfit.message,
            why=misfit.why,
            help=misfit.help,
            span=document.locate(misfit.path, prefer_key=misfit.on_key),
            path=misfit.path,
        )
        for misfit in misfits(error, document.data, ProfileWording(root))
    ]
    return tuple(sorted(found, key=lambda problem: problem.span.start))
