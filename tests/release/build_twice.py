"""Build the wheel and the source archive twice, in clones that differ in all that must not matter, and compare them.

The clones are of the last commit, in folders of other names, and are built with another umask, time zone, language,
order of hashes and clock of files. What is alike to the last bit goes to the output folder, with `SHA256SUMS`.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Surroundings(NamedTuple):
    """What one of the two builds runs in."""

    folder: str
    umask: int
    changed: int
    """When every file of the clone is said to have been changed, in seconds since 1970."""
    environment: dict[str, str]


FIRST = Surroundings(
    "a", 0o022, 1_600_000_000, {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0"}
)
SECOND = Surroundings(
    "another folder, with a longer name",
    0o077,
    1_700_000_001,
    {"TZ": "Asia/Kolkata", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2", "PYTHONUTF8": "1"},
)


def commit_time(repository: Path) -> str:
    """Return the time of the last commit, for `SOURCE_DATE_EPOCH` (https://reproducible-builds.org/specs)."""
    command = ["git", "-C", str(repository), "log", "-1", "--format=%ct"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def build(source: Path, target: Path, surroundings: Surroundings, epoch: str) -> dict[str, Path]:
    """Build both archives from a clone, and return them by name."""
    for file in source.rglob("*"):
        if ".git" not in file.relative_to(source).parts:
            os.utime(file, (surroundings.changed, surroundings.changed), follow_symlinks=False)
    # No front end that makes an environment of its own: the one that this runs in has the build backend, pinned.
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(target)]
    environment = os.environ | surroundings.environment | {"SOURCE_DATE_EPOCH": epoch}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        command,
        cwd=source,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        umask=surroundings.umask,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return {path.name: path for path in sorted(target.iterdir())}


def clone(repository: Path, folder: Path, umask: int) -> Path:
    """Clone the last commit of a repository into a folder."""
    command = ["git", "clone", "--quiet", "--no-hardlinks", "--depth", "1", repository.as_uri(), str(folder)]
    subprocess.run(command, check=True, umask=umask)
    return folder


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def differences(one: dict[str, Path], other: dict[str, Path]) -> list[str]:
    """Say which archives are not the same in both builds."""
    if set(one) != set(other):
        return [f"one build gives {sorted(one)}, the other {sorted(other)}"]
    return [
        f"{name}: {digest_of(path)} and {digest_of(other[name])}"
        for name, path in one.items()
        if digest_of(path) != digest_of(other[name])
    ]


def main(arguments: list[str]) -> None:
    """Build, compare, and write what is the same."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--output", type=Path, default=ROOT / "dist", help="The folder for the archives [dist]."
    )
    parser.add_argument("--repository", type=Path, default=ROOT, help="What is cloned [this repository].")
    options = parser.parse_args(arguments)
    repository, output = options.repository.resolve(), options.output.resolve()
    epoch = commit_time(repository)
    with tempfile.TemporaryDirectory(prefix="factsheet-build-") as name:
        work = Path(name)
        one, other = (
            build(
                clone(repository, work / place.folder, place.umask),
                work / f"built {index}",
                place,
                epoch,
            )
            for index, place in enumerate((FIRST, SECOND))
        )
        unlike = differences(one, other)
        if unlike:
            sys.exit("the builds differ:\n" + "\n".join(unlike))
        output.mkdir(parents=True, exist_ok=True)
        for old in (*output.glob("*.whl"), *output.glob("*.tar.gz")):
            old.unlink()
        for archive in one.values():
            shutil.copyfile(archive, output / archive.name)
    sums = "".join(f"{digest_of(output / name)}  {name}\n" for name in sorted(one))
    (output / "SHA256SUMS").write_text(sums, encoding="utf-8", newline="\n")
    sys.stdout.write(f"built twice, bit for bit the same (SOURCE_DATE_EPOCH={epoch}):\n{sums}")


if __name__ == "__main__":
    main(sys.argv[1:])
