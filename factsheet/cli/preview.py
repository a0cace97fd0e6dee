"""`factsheet preview`: the sheet as a page in the browser, drawn anew whenever it is saved."""

from __future__ import annotations

import errno
import re
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.cli import exits
from factsheet.cli.exits import Stop, did_you_mean
from factsheet.cli.opened import open_with_text
from factsheet.cli.preview_server import Drawn, Preview, Server
from factsheet.cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.views import ViewName

INTERVAL_S = 0.25
"""How often the files' times are looked at."""
USUAL_PORT = 8620
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

Stamp = dict[str, tuple[int, int]]


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
        Stop: an unknown role, no sheet to be found, or a port that can not be had.
    """
    from factsheet.cli.book import templates_of_user  # start-up: `validate` does without
    from factsheet.views import VIEW_NAMES

    view = next((name for name in VIEW_NAMES if name == role), None)
    if view is None:
        raise Stop(
            f"factsheet: --role {role[:60]}: there is no such view\n"
            f"  {did_you_mean(role, VIEW_NAMES)}The views are {', '.join(VIEW_NAMES)}; `full` shows everything."
        )
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
        raise Stop("factsheet: a preview needs a file that can change; standard input can not")
    if sheet is None:
        from factsheet.cli.locate import the_sheet  # reads pyproject.toml

        return the_sheet()
    path = Path(sheet)
    if not path.is_file():
        raise Stop(f"factsheet: {sheet}: there is no such file\n  Name the sheet to show.")
    return path


def _listen(port: int | None, shown: Preview) -> Server:
    try:
        return Server(USUAL_PORT if port is None else port, shown)
    except OSError as error:
        if port is None and error.errno == errno.EADDRINUSE:
            return Server(0, shown)
        raise Stop(
            f"factsheet: port {USUAL_PORT if port is None else port}: {error.strerror}\n"
            "  Choose another one with --port, or 0 for any that is free."
        ) from None


def _draw(path: Path, view: ViewName, overrides: Path | None, script: str) -> Drawn:
    """The page, or what is wrong with the sheet in the words of the command line."""
    from factsheet.render.environment import TemplateFaultError
    from factsheet.render.html_problem import problem_html

    try:
        return Drawn(_page(path, view, overrides, script), fine=True)
    except Stop as stop:
        message = _COLOUR.sub("", stop.message)
    except TemplateFaultError as fault:
        message = str(fault)
    except Exception as error:  # noqa: BLE001  a fault of ours is shown like any other, and the preview goes on
        message = (
            f"a fault in factsheet itself ({type(error).__name__}: {str(error)[:200]}); please report it"
        )
    return Drawn(problem_html(str(path), message, script), fine=False)


def _page(path: Path, view: ViewName, overrides: Path | None, script: str) -> str:
    from factsheet.cli.book import open_book
    from factsheet.cli.render import Asked
    from factsheet.render.html import HtmlBook
    from factsheet.views import VIEW_NAMES

    _, sheet, text = open_with_text(str(path))
    book = open_book(sheet, text, Asked(view, "html", None, "none", front_matter=False))
    pages = [book.page(name, whole=False) for name in VIEW_NAMES]
    return HtmlBook(pages, overrides=overrides, live_script=script).html(view)


def _watch(shown: Preview, path: Path, overrides: Path | None) -> None:
    """Tell the preview of every change, until Ctrl-C."""
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
    stamp: Stamp = {}
    for file in _files(path, overrides):
        try:
            status = file.stat()
            stamp[str(file)] = (status.st_mtime_ns, status.st_size)
        except OSError:
            stamp[str(file)] = (0, 0)  # it may come back: an editor replaces a file by moving it away first
    return stamp


def _files(path: Path, overrides: Path | None) -> Iterator[Path]:
    yield path
    if overrides is not None:
        yield from sorted(file for file in overrides.rglob("*") if file.is_file())
