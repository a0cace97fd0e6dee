"""The comment on a pull request, against a server on loopback that answers as GitHub's API does."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from action_runner import HOSTILE, TOKEN, obeyed
from project_files import ROOT, clean_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARK = "<!-- factsheet action 0123456789abcdef -->"
CHANGED = f"{MARK}\n<!-- factsheet: changed -->\n## What changed\n"
SAME = f"{MARK}\n\nnothing changed\n"
OURS = "github-actions[bot]"


@dataclass
class Api:
    """A server that keeps the comments of pull request 7 of `someone/models`."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    status: int = 0
    """What every answer is, where it is not as it should be."""
    location: str = ""
    address: str = ""

    def answer(self, method: str, path: str, data: dict[str, Any]) -> tuple[int, Any]:
        place, _, query = path.partition("?")
        if self.status:
            return self.status, {}
        if place == "/repos/someone/models/issues/7/comments" and method == "GET":
            asked = dict(part.split("=") for part in query.split("&"))
            size, page = int(asked["per_page"]), int(asked["page"])
            return 200, self.comments[(page - 1) * size : page * size]
        if place == "/repos/someone/models/issues/7/comments" and method == "POST":
            self.comments.append({"id": 1000 + len(self.comments), "user": {"login": OURS}, **data})
            return 201, self.comments[-1]
        if place.startswith("/repos/someone/models/issues/comments/") and method == "PATCH":
            (found,) = [one for one in self.comments if one["id"] == int(place.rpartition("/")[2])]
            found.update(data)
            return 200, found
        return 404, {}


@pytest.fixture
def api() -> Iterator[Api]:
    kept = Api()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            data = json.loads(self.rfile.read(length) or b"{}")
            kept.asked.append((self.command, self.path, self.headers.get("Authorization", "")))
            status, content = kept.answer(self.command, self.path, data)
            body = json.dumps(content).encode()
            self.send_response(status)
            if kept.location:
                self.send_header("Location", kept.location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = answer  # noqa: N815  the names that http.server calls

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    kept.address = f"http://127.0.0.1:{server.server_port}"
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


def comment(api: Api, folder: Path, body: str, *, head: str = "someone/models", **changed: str) -> str:
    """Run the step, and return its log; it never fails the job."""
    file, event = folder / "comment.md", folder / "event.json"
    file.write_text(body, "utf-8")
    event.write_text(
        json.dumps({"pull_request": {"number": 7, "head": {"repo": {"full_name": head}}}}), "utf-8"
    )
    environment = clean_environment() | {
        "GITHUB_API_URL": api.address,
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REPOSITORY": "someone/models",
        "FACTSHEET_COMMENT_FILE": str(file),
        "FACTSHEET_TOKEN": TOKEN,
        "no_proxy": "127.0.0.1",
        **changed,
    }
    done = subprocess.run(
        [sys.executable, "-I", str(ROOT / "action"), "comment"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert TOKEN not in done.stdout + done.stderr
    return done.stdout


def test_a_comment_is_written_once_and_rewritten_by_the_next_push(api: Api, tmp_path: Path) -> None:
    comment(api, tmp_path, CHANGED)
    comment(api, tmp_path, CHANGED + "more\n")
    comment(api, tmp_path, SAME)
    assert [one["body"] for one in api.comments] == [SAME]
    assert [method for method, _, _ in api.asked] == ["GET", "POST", "GET", "PATCH", "GET", "PATCH"]
    assert {token for _, _, token in api.asked} == {f"Bearer {TOKEN}"}


def test_what_is_said_already_is_not_written_again(api: Api, tmp_path: Path) -> None:
    comment(api, tmp_path, CHANGED)
    api.comments[0]["body"] = CHANGED.replace("\n", "\r\n")  # as GitHub gives it back
    comment(api, tmp_path, CHANGED)
    assert [method for method, _, _ in api.asked] == ["GET", "POST", "GET"]


def test_where_nothing_changed_none_is_begun(api: Api, tmp_path: Path) -> None:
    comment(api, tmp_path, SAME)
    assert api.comments == []


def test_comments_of_others_are_left_alone_whatever_they_begin_with(api: Api, tmp_path: Path) -> None:
    others = [{"id": n, "user": {"login": "mallory"}, "body": f"{MARK}\nmine {n}"} for n in range(250)]
    others += [
        {"id": 998, "user": None, "body": MARK},
        {"id": 999, "user": {"login": OURS}, "body": "another bot's"},
    ]
    api.comments += [dict(one) for one in others]
    comment(api, tmp_path, CHANGED)
    assert api.comments[:-1] == others
    assert api.comments[-1]["body"] == CHANGED
    comment(api, tmp_path, CHANGED + "more\n")  # found behind two hundred others
    assert len(api.comments) == len(others) + 1


def test_two_uses_of_the_action_have_their_own_comments(api: Api, tmp_path: Path) -> None:
    comment(api, tmp_path, CHANGED)
    comment(api, tmp_path, CHANGED.replace("0123", "4567"))
    assert len(api.comments) == 2


def test_a_pull_request_from_a_fork_is_not_commented_on(api: Api, tmp_path: Path) -> None:
    assert "fork" in comment(api, tmp_path, CHANGED, head="mallory/models")
    assert api.asked == []


@pytest.mark.parametrize(
    ("status", "said"), [(403, "pull-requests: write"), (500, "status 500"), (200, "list")]
)
def test_what_the_server_refuses_is_a_warning(api: Api, tmp_path: Path, status: int, said: str) -> None:
    api.status = status
    (told,) = obeyed(comment(api, tmp_path, CHANGED))
    assert told.name == "warning"
    assert said in told.message


def test_the_token_follows_no_redirection(api: Api, tmp_path: Path) -> None:
    api.status, api.location = 302, f"{api.address}/elsewhere"
    (told,) = obeyed(comment(api, tmp_path, CHANGED))
    assert told.name == "warning"
    assert [path for _, path, _ in api.asked if "elsewhere" in path] == []


@pytest.mark.parametrize("address", ["http://example.org", "file:///etc/passwd", "", "ftp://127.0.0.1"])
def test_the_token_goes_to_no_server_without_encryption(api: Api, tmp_path: Path, address: str) -> None:
    (told,) = obeyed(comment(api, tmp_path, CHANGED, GITHUB_API_URL=address))
    assert "no address" in told.message


@pytest.mark.parametrize("text", HOSTILE[::4])
def test_nothing_of_the_event_reaches_another_place(api: Api, tmp_path: Path, text: str) -> None:
    log = comment(api, tmp_path, CHANGED, GITHUB_REPOSITORY=f"someone/models/{text}")
    assert api.asked == []
    assert list(obeyed(log)) == []
