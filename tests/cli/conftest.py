"""Running the command line as a process, away from the settings of whoever runs the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def factsheet(tmp_path: Path) -> Run:
    """`factsheet` as a process in an empty directory; whatever it does, it does not end in a traceback."""

    def run(
        *arguments: str, stdin: bytes = b"", cwd: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        base = {
            key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR", "TERM"}
        }
        done = subprocess.run(
            [sys.executable, "-m", "factsheet", *arguments],
            input=stdin,
            capture_output=True,
            check=False,
            cwd=cwd or tmp_path,
            env={**base, "PYTHONPATH": str(ROOT), **environment},
        )
        assert b"Traceback" not in done.stderr + done.stdout
        return done

    return run
