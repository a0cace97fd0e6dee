"""Carry messages between an editor and the server, over two streams, until either end closes."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

from pygls.io_ import run_async

from factsheet.language_server.server import make_server, quieten

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO


class _FromEditor:
    """Reads in a thread that nobody waits for: one that is blocked in a read cannot be ended."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.waiting = False

    def readline(self) -> asyncio.Future[bytes]:
        return self._in_thread(self._stream.readline)

    def readexactly(self, size: int) -> asyncio.Future[bytes]:
        return self._in_thread(lambda: self._stream.read(size))

    def _in_thread(self, read: Callable[[], bytes]) -> asyncio.Future[bytes]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[bytes] = loop.create_future()

        def work() -> None:
            try:
                found = read()
            except (OSError, ValueError):  # closed meanwhile
                found = b""
            self.waiting = False
            if not loop.is_closed():
                loop.call_soon_threadsafe(_set, future, found)

        self.waiting = True
        threading.Thread(target=work, daemon=True).start()
        return future


def _set(future: asyncio.Future[bytes], found: bytes) -> None:
    if not future.done():
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


async def _serve(server: Any, reader: _FromEditor, writer: _ToEditor) -> None:
    server.run_in(asyncio.get_running_loop())
    server.protocol.set_writer(writer)
    task = asyncio.ensure_future(
        run_async(
            stop_event=threading.Event(),
            reader=reader,
            protocol=server.protocol,
            error_handler=server.report_server_error,
        )
    )
    writer.gone = task.cancel
    await task
