"""A real repository in git, whose commits nobody's settings change."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


class Repository:
    """A folder under git, whose commits are a day apart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._day = 0
        self.git("init", "-q", "-b", "main", ".")

    def git(self, *arguments: str) -> str:
        self._day += 1
        dates = dict.fromkeys(
            ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"2026-01-{self._day % 28 + 1:02}T12:00:00+00:00"
        )
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607  the user's own
            cwd=self.folder,
            env={**os.environ, **NOBODY, **dates},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commit(self, subject: str, **files: str) -> None:
        """Commit files by their stem; their names end in `.yaml`."""
        for name, text in files.items():
            (self.folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject)
