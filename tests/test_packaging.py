"""What is shipped: the wheel, the source archive and the editable installation, each built and tried out."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

import factsheet

ROOT = Path(__file__).parent.parent
SHEET = ROOT / "sheets" / "bert.yaml"
# Nothing is fetched: what is tested are this project's own files, with the tools that are already there.
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}


def run(*command: str | Path, cwd: Path) -> str:
    """The command's output; it has to succeed, without the checkout's or the caller's Python path in the way."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | OFFLINE
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment with the project and nothing else installed; its dependencies are lent to it."""

    folder: Path

    @property
    def scripts(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        return self.scripts / "python"

    @property
    def packages(self) -> Path:
        return Path(sysconfig.get_path("purelib", "venv", {"base": str(self.folder)}))

    def factsheet(self, *arguments: str | Path, cwd: Path) -> str:
        return run(self.scripts / "factsheet", *arguments, cwd=cwd)


def environment_with(requirement: tuple[str | Path, ...], folder: Path) -> Environment:
    venv.create(folder, symlinks=os.name != "nt", with_pip=False)
    environment = Environment(folder)
    # The dependencies of the environment that the tests run in, at the end of the path, so that the project itself
    # is taken from the installation under test. Named to be read after the file of an editable installation.
    lent = environment.packages / "zz_lent.pth"
    lent.write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    run(
        *(sys.executable, "-m", "pip", "--python", environment.python, "install", "--no-deps"),
        *("--no-build-isolation", "--ignore-installed", *requirement),
        cwd=folder,
    )
    return environment


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", folder, cwd=ROOT)
    (archive,) = folder.iterdir()
    return archive


def wheel_from(source: Path, folder: Path) -> Path:
    run(
        *(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"),
        *("--wheel-dir", folder, source),
        cwd=folder,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel_from(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return environment_with((wheel,), tmp_path_factory.mktemp("installed"))


@pytest.fixture(scope="module")
def editable(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return environment_with(("--editable", ROOT), tmp_path_factory.mktemp("editable"))


def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_package_whole(wheel: Path) -> None:
    files = contents(wheel)
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "factsheet").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert package <= files
    assert "factsheet/py.typed" in files


@pytest.mark.parametrize("resource", ["templates", "schemas"])
def test_the_wheel_brings_what_lies_beside_the_package_in_a_checkout(wheel: Path, resource: str) -> None:
    beside = {
        f"factsheet/_data/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / resource).rglob("*")
        if path.is_file()
    }
    assert beside
    assert beside <= contents(wheel)


def test_the_wheel_brings_the_notice_of_the_survey_with_its_data(wheel: Path) -> None:
    survey = {"factsheet/hardware/survey/designs.json", "factsheet/hardware/survey/LICENSE"}
    assert survey <= contents(wheel)


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    distribution = f"factsheet-{factsheet.__version__}.dist-info"
    shared = f"factsheet-{factsheet.__version__}.data"
    assert {name.partition("/")[0] for name in contents(wheel)} == {"factsheet", distribution, shared}
    assert [name for name in contents(wheel) if name.startswith(shared)] == [
        f"{shared}/data/share/man/man1/factsheet.1"
    ]
    assert not [
        name for name in contents(wheel) if "/tests/" in name or "conftest" in name or name.endswith(".pyc")
    ]


def test_the_source_archive_gives_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    assert contents(wheel_from(sdist, tmp_path)) == contents(wheel)


def test_the_source_archive_holds_what_testing_it_needs(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "noxfile.py", "sheets/bert.yaml"} <= names
    assert {"templates", "schemas", "tests"} <= {name.partition("/")[0] for name in names}
    assert not [name for name in names if name.startswith((".ci", ".git/", ".nox", ".venv"))]


@pytest.mark.parametrize("kind", ["installed", "editable"])
def test_it_runs_from_any_directory(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    environment: Environment = request.getfixturevalue(kind)
    home = environment.packages if kind == "installed" else ROOT
    where = run(environment.python, "-c", "import factsheet; print(factsheet.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(home)

    assert environment.factsheet("--version", cwd=tmp_path) == f"factsheet {factsheet.__version__}\n"
    assert environment.factsheet("validate", SHEET, cwd=tmp_path).startswith("1 sheet checked")
    shipped = (ROOT / "schemas" / "factsheet-1.schema.json").read_text(encoding="utf-8")
    assert environment.factsheet("schema", cwd=tmp_path) == shipped
    page = environment.factsheet("render", "--role", "data-scientist", SHEET, cwd=tmp_path)
    assert "BERT-base on analog AI hardware" in page
    assert not list(tmp_path.iterdir())
