"""The moment that a reproducible build gives to what it makes."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from factsheet.errors import UsageError

EPOCH = "SOURCE_DATE_EPOCH"
"""Seconds since 1970 that a reproducible build gives its files as their time (https://reproducible-builds.org)."""


def build_moment() -> datetime | None:
    """Return the moment that the environment sets; `None` where it sets none.

    Raises:
        UsageError: what it sets is no moment.
    """
    given = os.environ.get(EPOCH)
    if not given:
        return None
    try:
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"{EPOCH}={given[:40]} is no whole number of seconds since 1970") from None
