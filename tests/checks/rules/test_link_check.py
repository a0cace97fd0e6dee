"""Links are asked for an answer under `--online` alone, of a server on this machine, and never on a private network."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple

import pytest

from factsheet.checks.configuration import find_configuration
from factsheet.checks.engine import check_document
from factsheet.checks.rules.evidence.link_check import LinkCheckLimits, unanswered
from factsheet.checks.settings import Settings
from factsheet.errors import ConfigurationError
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from factsheet.checks.rule import Option

LOCAL = LinkCheckLimits(timeout_s=5.0, parallel=4, allow_private=True)


class Server(NamedTuple):
    """A server with what was asked of it."""

    url: str
    asked: list[str]


class Handler(BaseHTTPRequestHandler):
    def answer(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")  # type: ignore[attr-defined]
        path, _, given = self.path.lstrip("/").partition("?")
        if path == "head-refused" and self.command == "HEAD":
            path = "405"
        if path == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(int(path) if path.isdigit() else 200)
        if given:
            self.send_header("Location", given)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the standard library's
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=running.serve_forever, args=(0.01,))
    thread.start()
    yield Server(f"http://127.0.0.1:{running.server_port}", running.asked)  # type: ignore[attr-defined]
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.mark.parametrize("path", ["", "head-refused", "401", "403", "418", "429", "999", "301?/", "308?/403"])
def test_what_answers_is_there(path: str, server: Server) -> None:
    assert unanswered({f"{server.url}/{path}": True}, LOCAL) == {}


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("404", "404 Not Found"),
        ("410", "410 Gone"),
        ("500", "500 Internal Server Error"),
        ("599", "599 of the server's own making"),
        ("301?/404", "404 Not Found"),
        ("302?/302", "it redirects without end, or to something other than a web page"),
        ("302?file:///etc/passwd", "it redirects without end, or to something other than a web page"),
        ("302?ftp://127.0.0.1/", "no connection could be made"),
        ("drop", "the connection was refused or cut"),
    ],
)
def test_what_does_not_answer_is_reported(path: str, fault: str, server: Server) -> None:
    address = f"{server.url}/{path}"
    if path == "302?/302":
        address = f"{server.url}/302?/302?/302?/302?/302?/302?/302?/302"
    assert unanswered({address: True}, LOCAL) == {address: fault}


def test_a_resolver_is_not_followed(server: Server) -> None:
    # doi.org answers with a redirection for a registered DOI, with 404 for any other.
    assert unanswered({f"{server.url}/302?/404": False, f"{server.url}/404": False}, LOCAL) == {
        f"{server.url}/404": "404 Not Found"
    }
    assert "HEAD /302?/404" in server.asked
    assert server.asked.count("GET /404") == 1


def test_an_answer_is_asked_for_with_head_first_and_each_address_once(server: Server) -> None:
    assert unanswered({f"{server.url}/page": True, f"{server.url}/head-refused": True}, LOCAL) == {}
    assert sorted(server.asked) == ["GET /head-refused", "HEAD /head-refused", "HEAD /page"]


def test_nothing_is_sent_to_a_private_address(server: Server) -> None:
    private = LinkCheckLimits(timeout_s=5.0)
    port = server.url.rpartition(":")[2]
    hosts = (
        *(
            "127.0.0.1",
            "127.1",
            "localhost",
            "10.0.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",  # noqa: S104  an address to refuse
        ),
        *("[::1]", "[::ffff:127.0.0.1]", "[fe80::1]", "printer.local", "db.internal"),
    )
    addresses = [f"http://{host}:{port}/page" for host in hosts]
    faults = unanswered(dict.fromkeys(addresses, True), private)
    assert set(faults) == set(addresses)
    assert set(faults.values()) == {"it leads into a private network, and is not opened"}
    assert server.asked == []


PRIVATE = "it leads into a private network, and is not opened"


def _found(*addresses: str) -> list[tuple[object, ...]]:
    """What a look-up returns."""
    return [
        (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80))
        for one in addresses
    ]


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is connected to; nothing is."""
    made: list[object] = []

    def connect(_: socket.socket, address: object) -> None:
        made.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setenv("no_proxy", "*")
    return made


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("192.0.2.1", "10.0.0.1"),
        ("8.8.8.8", "10.0.0.1"),  # one that a check could look at, and one that is then connected to
        ("::1",),
        ("::ffff:10.0.0.1",),
        ("64:ff9b::a00:1",),  # RFC 6052, of 10.0.0.1
        ("2002:a00:1::",),  # RFC 3056, of 10.0.0.1
        ("::10.0.0.1",),
        ("fd00::1",),
        ("fe80::1%eth0",),
        ("169.254.169.254",),
        ("224.0.0.1",),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_with_a_private_address_is_not_connected_to(
    scheme: str, addresses: tuple[str, ...], connections: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: _found(*addresses))
    address = f"{scheme}://public.example/page"
    assert unanswered({address: True}, LinkCheckLimits(timeout_s=5.0)) == {address: PRIVATE}
    assert connections == []


def test_a_host_is_looked_up_once_and_what_was_found_is_connected_to(
    connections: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(
        [_found("8.8.8.8"), _found("127.0.0.1")] * 2
    )  # one for HEAD, one for GET: the second is private
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: next(answers))
    assert unanswered({"http://public.example/": True}, LinkCheckLimits(timeout_s=5.0)) == {
        "http://public.example/": PRIVATE
    }
    assert connections == [("8.8.8.8", 80)]


def test_a_proxy_is_not_asked_for_what_is_private(
    connections: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.delenv("no_proxy")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: _found("10.0.0.1"))
    address = "http://public.example/"
    assert unanswered({address: True}, LinkCheckLimits(timeout_s=5.0)) == {address: PRIVATE}
    assert connections == []


def test_an_open_port_and_a_closed_one_are_told_apart_by_nothing(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        closed = listening.getsockname()[1]
    addresses = [f"{server.url}/page", f"http://127.0.0.1:{closed}/page"]
    assert set(unanswered(dict.fromkeys(addresses, True), LinkCheckLimits(timeout_s=5.0)).values()) == {
        PRIVATE
    }
    assert server.asked == []


def test_one_bad_link_holds_up_no_other(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = [f"http://127.0.0.1:{silent.getsockname()[1]}/{number}" for number in range(3)]
        odd = ["http://a..b/", "http://x:99999/", "http://[::1", f"http://{'a' * 70}.org/", "http://\ud800/"]
        limits = LinkCheckLimits(timeout_s=0.2, parallel=1, allow_private=True)
        faults = unanswered(dict.fromkeys([*slow, *odd, f"{server.url}/page"], True), limits)
    assert set(faults) == {*slow, *odd}
    monkeypatch.setattr(
        "factsheet.checks.rules.evidence.link_check._request", lambda *_, **__: 1 / 0
    )  # what nobody thought of
    assert unanswered({odd[0]: True}, limits) == {odd[0]: "it is not an address that can be requested"}


def test_a_redirection_into_a_private_network_is_not_followed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first step stands for a public server; of the second only the address counts.
    monkeypatch.setattr(
        "factsheet.checks.rules.evidence.link_check._is_private", lambda host: host.startswith("10.")
    )
    address = f"{server.url}/302?http://10.0.0.1/secret"
    faults = unanswered({address: True}, LinkCheckLimits(timeout_s=5.0))
    assert faults == {address: "it leads into a private network, and is not opened"}


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://user:secret@127.0.0.1/", "http://[::1", "ftp://x.org/"]
)
def test_what_is_no_plain_web_address_is_not_opened(address: str) -> None:
    assert unanswered({address: True}, LOCAL) == {address: "it is not an address that can be requested"}


def test_a_server_that_never_answers_does_not_hold_the_check_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        limits = LinkCheckLimits(timeout_s=0.2, parallel=1, allow_private=True)
        assert unanswered({address: True}, limits) == {address: "no answer within 0.2 s"}


SHEET = """\
factsheet: 1
overview: {{name: Example, model: BERT-base, homepage: "{url}/404"}}
model_architecture: {{implementation: "{url}/page", references: [one, two, three]}}
references:
  - {{id: one, title: One, doi: 10.1000/404}}
  - {{id: two, title: Two, arxiv: "2301.00001", url: "{url}/404"}}
  - {{id: three, title: Three, url: "{url}/403"}}
"""


def lines(server: Server, settings: Settings) -> list[int]:
    text = SHEET.format(url=server.url)
    diagnostics = check_document(load_bytes(text.encode(), "x"), "x", settings).diagnostics
    return [found.line for found in diagnostics if found.rule_id == "FS507"]


def test_the_rule_asks_every_link_of_a_sheet_under_online_alone(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTSHEET_ALLOW_PRIVATE", "1")
    options: dict[str, dict[str, Option]] = {
        "FS507": {
            "timeout_s": 5,
            "doi_resolver": f"{server.url}/404?",
            "arxiv_pages": f"{server.url}/",
        }
    }
    assert lines(server, Settings(options=options)) == []
    assert server.asked == []
    assert lines(server, Settings(options=options, online=True)) == [2, 5, 6]
    assert sum(asked.startswith("HEAD /404 ") or asked == "HEAD /404" for asked in server.asked) == 1
    assert "HEAD /2301.00001" in server.asked


def test_the_rule_opens_private_addresses_only_on_request(server: Server) -> None:
    options: dict[str, dict[str, Option]] = {
        "FS507": {
            "allow_private": True,  # settings may be a stranger's; the environment is of who runs the check
            "doi_resolver": f"{server.url}/",
            "arxiv_pages": f"{server.url}/",
        }
    }
    assert lines(server, Settings(options=options, online=True)) == [2, 3, 5, 6, 6, 7]
    assert server.asked == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("allow_private = true", "set FACTSHEET_ALLOW_PRIVATE=1 in the environment instead"),
        ("timeout_s = nan", "a number above 0 and at most 600"),
        ("timeout_s = inf", "a number above 0 and at most 600"),
        ("timeout_s = 1e308", "a number above 0 and at most 600"),
        ("timeout_s = -1", "a number above 0 and at most 600"),
        ("timeout_s = 0", "a number above 0 and at most 600"),
        ("parallel = 0", "a number above 0 and at most 32"),
        ("parallel = 1000000", "a number above 0 and at most 32"),
    ],
)
def test_settings_of_a_repository_open_no_private_address_and_no_flood(
    given: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.factsheet.rules.FS507]\n{given}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said):
        find_configuration(tmp_path)
