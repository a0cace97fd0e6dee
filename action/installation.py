"""The environment that factsheet is installed into: where it is, by what it is known again, and how it is made."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import workflow
from inputs import BadInputError, read_extras

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CANNOT = 2
_PARTS = ("pyproject.toml", "factsheet", "schemas", "templates")
"""What of the project decides what is installed."""


class Installation(NamedTuple):
    """An environment.

    Attributes:
        home: its folder.
        requirement: what pip is asked for.
        key: by which it is known again, here and in a cache.
    """

    home: Path
    requirement: str
    key: str

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def works(self) -> bool:
        """Whether it is there whole; one from a cache can be of a Python that the runner no longer has."""
        if not (self.home / "installed").exists():
            return False
        try:
            done = subprocess.run(
                [str(self.python), "-I", "-c", "import factsheet"],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=self.home,
            )
        except OSError:
            return False
        return done.returncode == 0


def installation(environment: Mapping[str, str], extras: Sequence[str]) -> Installation:
    """Return where factsheet is, or will be: always of the commit that the action is taken from.

    No name is looked up on an index but those of dependencies: whoever registered ours there could be anybody.
    """
    action, temp = Path(environment["GITHUB_ACTION_PATH"]), Path(environment["RUNNER_TEMP"])
    # As an address, so that no character of the folder's name can mean something to pip.
    named = f"factsheet[{','.join(extras)}]" if extras else "factsheet"
    requirement = f"{named} @ {action.resolve().as_uri()}"
    year, week, _ = datetime.now(UTC).isocalendar()
    told = "\0".join([sys.version, sys.executable, sys.base_prefix, str(temp), requirement, _content(action)])
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    # By the week, so that corrections of dependencies arrive.
    key = f"factsheet-{sys.platform}-{os.uname().machine if hasattr(os, 'uname') else 'x'}-{year}w{week:02}-{digest}"
    return Installation(temp / f"factsheet-{digest}", requirement, key)


def _content(action: Path) -> str:
    """Return a digest of the project's own files."""
    digest = hashlib.sha256()
    for part in _PARTS:
        place = action / part
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            if file.is_file() and file.suffix != ".pyc":
                digest.update(file.relative_to(action).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def prepare(environment: Mapping[str, str] = os.environ) -> int:
    """Set the outputs that a cache is asked with."""
    try:
        found = installation(environment, read_extras(environment))
    except BadInputError as error:
        workflow.annotate(str(error))
        return CANNOT
    output = Path(environment["GITHUB_OUTPUT"])
    workflow.put_output(output, "home", str(found.home))
    workflow.put_output(output, "key", found.key)
    return 0


def install(found: Installation, temp: Path) -> None:
    """Install factsheet into an environment of its own, unless it is there.

    Raises:
        OSError: it cannot be made.
        CalledProcessError: likewise.
    """
    if found.works:
        return
    with workflow.group("Install factsheet"):
        pip = ["-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--quiet"]
        for command in (
            [sys.executable, "-I", "-m", "venv", "--clear", str(found.home)],
            [str(found.python), *pip, "--no-compile", found.requirement],
        ):
            subprocess.run(command, check=True, cwd=temp, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    (found.home / "installed").touch()
