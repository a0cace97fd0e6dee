"""The words for what does not fit the form of a review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.facts.misfits import SchemaWording
from factsheet.facts.section import Record
from factsheet.review.model import FactScore, ReviewFile, ReviewRound

if TYPE_CHECKING:
    from pydantic import BaseModel

    from factsheet.source.document import KeyPath


class ReviewWording(SchemaWording):
    """What the parts of a file of reviews are called, and why they matter."""

    root = ReviewFile
    noun = "the file"
    key_noun = "a key"
    unknown_why = "a misspelt key would be a score that nobody counts"
    documentation = "docs/reviews.md"

    def why_missing(self, path: KeyPath, record: type[BaseModel] | None) -> str:  # noqa: ARG002  the same everywhere
        """Return why a key is needed."""
        return "a score counts where it is known who gave it, in which role and to which version of the sheet"

    def example(self, path: KeyPath, record: type[BaseModel] | None) -> str:
        """Return what a missing key could hold."""
        key = str(path[-1])
        if record is ReviewRound and key == "of":
            return "{version: The sheet as published}"
        field = None if record is None else record.model_fields.get(key)
        example = field.examples[0] if field is not None and field.examples else "…"
        return "…" if isinstance(example, dict | list) else str(example)

    def why_form(self, path: KeyPath) -> str:  # noqa: ARG002  as above
        """Return why the form of a value matters."""
        return "scores are counted by their words"

    def mapping_help(self, path: KeyPath) -> str:
        """Return how to write a mapping."""
        if path and "scores" in path:
            return "write it as `{understandability: high, completeness: low, comment: …}`"
        return "indent its keys below it"

    def long_form(self, annotation: object) -> type[BaseModel] | None:
        """Return the model of a part."""
        return annotation if isinstance(annotation, type) and issubclass(annotation, Record) else None

    def free_keys(self, record: type[BaseModel]) -> bool:
        """Return whether it is the scores of a fact, whose paths are keys."""
        return record is FactScore

    def homes(self, key: str) -> list[str]:  # noqa: ARG002  parts share the names of their keys
        """Return that a key is sent nowhere else."""
        return []
