"""What signing and verifying take beyond the core, and what to install where it is missing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from factsheet.errors import SigningUnavailableError
from factsheet.installation import install_command

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """Import the packages of an extra within this context.

    Raises:
        SigningUnavailableError: one of them is not installed, or does not load.
    """
    try:
        yield
    except ImportError as error:
        raise SigningUnavailableError(
            f"{what} takes packages that are not installed or do not load here ({error.name or error})",
            "signatures are made and verified by them, not by code of this program",
            f"install them with {install_command(extra)}",
        ) from None
