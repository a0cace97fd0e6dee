"""Third-party packages that reading models needs, asked for where they are used, with one line if they are missing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from factsheet.workload.errors import WorkloadError

if TYPE_CHECKING:
    from types import ModuleType


def need(package: str, extra: str, purpose: str) -> ModuleType:
    """Import a package of an extra.

    Args:
        package: its import name.
        extra: the extra of factsheet that installs it.
        purpose: what it is needed for, such as `reading ONNX graphs`.

    Raises:
        WorkloadError: it is not installed.
    """
    try:
        return import_module(package)
    except ImportError as error:
        if (error.name or "").partition(".")[0] != package.partition(".")[0]:
            raise
        raise WorkloadError(
            f"{purpose} needs {package}, which is not installed",
            "it is an extra, so that checking sheets stays light",
            f"install it with: pip install 'factsheet[{extra}]'",
        ) from None
