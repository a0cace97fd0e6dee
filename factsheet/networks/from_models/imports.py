"""Import what reading a model needs: optional packages, and the user's own code by name."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from factsheet.errors import WorkloadError
from factsheet.installation import install_command
from factsheet.source.characters import make_safe
from factsheet.source.writing import note_input

if TYPE_CHECKING:
    from collections.abc import Iterator


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
            f"install it with {install_command(extra)}",
        ) from None


@contextmanager
def importing(
    source: str, use: str = "a module is made by importing and calling what was named"
) -> Iterator[object]:
    """Import what is named and give it; within the block, the working directory is on the path, as with `python -m`.

    Args:
        source: `package.module:callable`, or any other name in a module.
        use: what it is for, as a reason in a message.

    Raises:
        WorkloadError: it does not name anything, cannot be imported, or the block raises.
    """
    module_name, colon, path = source.partition(":")
    if not (colon and module_name and path):
        raise WorkloadError(
            f"{source} does not name a callable",
            "a module is made by calling something",
            "write package.module:callable",
        )
    from importlib import import_module

    loaded = frozenset(sys.modules)
    here = str(Path.cwd())
    added = here not in sys.path
    if added:
        sys.path.insert(0, here)
    try:
        found: object = import_module(module_name)
        for part in path.split("."):
            found = getattr(found, part)
        yield found
    except Exception as error:
        said = make_safe(" ".join(str(error).split())[:300])
        file = module_name.removesuffix(".py")
        raise WorkloadError(
            f"{make_safe(source)} cannot be used: {type(error).__name__}: {said}",
            use,
            f"write `{make_safe(file)}:{make_safe(path)}`, the name of the module without `.py`"
            if file != module_name
            else "correct the name, or fix what it raises; it is called without arguments",
        ) from error
    finally:
        if added and here in sys.path:
            sys.path.remove(here)
        _note_code(module_name, loaded)


def _note_code(module_name: str, loaded: frozenset[str]) -> None:
    """Take note of the files of a module, of the packages around it, and of all that was imported with it."""
    own = set(accumulate(module_name.split("."), "{}.{}".format))
    for name in own | (set(sys.modules) - loaded):
        module = sys.modules.get(name)
        if not isinstance(module, ModuleType):
            continue
        # Asked in the usual way, a module that loads lazily would load now.
        file = object.__getattribute__(module, "__dict__").get("__file__")
        if isinstance(file, str):
            note_input(Path(file))
