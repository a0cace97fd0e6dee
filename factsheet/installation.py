"""How an extra is installed: what every message about a missing package says.

The name is not registered on the package index, where anybody could put another package under it, so that the command
is one for a clone. Once it is registered, `_PACKAGE` is `factsheet` and `_PLACE` empty.
"""

from __future__ import annotations

from typing import Final

_PACKAGE: Final = "."
_PLACE: Final = " in a clone of factsheet"


def install_command(extra: str, *, anew: bool = False) -> str:
    """Return the command that installs an extra, with where it is to be run.

    Args:
        extra: its name in pyproject.toml.
        anew: whether packages that are there, and do not load, are replaced.
    """
    # Double quotes: those that shells on Windows take, too.
    return f'`pip install {"--force-reinstall " if anew else ""}"{_PACKAGE}[{extra}]"`{_PLACE}'
