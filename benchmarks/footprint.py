"""What an installation of the core costs, beside packages for similar work: bytes, imports, a start.

`python -m benchmarks.footprint --page docs/footprint.md` writes the page, in the root of the repository. Each package
is downloaded and installed by pip into an environment of its own, from this checkout or the index; then all are
measured in turns. It takes some minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))

from _measure import SCHEMA, SHEETS, Cost, cost_of, environment, median_cpu_s  # noqa: E402

ROUNDS = 11
BILL = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": []}
CARD = "---\nlicense: apache-2.0\nlanguage: en\n---\n# A model\n\nWhat it is for.\n"
VALIDATE = (
    "from cyclonedx.validation.json import JsonStrictValidator as V; from cyclonedx.schema import SchemaVersion as S;"
    " e = V(S.V1_6).validate_str(open('{here}/bom.json').read()); assert e is None, e"
)
MOST_DOWNLOADED_MB = 10
MOST_INSTALLED_MB = 45


class Package(NamedTuple):
    """A package, and what is done with it."""

    name: str
    requirement: str
    imports: str
    work: str
    command: tuple[str, ...]
    """What does the work; `{bin}` is the folder of the environment's scripts, `{here}` one with files to read."""


PACKAGES = (
    Package(
        "factsheet",
        str(ROOT),
        "import factsheet; factsheet.FactSheet",
        "validate `sheets/bert.yaml`: schema, arithmetic, evidence, prose",
        ("{bin}/factsheet", "validate", str(SHEETS / "bert.yaml")),
    ),
    Package(
        "huggingface_hub",
        "huggingface_hub",
        "from huggingface_hub import ModelCard",
        "read a model card of six lines",
        (
            "{bin}/python",
            "-c",
            "from huggingface_hub import ModelCard; ModelCard.load('{here}/README.md')",
        ),
    ),
    Package(
        "cyclonedx-python-lib",
        "cyclonedx-python-lib[json-validation]",
        "from cyclonedx.validation.json import JsonStrictValidator",
        "validate a bill without components, strictly",
        (
            "{bin}/python",
            "-c",
            VALIDATE,
        ),
    ),
    Package(
        "check-jsonschema",
        "check-jsonschema",
        "import check_jsonschema.cli",
        "hold `sheets/bert.yaml` against our schema, and no more",
        ("{bin}/check-jsonschema", "--schemafile", str(SCHEMA), str(SHEETS / "bert.yaml")),
    ),
)


class Footprint(NamedTuple):
    """What a package costs."""

    version: str
    packages: int
    downloaded_b: int
    installed_b: int
    """Without bytecode, as the action installs it."""
    compiled_b: int
    """With the bytecode that pip compiles unless it is told not to."""
    import_s: float
    start_s: float
    cold_s: float
    peak_b: int


def install(package: Package, folder: Path) -> tuple[Path, str, int, int, int, int]:
    """Install a package into an environment of its own.

    Returns:
        The folder of its scripts, its version, how many packages came, bytes downloaded, bytes of the files installed
        without bytecode, and with it.
    """
    archives, home = folder / "archives", folder / "environment"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "download", "--dest", str(archives), package.requirement], check=True, env=environment()
    )
    venv.create(home, with_pip=False)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    command = [
        *pip,
        "--python",
        str(scripts / "python"),
        "install",
        "--no-index",
        "--find-links",
        str(archives),
    ]
    if package.requirement == str(ROOT):  # what is downloaded of ourselves is the wheel, and not the checkout
        for archive in archives.glob("factsheet-*"):
            archive.unlink()
        subprocess.run(
            [*pip, "wheel", "--no-deps", "--wheel-dir", str(archives), str(ROOT)],
            check=True,
            env=environment(),
        )
    subprocess.run(
        [*command, package.requirement.replace(str(ROOT), "factsheet")], check=True, env=environment()
    )
    (site,) = home.glob("lib/python3*/site-packages") if os.name != "nt" else home.glob("Lib/site-packages")
    sizes = [(path.suffix, path.stat().st_size) for path in site.rglob("*") if path.is_file()]
    plain = sum(size for suffix, size in sizes if suffix != ".pyc")
    versions = {
        path.name.partition("-")[0].lower().replace("_", "-"): path.name.split("-")[1].removesuffix(".dist")
        for path in site.glob("*.dist-info")
    }
    version = versions[package.name.replace("_", "-")].removesuffix(".dist-info").rstrip(".")
    downloaded = sum(path.stat().st_size for path in archives.iterdir())
    return scripts, version, len(versions), downloaded, plain, sum(size for _, size in sizes)


def measured(folder: Path) -> dict[str, Footprint]:
    """Install all packages, and measure them in turns."""
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    (folder / "bom.json").write_text(json.dumps(BILL), encoding="utf-8")
    installed = {}
    for package in PACKAGES:
        (folder / package.name).mkdir()
        installed[package.name] = install(package, folder / package.name)
    commands = {
        package.name: [part.format(bin=installed[package.name][0], here=folder) for part in package.command]
        for package in PACKAGES
    }
    imports = {
        package.name: [str(installed[package.name][0] / "python"), "-c", package.imports]
        for package in PACKAGES
    }
    cold: dict[str, list[Cost]] = {name: [] for name in commands}
    warm: dict[str, list[Cost]] = {name: [] for name in commands}
    imported: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(ROUNDS + 1):
        for name, command in commands.items():
            if turn < 4:  # noqa: PLR2004  compiling takes long, and varies little
                # A folder for bytecode that is empty: as after an installation by a tool that compiles nothing.
                with tempfile.TemporaryDirectory() as empty:
                    os.environ["PYTHONPYCACHEPREFIX"] = empty
                    cold[name].append(cost_of(command))
                    del os.environ["PYTHONPYCACHEPREFIX"]
            costs = cost_of(command), cost_of(imports[name])
            if turn:
                warm[name].append(costs[0])
                imported[name].append(costs[1])
    return {
        name: Footprint(
            *installed[name][1:],
            median_cpu_s(imported[name]),
            median_cpu_s(warm[name]),
            median_cpu_s(cold[name]),
            max(cost.peak_bytes for cost in warm[name]),
        )
        for name in commands
    }


def page_of(found: dict[str, Footprint]) -> str:
    """Return the page."""
    ours = found["factsheet"]
    rows: list[tuple[str, list[float], str]] = [
        ("downloaded, MB", [one.downloaded_b / 1e6 for one in found.values()], ".1f"),
        ("installed, MB", [one.installed_b / 1e6 for one in found.values()], ".1f"),
        ("installed with bytecode, MB", [one.compiled_b / 1e6 for one in found.values()], ".1f"),
        ("packages", [one.packages for one in found.values()], "d"),
        ("CPU to import, × factsheet", [one.import_s / ours.import_s for one in found.values()], ".2f"),
        ("CPU of one run, × factsheet", [one.start_s / ours.start_s for one in found.values()], ".2f"),
        (
            "CPU of the first run, uncompiled, × factsheet",
            [one.cold_s / ours.cold_s for one in found.values()],
            ".2f",
        ),
        ("most memory of a run, × factsheet", [one.peak_b / ours.peak_b for one in found.values()], ".2f"),
    ]
    head = [f"{name} {one.version}" for name, one in found.items()]
    intro = (
        "Written by `python -m benchmarks.footprint --page docs/footprint.md`. Each package is installed by pip into\n"
        "an environment of its own; all are run in turns on one machine, so that ratios say more than seconds.\n"
        f"Medians of {ROUNDS} runs; Python {sys.version_info[0]}.{sys.version_info[1]}, {sys.platform}."
    )
    outro = (
        "They do not do the same work, and only check-jsonschema reads the same file. On this machine `factsheet`\n"
        f"took {ours.import_s * 1e3:.0f} ms of CPU to import, {ours.start_s * 1e3:.0f} ms for a run, "
        f"{ours.cold_s * 1e3:.0f} ms for the first one, and {ours.peak_b / 1e6:.0f} MB of memory at most."
    )
    works = [f"- {package.name}: {package.work}" for package in PACKAGES]
    limits = (
        f"Limits that the core keeps: at most {MOST_DOWNLOADED_MB} MB downloaded, and {MOST_INSTALLED_MB} MB\n"
        "installed as the action does it, without bytecode (`pip install --no-compile`)."
    )
    lines = [
        *("# What an installation costs", "", intro, ""),
        f"| | {' | '.join(head)} |",
        f"|---|{'---:|' * len(head)}",
        *(
            f"| {what} | {' | '.join(format(value, form) for value in values)} |"
            for what, values, form in rows
        ),
        *("", "One run is:", "", *works, "", outro, ""),
        limits,
    ]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Measure, print or write the page, and return 1 where the core is larger than its limits."""
    with tempfile.TemporaryDirectory(prefix="factsheet-footprint-") as name:
        found = measured(Path(name))
    page = page_of(found)
    if arguments[:1] == ["--page"]:
        Path(arguments[1]).write_text(page, encoding="utf-8", newline="\n")
    print(page)
    ours = found["factsheet"]
    return int(ours.downloaded_b > MOST_DOWNLOADED_MB * 1e6 or ours.installed_b > MOST_INSTALLED_MB * 1e6)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
