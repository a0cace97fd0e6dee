"""Carry messages between an editor and the server, over two streams, until either end closes."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from factsheet.errors import FactsheetError
from factsheet.language_server.frames import read_message
from factsheet.language_server.incoming import Incoming
from factsheet.language_server.server import make_server, quieten

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from factsheet.language_server.server import SheetServer


class _FromEditor:
    """Reads in a thread that nobody waits for: one that is blocked in a read cannot be ended."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.waiting = False

    def message(self) -> asyncio.Future[bytes | None]:
        """Return the next message; `None` where the editor is gone.

        Raises:
            UsageError: the editor writes something else.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[bytes | None] = loop.create_future()

        def work() -> None:
            found: bytes | FactsheetError | None = None
            with suppress(OSError, ValueError):  # closed meanwhile
                try:
                    found = read_message(self._stream)
                except FactsheetError as error:
                    found = error
            self.waiting = False
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(_set, future, found)

        self.waiting = True
        threading.Thread(target=work, daemon=True).start()
        return future


def _set(future: asyncio.Future[bytes | None], found: bytes | FactsheetError | None) -> None:
    if future.done():
        return
    if isinstance(found, FactsheetError):
        future.set_exception(found)
    else:
        future.set_result(found)


class _ToEditor:
    """Writes to the editor; once it has gone, says so and writes nothing more."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.gone: Callable[[], object] | None = None

    def write(self, data: bytes) -> None:
        try:
            self._stream.write(data)
            self._stream.flush()
        except (OSError, ValueError):
            if self.gone is not None:
                self.gone()

    def close(self) -> None:
        """Leave the stream to whoever opened it."""


def serve(stdin: BinaryIO, stdout: BinaryIO, *, rule_pages: str | None = None) -> bool:
    """Answer an editor until it goes away; where it says `exit`, pygls ends the process with the protocol's status.

    Args:
        stdin: what the editor writes.
        stdout: what it reads.
        rule_pages: the address below which the pages of rules are; pages on this machine if left out.

    Returns:
        Whether a thread still waits for the editor, as of one that reads no more and says nothing.

    Raises:
        UsageError: what the editor writes is no message.
    """
    quieten()
    reader = _FromEditor(stdin)
    server = make_server(rule_pages=rule_pages)
    try:
        asyncio.run(_serve(server, reader, _ToEditor(stdout)))
    except asyncio.CancelledError:  # the editor reads no more
        pass
    finally:
        server.close()
    return reader.waiting


async def _serve(server: SheetServer, reader: _FromEditor, writer: _ToEditor) -> None:
    server.run_in(asyncio.get_running_loop())
    server.protocol.set_writer(writer)
    task = asyncio.ensure_future(_answer_all(reader, Incoming(server, writer)))
    writer.gone = task.cancel
    await task


async def _answer_all(reader: _FromEditor, incoming: Incoming) -> None:
    while (body := await reader.message()) is not None:
        incoming.take(body)
