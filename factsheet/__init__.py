"""FactSheets for analog AI models: a schema, the arithmetic behind it, and one view per role.

Names are loaded when they are first used, so that `import factsheet` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet._version import __version__

if TYPE_CHECKING:
    from factsheet import errors
    from factsheet.api import FactSheet, load, loads
    from factsheet.errors import InvalidSheetError

__all__ = ["FactSheet", "InvalidSheetError", "__version__", "errors", "load", "loads"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # `--version` does without

    return (
        import_module("factsheet.errors")
        if name == "errors"
        else getattr(import_module("factsheet.api"), name)
    )


def __dir__() -> list[str]:
    return sorted(__all__)
