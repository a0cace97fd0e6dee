"""Write the bill of materials of a wheel: what is installed with it today, in CycloneDX 1.6, held against its schema.

`python bill.py WHEEL …` puts `NAME-VERSION.cdx.json` beside each wheel: the core with all that it depends on, each with
its licence; the same where the same versions are installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]


def write_bill(wheel: Path) -> Path:
    """Install a wheel into an environment of its own, without pip, and write down what is there.

    Returns:
        The bill.
    """
    name, version = wheel.name.split("-")[:2]
    bill = wheel.with_name(f"{name}-{version}.cdx.json")
    with tempfile.TemporaryDirectory(prefix="factsheet-bill-") as folder:
        venv.create(folder, with_pip=False)
        python = Path(folder) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        pip = [sys.executable, "-m", "pip", "--quiet", "--python", str(python), "install", str(wheel)]
        subprocess.run(pip, check=True)
        tool = [sys.executable, "-m", "cyclonedx_py", "environment", "--spec-version", "1.6", "--validate"]
        options = [
            "--output-reproducible",
            "--pyproject",
            str(ROOT / "pyproject.toml"),
            "--mc-type",
            "application",
        ]
        subprocess.run([*tool, *options, "--output-file", str(bill), str(python)], check=True)
    return bill


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        sys.stdout.write(f"{write_bill(Path(argument).resolve())}\n")
