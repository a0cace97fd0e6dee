"""The revision that sheets are compared with: where a pull request or a push began. Git is asked for names alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_RUNS_NOTHING = ("-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit")
"""What the repository's own settings could have git run."""
_FETCHES_NOTHING = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_SECONDS = 30
_LARGEST = 25_000_000
"""Bytes of an event that are read; GitHub's own are smaller."""
SHALLOW = "the revision that this change began at is not in this copy; give actions/checkout `fetch-depth: 0`"


class Base(NamedTuple):
    """What sheets are compared with.

    Attributes:
        revision: a commit's id; empty where there is none.
        why: why there is none; empty also where there is nothing to say.
    """

    revision: str = ""
    why: str = ""


def event_of(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return what started the workflow; empty where that cannot be read."""
    path = environment.get("GITHUB_EVENT_PATH", "")
    try:
        with Path(path).open("rb") as stream:
            event = json.loads(stream.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def value_in(event: Any, *keys: str) -> Any:
    """Return what an event has below keys; `None` where it has nothing there."""
    for key in keys:
        event = event.get(key) if isinstance(event, dict) else None
    return event


def base_of(environment: Mapping[str, str], given: str) -> Base:
    """Return the commit that the working directory is compared with.

    Args:
        environment: variables of the process.
        given: the input `base`; empty for the event's own.
    """
    if given:
        found = _commit(given)
        return Base(found) if found else Base(why=f"there is no revision `{given[:80]}` in this copy")
    event = event_of(environment)
    named = [
        value_in(event, "pull_request", "base", "sha"),
        value_in(event, "merge_group", "base_sha"),
        value_in(event, "before"),
    ]
    commits = [one for one in named if isinstance(one, str) and _COMMIT.fullmatch(one) and set(one) != {"0"}]
    if not commits:
        return Base()
    for one in commits:
        begun = _git("merge-base", one, "HEAD")
        if _COMMIT.fullmatch(begun):
            return Base(begun)
    # A copy of two revisions: what is checked out for a pull request is its merge, and the first parent is the base.
    if value_in(event, "pull_request") is not None and _commit("HEAD^2"):
        parent = _commit("HEAD^1")
        if parent:
            return Base(parent)
    return Base(why=SHALLOW)


def _commit(name: str) -> str:
    found = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return found if _COMMIT.fullmatch(found) else ""


def _git(*arguments: str) -> str:
    """Return a line of git's; empty where it refuses."""
    try:
        done = subprocess.run(
            ["git", "--no-pager", *_RUNS_NOTHING, *arguments],  # noqa: S607  the runner's own git
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env={**os.environ, **_FETCHES_NOTHING},
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("ascii", "replace").strip() if done.returncode == 0 else ""
