"""The preview as a process: what it answers and to whom, what it says of a broken sheet, and how it ends."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import factsheet
from factsheet.cli.exits import screen, status_of
from factsheet.cli.render.preview import DrawnPage, Preview, PreviewServer, _draw, _stamp, preview
from factsheet.errors import FactsheetError

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = Path(factsheet.__file__).parent.parent
SHEET = """\
factsheet: 1
overview:
  name: A sheet to change
  model: A model
"""
PATIENCE_S = 30


class Running:
    """A preview of a file, and its address."""

    def __init__(self, sheet: Path, *options: str) -> None:
        self.sheet = sheet
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "factsheet",
                "preview",
                str(sheet),
                "--no-browser",
                "--port",
                "0",
                *options,
            ],
            cwd=sheet.parent,
            env=os.environ | {"PYTHONPATH": str(HOME), "FORCE_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, (line, self.process.stderr and self.process.stderr.read())
        self.port = int(found[1])

    def ask(
        self, path: str = "/", host: str | None = None, method: str = "GET"
    ) -> tuple[http.client.HTTPResponse, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        connection.request(method, path, headers={"Host": host or f"127.0.0.1:{self.port}"})
        answer = connection.getresponse()
        return answer, answer.read().decode()

    def changes(self) -> Iterator[str]:
        """The versions that are announced."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        connection.request("GET", "/changes", headers={"Host": f"localhost:{self.port}"})
        answer = connection.getresponse()
        while line := answer.readline():
            if line.startswith(b"data: "):
                yield line[6:].strip().decode()
        connection.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    sheet = tmp_path_factory.mktemp("preview") / "sheet.yaml"
    sheet.write_text(SHEET, "utf-8")
    started = Running(sheet, "--role", "ai-engineer")
    yield started
    started.process.kill()
    started.process.communicate()


def test_it_shows_the_sheet_on_the_asked_view(running: Running) -> None:
    answer, html = running.ask()
    assert answer.status == 200
    assert "A sheet to change" in html
    assert '<html lang="en" data-view="ai-engineer">' in html
    assert "connect-src 'self'" in unescape(html)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    head, nothing = running.ask(method="HEAD")
    assert (head.status, nothing) == (200, "")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost", "127.0.0.1:1"])
def test_a_foreign_host_name_is_refused(running: Running, host: str) -> None:
    for path in ("/", "/changes"):
        answer, text = running.ask(path, host)
        assert answer.status == 421
        assert "A sheet to change" not in text


@pytest.mark.parametrize("path", ["/sheet.yaml", "/../sheet.yaml", "/%2e%2e/etc/passwd", "//etc/passwd"])
def test_there_is_only_one_page(running: Running, path: str) -> None:
    answer, _ = running.ask(path)
    assert answer.status == 404


def test_other_methods_are_refused(running: Running) -> None:
    answer, _ = running.ask(method="POST")
    assert answer.status == 501


def test_it_listens_on_the_loopback_interface_alone(running: Running) -> None:
    addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in {str(address) for address in addresses} - {"127.0.0.1"}:
        with socket.socket() as probe:
            probe.settimeout(2)
            assert probe.connect_ex((address, running.port)) != 0, address


def test_a_change_is_announced_and_an_error_is_a_page_with_the_same_words(running: Running) -> None:
    changes = running.changes()
    first = next(changes)
    running.sheet.write_text(SHEET.replace("name: A sheet", "nmae: A sheet"), "utf-8")
    assert next(changes) != first
    answer, html = running.ask()
    assert answer.status == 422
    assert "sheet.yaml:3:3" in html
    assert "FS1" in html
    assert "\x1b" not in html
    assert "EventSource" in html
    running.sheet.write_text(SHEET.replace("to change", "that changed"), "utf-8")
    next(changes)
    answer, html = running.ask()
    assert answer.status == 200
    assert "A sheet that changed" in html
    changes.close()  # type: ignore[attr-defined]  # a generator


def test_a_reader_that_leaves_does_not_end_it(running: Running) -> None:
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", running.port), timeout=5) as reader:
            reader.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n\r\n".encode())
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    time.sleep(0.3)
    assert running.process.poll() is None
    assert running.ask()[0].status == 200


def test_ctrl_c_ends_it_cleanly(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(SHEET, "utf-8")
    started = Running(sheet)
    reader = started.changes()
    next(reader)
    started.process.send_signal(signal.SIGINT)
    _, errors = started.process.communicate(timeout=PATIENCE_S)
    assert started.process.returncode == 0
    assert not errors


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["missing.yaml"], "there is no such file"),
        (["-"], "standard input cannot"),
        ([str(HOME / "sheets" / "bert.yaml"), "ai-enginer"], "did you mean `ai-engineer`?"),
    ],
)
def test_what_can_not_be_shown_is_said(arguments: list[str], says: str) -> None:
    with pytest.raises(FactsheetError) as raised:
        preview(arguments[0], role=arguments[-1] if len(arguments) > 1 else "full", port=0, browser=False)
    assert says in screen(raised.value)
    assert status_of(raised.value) == 2


def test_a_port_that_is_taken_is_said() -> None:
    shown = Preview(lambda script: DrawnPage(script, fine=True))
    first = PreviewServer(0, shown)
    with pytest.raises(OSError, match="in use"):
        PreviewServer(first.server_port, shown)
    first.server_close()


def test_a_page_is_drawn_once_for_each_version() -> None:
    drawn: list[str] = []

    def draw(script: str) -> DrawnPage:
        drawn.append(script)
        return DrawnPage(script, fine=True)

    shown = Preview(draw)
    assert shown.page() is shown.page()
    assert shown.version in shown.page().html
    shown.change()
    assert shown.page().html != drawn[0]
    assert len(drawn) == 2


def test_every_save_is_seen_and_a_pipe_in_the_sheets_place_holds_nothing_up(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(SHEET, "utf-8")
    bare = _stamp(sheet, None)
    sheet.with_name(f"{sheet.stem}.review.yaml").write_text("review: 1\n", encoding="utf-8")
    before = _stamp(sheet, None)
    assert before != bare  # what reviewers said is on the page too
    times = sheet.stat()
    # Of the same length and, as `touch -r` or a coarse clock has it, of the same time.
    sheet.write_text(SHEET.replace("A model", "B model"), "utf-8")
    os.utime(sheet, ns=(times.st_atime_ns, times.st_mtime_ns))
    changed = _stamp(sheet, None)
    assert sheet.stat().st_mtime_ns == times.st_mtime_ns
    assert changed != before
    assert changed == _stamp(sheet, None)
    sheet.unlink()
    gone = _stamp(sheet, None)
    os.mkfifo(sheet)
    pipe = _stamp(sheet, None)
    assert len({*map(str, (before, changed, gone, pipe))}) == 4
    drawn = _draw(sheet, "full", None, "")
    assert not drawn.fine
    assert "it is no file any more" in drawn.html


def test_templates_that_are_pipes_or_go_away_do_not_end_the_preview(tmp_path: Path) -> None:
    sheet, folder = tmp_path / "sheet.yaml", tmp_path / "mine"
    (folder / "html").mkdir(parents=True)
    os.mkfifo(folder / "html" / "page.html.j2")
    (folder / "html" / "style.css").write_text("p {}", "utf-8")
    there = _stamp(sheet, folder)
    assert str(folder / "html" / "style.css") in there
    assert str(folder / "html" / "page.html.j2") not in there
    shutil.rmtree(folder)
    assert _stamp(sheet, folder) != there
