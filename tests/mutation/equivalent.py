"""Read the list of changes that no test can notice, each with its reason."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from mutants import Mutant

LIST = Path(__file__).with_name("equivalent.yaml")


def explanations() -> dict[tuple[str, str, str], str]:
    """Return the reason for each change, by its file, function and words."""
    return {
        (file, entry["in"], entry["change"]): entry["because"]
        for file, entries in yaml.safe_load(LIST.read_text(encoding="utf-8")).items()
        for entry in entries
    }


def key(mutant: Mutant) -> tuple[str, str, str]:
    """Return what a mutant has in the list; its line moves with every edit of the file."""
    return (mutant.file, mutant.function, mutant.change)
