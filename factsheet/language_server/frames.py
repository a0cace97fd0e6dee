"""Messages of the protocol in a stream: a head that says how long they are, and their bytes.

The head is one of HTTP: names in any case, any space around a value. Where it does not say how long the message is,
what follows cannot be told from the next one, and reading ends there.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from factsheet.errors import UsageError, in_one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

LARGEST = 256 * 2**20
"""Bytes of a message that is read; a larger one is passed over."""
_LONGEST_LINE, _MOST_LINES = 8192, 100
_CHUNK = 2**20
_LENGTH = re.compile(rb"[0-9]{1,10}")
"""Up to 10 GB: more than any text that an editor opens."""
_SHOWN = 60


def read_message(stream: BinaryIO) -> bytes | None:
    """Return the next message, empty where it was too large to be kept; `None` where the stream ends.

    Raises:
        UsageError: what the stream has is no message.
    """
    size = _read_head(stream)
    if size is None:
        return None
    kept, left = bytearray(), size
    while left:
        chunk = stream.read(min(left, _CHUNK))
        if not chunk:
            return None
        left -= len(chunk)
        if size <= LARGEST:
            kept += chunk
    return bytes(kept)


def _read_head(stream: BinaryIO) -> int | None:
    """Return how many bytes follow the head; `None` where the stream ends before it does."""
    size, headed = None, False
    for _ in range(_MOST_LINES):
        line = stream.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            if len(line) < _LONGEST_LINE:
                return None
            break
        name, colon, value = line.partition(b":")
        if not line.strip():
            if size is not None:
                return size
            if headed:
                break
            continue  # between messages
        headed = True
        if not colon:
            raise _no_message(line)
        if name.strip().lower() == b"content-length":
            if not _LENGTH.fullmatch(value.strip()):
                raise _no_message(line)
            size = int(value)
    raise _no_message(b"")


def _no_message(line: bytes) -> UsageError:
    found = f"`{in_one_line(line.decode('utf-8', 'replace').strip())[:_SHOWN]}`" if line else "its head"
    return UsageError(
        f"what the editor writes is no message of the protocol: {found} does not say how long one is",
        "where the next message begins cannot be known, so nothing more is answered",
        "see that only the editor writes to standard input; a message begins with `Content-Length: 42`",
        place="standard input",
    )


def written_message(content: Mapping[str, object]) -> bytes:
    """Return a message as it is written to a stream."""
    body = json.dumps(content).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
