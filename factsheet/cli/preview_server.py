"""A small server for one page on the loopback interface: it draws the sheet anew when a file changes, and says so.

It answers its own host names alone, so that a web page elsewhere can not read the sheet by pointing a name of its own
at this machine (DNS rebinding), and it answers nothing but the page and the stream of changes.
"""

from __future__ import annotations

import secrets
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

LOOPBACK = "127.0.0.1"
HEARTBEAT_S = 10.0
"""How long a stream of changes stays silent: a reader that has gone is noticed when something is written to it."""
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

LIVE_SCRIPT = """\
(() => {
  "use strict";
  const version = "@version@";
  const changes = new EventSource("/changes");
  changes.onmessage = (event) => { if (event.data !== version) location.reload(); };
})();
"""
"""Loads the page again as soon as another version of it is announced; after the server's restart, too."""


class Drawn(NamedTuple):
    """What there is to show: a page, and whether the sheet could be drawn."""

    html: str
    fine: bool


class Preview:
    """The page that is served, and the version that it is of."""

    def __init__(self, draw: Callable[[str], Drawn]) -> None:
        """Take what draws the page; it is given the script for the page to carry."""
        self._draw = draw
        self._changed = threading.Condition()
        self._version = 1
        # Versions are counted anew by the next preview; a page that outlives this one must not take them for its own.
        self._run = secrets.token_hex(4)
        self._page: tuple[int, Drawn] | None = None
        self._closed = False

    @property
    def version(self) -> str:
        """Another word for every change."""
        return f"{self._run}-{self._version}"

    @property
    def closed(self) -> bool:
        """Whether the preview has ended."""
        return self._closed

    def page(self) -> Drawn:
        """The page as it is now, drawn once for each version."""
        with self._changed:
            if self._page is None or self._page[0] != self._version:
                script = LIVE_SCRIPT.replace("@version@", self.version)
                self._page = (self._version, self._draw(script))
            return self._page[1]

    def change(self) -> None:
        """Something that the page is made from has changed."""
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    def close(self) -> None:
        """End every stream of changes."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait(self, seen: str) -> str:
        """The version, as soon as it is not the one seen, but no later than the next heartbeat."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != seen or self._closed, HEARTBEAT_S)
            return self.version


class Server(ThreadingHTTPServer):
    """Serves one preview."""

    daemon_threads = True
    # On Windows the option would let a second server take the same port.
    allow_reuse_address = False

    def __init__(self, port: int, preview: Preview) -> None:
        """Take the port, or any free one if it is 0.

        Raises:
            OSError: the port is taken, or not ours to take.
        """
        self.preview = preview
        super().__init__((LOOPBACK, port), Handler)
        self.own_hosts = {f"{host}:{self.server_port}" for host in (LOOPBACK, "localhost")}

    @property
    def address(self) -> str:
        """Where a browser finds the page."""
        return f"http://{LOOPBACK}:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server
    server_version = "factsheet"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        """Answer with the page, the stream of changes, or a refusal."""
        if self.headers.get("Host", "").lower() not in self.server.own_hosts:
            self._say(
                HTTPStatus.MISDIRECTED_REQUEST, "This is the preview of a FactSheet on its author's machine."
            )
        elif self.path == "/changes":
            self._stream()
        elif self.path.partition("?")[0] == "/":
            drawn = self.server.preview.page()
            status = HTTPStatus.OK if drawn.fine else HTTPStatus.UNPROCESSABLE_ENTITY
            self._send(status, "text/html; charset=utf-8", drawn.html.encode("utf-8", "replace"))
        else:
            self._say(HTTPStatus.NOT_FOUND, "There is only one page here, at /.")

    do_HEAD = do_GET  # noqa: N815  the name that http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the signature of http.server
        """Say nothing: the terminal tells of the sheet, not of requests."""

    def _say(self, status: HTTPStatus, text: str) -> None:
        self._send(status, "text/plain; charset=utf-8", f"{text}\n".encode())

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _stream(self) -> None:
        """Announce every version until the reader goes or the preview ends."""
        preview = self.server.preview
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        if self.command == "HEAD":
            return
        seen = preview.version
        try:
            while not preview.closed:
                self.wfile.write(f"retry: 500\ndata: {seen}\n\n".encode())
                self.wfile.flush()
                seen = preview.wait(seen)
        except OSError:
            return  # the reader has gone
