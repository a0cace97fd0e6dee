"""Make a case that shows a fault as small as it will go, with the same fault."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from fuzz_pool import run_one

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fuzz_cases import Case, Target

_PIECES = (re.compile(rb"[^\n]*\n|[^\n]+"), re.compile(rb"\w+|\s+|[^\w\s]"), re.compile(rb"[\s\S]"))
"""Lines, then words and signs, then bytes."""
_MOST_BYTES = 400
"""Files longer than so many are not taken apart byte by byte."""


def minimised(target: Target, case: Case, key: str, seconds: float = 30.0) -> Case:
    """Return a case with the same fault and less in it: fewer arguments, fewer lines, shorter words.

    Args:
        target: what the case is of.
        case: one that shows the fault.
        key: the fault's.
        seconds: how long to try.
    """
    end = time.monotonic() + seconds

    def shows(smaller: Case) -> bool:
        return time.monotonic() < end and run_one(target, smaller).key == key

    if not shows(case):  # it takes what ran before it in the same process, or more time than there is
        return case
    for name in sorted(case.files, key=lambda name: -len(case.files[name])):
        for pattern in _PIECES:
            content = case.files[name]
            if pattern is _PIECES[-1] and len(content) > _MOST_BYTES:
                break
            pieces = pattern.findall(content)

            def with_pieces(kept: Sequence[bytes], name: str = name) -> Case:
                return case._replace(files={**case.files, name: b"".join(kept)})  # noqa: B023  called at once

            case = with_pieces(_fewest(pieces, lambda kept: shows(with_pieces(kept))))
    return case


def _fewest(pieces: list[bytes], shows: Callable[[list[bytes]], bool]) -> list[bytes]:
    """Return the pieces that are left when none of the parts tried can be left out (ddmin; Zeller 2002)."""
    size = max(len(pieces) // 2, 1)
    while pieces:
        smaller = next((kept for kept in _without(pieces, size) if shows(kept)), None)
        if smaller is not None:
            pieces = smaller
            size = min(size, max(len(pieces), 1))
        elif size == 1:
            break
        else:
            size = max(size // 2, 1)
    return pieces


def _without(pieces: list[bytes], size: int) -> Iterator[list[bytes]]:
    for start in range(0, len(pieces), size):
        yield pieces[:start] + pieces[start + size :]
