"""`factsheet preview`: serve the sheet as a page on the loopback interface and redraw it on every save."""

from __future__ import annotations

import errno
import re
import secrets
import signal
import sys
import threading
import time
import zlib
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, cast

import typer

from factsheet.cli import exits
from factsheet.cli.exits import screen
from factsheet.cli.options import SheetArgument
from factsheet.cli.render.render_command import digest_of, view_named
from factsheet.cli.render.user_files import templates_of_user
from factsheet.cli.review.files import reviews_of
from factsheet.cli.sheets import named_roles, open_sheet
from factsheet.cli.terminal import say
from factsheet.cli.usage.completions import complete_views
from factsheet.errors import FactsheetError, SourceUnreadableError, UsageError
from factsheet.pages.options import RenderOptions
from factsheet.pages.rendering import PageSet
from factsheet.readers.roles import VIEW_NAMES
from factsheet.review.reading import review_file_of
from factsheet.source.decoding import DEFAULT_LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.readers.roles import ViewName

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


class DrawnPage(NamedTuple):
    """What there is to show: a page, and whether the sheet could be drawn."""

    html: str
    fine: bool


class Preview:
    """The page that is served, and the version that it is of."""

    def __init__(self, draw: Callable[[str], DrawnPage]) -> None:
        """Take what draws the page; it is given the script for the page to carry."""
        self._draw = draw
        self._changed = threading.Condition()
        self._version = 1
        # Versions are counted anew by the next preview; a page that outlives this one must not take them for its own.
        self._run = secrets.token_hex(4)
        self._page: tuple[int, DrawnPage] | None = None
        self._closed = False

    @property
    def version(self) -> str:
        """Another word for every change."""
        return f"{self._run}-{self._version}"

    @property
    def closed(self) -> bool:
        """Whether the preview has ended."""
        return self._closed

    def page(self) -> DrawnPage:
        """Return the page as it is now, drawn once for each version."""
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

    def wait(self, known: str) -> str:
        """Return the version as soon as it is not the one known, but no later than the next heartbeat."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != known or self._closed, HEARTBEAT_S)
            return self.version


class PreviewServer(ThreadingHTTPServer):
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
        super().__init__((LOOPBACK, port), PreviewHandler)
        self.own_hosts = {f"{host}:{self.server_port}" for host in (LOOPBACK, "localhost")}

    @property
    def address(self) -> str:
        """Where a browser finds the page."""
        return f"http://{LOOPBACK}:{self.server_port}/"


class PreviewHandler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: PreviewServer
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
        """Say nothing: the terminal reports on the sheet, not on requests."""

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
        version = preview.version
        try:
            while not preview.closed:
                self.wfile.write(f"retry: 500\ndata: {version}\n\n".encode())
                self.wfile.flush()
                version = preview.wait(version)
        except OSError:
            return  # the reader has gone


INTERVAL_S = 0.25
"""How often the files' times are looked at."""
USUAL_PORT = 8620
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

Stamp = dict[str, tuple[int, ...]]


def preview(sheet: str | None, *, role: str, port: int | None, browser: bool) -> int:
    """Serve the page on the loopback interface until Ctrl-C.

    Args:
        sheet: the sheet; found if left out.
        role: whose view the page opens on.
        port: where to listen; the usual port if left out, or any free one if that is taken.
        browser: whether to open the page.

    Returns:
        0: leaving is not failing.

    Raises:
        FactsheetError: an unknown role, no sheet to be found, or a port that is taken.
    """
    if (
        role not in VIEW_NAMES
    ):  # a role of another template, perhaps; of which one is known when the sheet is read
        named_roles([role])
    view = cast("ViewName", role)
    path, overrides = _path(sheet), templates_of_user()
    shown = Preview(lambda script: _draw(path, view, overrides, script))
    server = _listen(port, shown)
    if hasattr(signal, "SIGPIPE"):
        # A browser that leaves in the middle of an answer must not end the server, as `| head` may end a command.
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    try:
        say(f"{path}: at {server.address} ; Ctrl-C ends")
        sys.stdout.flush()
        if browser:
            import webbrowser  # only where it is wanted

            webbrowser.open(server.address)
        _watch(shown, path, overrides)
    except KeyboardInterrupt:
        say("")
    shown.close()
    server.shutdown()
    server.server_close()
    return exits.CLEAN


def _path(sheet: str | None) -> Path:
    if sheet == "-":
        raise UsageError("a preview needs a file that can change; standard input cannot")
    if sheet is None:
        from factsheet.cli.sheets import the_sheet  # reads pyproject.toml

        return the_sheet()
    path = Path(sheet)
    if not path.is_file():
        raise UsageError("there is no such file", help="name the sheet to show", place=sheet)
    return path


def _listen(port: int | None, shown: Preview) -> PreviewServer:
    try:
        return PreviewServer(USUAL_PORT if port is None else port, shown)
    except OSError as error:
        if port is None and error.errno == errno.EADDRINUSE:
            return PreviewServer(0, shown)
        raise UsageError(
            str(error.strerror),
            help="choose another one with --port, or 0 for any that is free",
            place=f"port {USUAL_PORT if port is None else port}",
        ) from None


def _draw(path: Path, view: ViewName, overrides: Path | None, script: str) -> DrawnPage:
    """Return the page, or what is wrong with the sheet in the words of the command line."""
    from factsheet.pages.formats.html import problem_html

    try:
        return DrawnPage(_page(path, view, overrides, script), fine=True)
    except FactsheetError as error:
        message = _COLOUR.sub("", screen(error)).removeprefix("factsheet: ")
    except Exception as error:  # noqa: BLE001  a fault of ours is shown like any other, and the preview goes on
        message = (
            f"a fault in factsheet itself ({type(error).__name__}: {str(error)[:200]}); please report it"
        )
    return DrawnPage(problem_html(str(path), message, script), fine=False)


def _page(path: Path, view: ViewName, overrides: Path | None, script: str) -> str:
    from factsheet.pages.formats.html import HtmlBook

    if not path.is_file():  # a pipe put in its place would be waited for, and the whole preview with it
        raise SourceUnreadableError(path, "it is no file any more")
    _, sheet = open_sheet(str(path))
    view = view_named(view, sheet.audience)
    page_set = PageSet(
        sheet,
        RenderOptions(
            overrides=overrides, figures="none", digest=digest_of(sheet), reviews=reviews_of(str(path), sheet)
        ),
    )
    pages = [page_set.page(name, whole=False) for name in sheet.audience.view_names]
    return HtmlBook(pages, overrides=overrides, live_script=script).html(view)


def _watch(shown: Preview, path: Path, overrides: Path | None) -> None:
    """Notify the preview of every change, until Ctrl-C."""
    before = _stamp(path, overrides)
    while True:
        time.sleep(INTERVAL_S)
        now = _stamp(path, overrides)
        if now != before:
            before = now
            shown.change()
            say(f"--- {time.strftime('%H:%M:%S')}, {path} has changed")
            sys.stdout.flush()


def _stamp(path: Path, overrides: Path | None) -> Stamp:
    """Return what changes with a file's content, by file; the content of the sheet and its reviews too, which is short.

    A tool may give a file of the same length the time of the one before, and a clock may be coarser than two saves.
    """
    stamp: Stamp = {str(file): (*_state(file), _checksum(file)) for file in (path, review_file_of(path))}
    if overrides is not None:
        # The folder may go while it is listed; the next look finds what is there then.
        with suppress(OSError):
            stamp |= {str(file): _state(file) for file in overrides.rglob("*") if file.is_file()}
    return stamp


def _state(file: Path) -> tuple[int, ...]:
    try:
        status = file.stat()
    except OSError:
        return ()  # it may come back: an editor replaces a file by moving it away first
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_size)


def _checksum(file: Path) -> int:
    """Return a checksum of what there is to read of a file; of a pipe or a device, nothing is read."""
    try:
        if not file.is_file():
            return 0
        with file.open("rb") as stream:
            return zlib.crc32(stream.read(DEFAULT_LIMITS.bytes + 1))
    except OSError:
        return 0


def command(
    *,
    sheet: SheetArgument = None,
    role: Annotated[
        str,
        typer.Option(
            metavar="ROLE",
            help="Whose view the page opens on; the others are a click away.",
            autocompletion=complete_views,
        ),
    ] = "full",
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="Where to listen; 0 takes any free port. [default: 8620, or a free one if that is taken]",
            show_default=False,
        ),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the page.")] = False,
) -> None:
    """Show the sheet in the browser and load it again whenever it is saved; on this machine alone.

    Example:
      factsheet preview sheets/bert.yaml --role ai-engineer
    """
    raise typer.Exit(preview(sheet, role=role, port=port, browser=not no_browser))
