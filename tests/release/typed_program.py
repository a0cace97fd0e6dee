"""Have mypy and pyright check a program, strictly, from a folder in which nothing of this repository is to be seen.

`python typed_program.py PROGRAM`, with the Python of the environment that factsheet is installed in.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

MYPY = "[mypy]\nstrict = True\n"
PYRIGHT = {"typeCheckingMode": "strict", "include": ["."], "reportMissingTypeStubs": "none"}
WRONG = "import factsheet\nfactsheet.load(3)\nreveal: int = factsheet.load('a').render('html')\n"
"""Two errors of types: a check that finds none here knows nothing of the package."""


def checks_of(folder: Path) -> dict[str, subprocess.CompletedProcess[str]]:
    """Check all programs of a folder with both."""
    (folder / "mypy.ini").write_text(MYPY, encoding="utf-8")
    settings = PYRIGHT | {"venvPath": str(Path(sys.prefix).parent), "venv": Path(sys.prefix).name}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    environment = {
        name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "MYPYPATH"}
    }
    commands = {
        "mypy": [sys.executable, "-m", "mypy", "."],
        "pyright": [sys.executable, "-m", "pyright", "--project", "pyrightconfig.json"],
    }
    return {
        name: subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        for name, command in commands.items()
    }


def main(program: Path) -> None:
    """Check the program, which has to be right, and one that is wrong, which must not pass."""
    with tempfile.TemporaryDirectory(prefix="factsheet-typed-") as name:
        right, wrong = Path(name) / "right", Path(name) / "wrong"
        right.mkdir()
        wrong.mkdir()
        (right / program.name).write_bytes(program.read_bytes())
        (wrong / "wrong.py").write_text(WRONG, encoding="utf-8")
        for tool, done in checks_of(right).items():
            if done.returncode:
                sys.exit(f"{tool} on {program.name}:\n{done.stdout}{done.stderr}")
            sys.stdout.write(f"{tool}: {done.stdout.strip().splitlines()[-1]}\n")
        for tool, done in checks_of(wrong).items():
            if done.returncode != 1 or "wrong.py:2" not in done.stdout or "wrong.py:3" not in done.stdout:
                sys.exit(f"{tool} does not find what is wrong:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
