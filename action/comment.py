"""Keep one comment on a pull request up to date: what the last push changed, in place of what an earlier one did."""

from __future__ import annotations

import json
import os
import re
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import workflow
from base import event_of, value_in
from summary import CHANGED

if TYPE_CHECKING:
    from collections.abc import Mapping

AUTHOR = "github-actions[bot]"
"""Who writes with the workflow's own token. Only a comment of theirs is rewritten: others can begin with our mark."""
_PER_PAGE = 100
_MOST_PAGES = 30
_SECONDS = 20
_LARGEST = 20_000_000
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


class CommentError(Exception):
    """What keeps a comment from being written."""


class _NoRedirect(HTTPRedirectHandler):
    """Follow no redirection: the token is for one server alone."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def post(environment: Mapping[str, str] = os.environ) -> int:
    """Write the comment. That it cannot be is a warning: the check has its own result."""
    try:
        body = Path(environment["FACTSHEET_COMMENT_FILE"]).read_text(encoding="utf-8")
        workflow.say(_post(body, environment))
    except CommentError as error:
        workflow.annotate(f"no comment was written: {error}", grave=False)
    except OSError as error:
        workflow.annotate(f"no comment was written: {error}", grave=False)
    return 0


def _post(body: str, environment: Mapping[str, str]) -> str:
    """Write the comment, and return what was done."""
    event = event_of(environment)
    repository, number = environment.get("GITHUB_REPOSITORY", ""), value_in(event, "pull_request", "number")
    if not isinstance(number, int) or isinstance(number, bool) or not _REPOSITORY.fullmatch(repository):
        return "There is no pull request to comment on."
    if value_in(event, "pull_request", "head", "repo", "full_name") != repository:
        return "This pull request comes from a fork, whose workflows may not comment; the job summary has it all."
    server = _Server(environment.get("GITHUB_API_URL", ""), environment.get("FACTSHEET_TOKEN", ""))
    place = f"/repos/{repository}/issues"
    mark = body.partition("\n")[0]
    found = _own(server, f"{place}/{number}/comments", mark)
    if found is not None:
        if found["body"].replace("\r\n", "\n").strip() == body.strip():
            return "The comment says it already."
        server.ask("PATCH", f"{place}/comments/{int(found['id'])}", {"body": body})
        return "The comment was rewritten."
    if CHANGED not in body:
        return "Nothing changed, so there is nothing to comment on."
    server.ask("POST", f"{place}/{number}/comments", {"body": body})
    return "A comment was written."


def _own(server: _Server, place: str, mark: str) -> dict[str, Any] | None:
    """Return the comment that an earlier run wrote; `None` where there is none."""
    for page in range(1, _MOST_PAGES + 1):
        listed = server.ask("GET", f"{place}?per_page={_PER_PAGE}&page={page}")
        if not isinstance(listed, list):
            raise CommentError("the server's list of comments is none")
        for one in listed:
            author, body = value_in(one, "user", "login"), value_in(one, "body")
            if (
                author == AUTHOR
                and isinstance(body, str)
                and body.startswith(mark)
                and isinstance(one.get("id"), int)
            ):
                return dict(one)
        if len(listed) < _PER_PAGE:
            break
    return None


class _Server:
    """GitHub's API at the address that the runner gives."""

    def __init__(self, address: str, token: str) -> None:
        parts = urlsplit(address)
        loopback = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}
        if not (parts.scheme == "https" or loopback) or not parts.hostname:
            raise CommentError("GITHUB_API_URL is no address of a server")
        if not token or not token.isascii() or not token.isprintable():
            raise CommentError("there is no token")
        self._address, self._token = address.rstrip("/"), token
        self._opener = build_opener(_NoRedirect())

    def ask(self, method: str, path: str, data: Mapping[str, str] | None = None) -> Any:
        """Return what the server answers, as plain data.

        Raises:
            CommentError: it refuses, or does not answer.
        """
        request = Request(  # noqa: S310  https, or loopback: see above
            f"{self._address}{path}",
            method=method,
            data=None if data is None else json.dumps(data).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Accept": "application/vnd.github+json",
                "Content-Type": "application/json",
                "User-Agent": "factsheet-action",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                return json.loads(answer.read(_LARGEST))
        except HTTPError as error:
            if error.code in {401, 403, 404}:
                raise CommentError(
                    f"the server refuses (status {error.code}); the job needs the permission `pull-requests: write`"
                ) from None
            raise CommentError(f"the server answers with status {error.code}") from None
        except (URLError, OSError, HTTPException) as error:
            raise CommentError(f"the server does not answer: {getattr(error, 'reason', error)}") from None
        except (ValueError, RecursionError):
            raise CommentError("the server's answer cannot be read") from None
