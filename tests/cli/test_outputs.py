"""No output replaces a file that the same command reads, whatever name or link leads to it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer.main

from factsheet.cli import run as cli
from factsheet.cli.outputs import IN_PLACE_OPTIONS, OUTPUT_OPTIONS, named_files

if TYPE_CHECKING:
    from collections.abc import Callable

BERT = Path(__file__).parents[2] / "sheets" / "bert.yaml"
PROFILE = "profile: 1\nname: mine\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.factsheet]\n", encoding="utf-8")  # none above counts
    shutil.copy(BERT, tmp_path / "s.yaml")
    (tmp_path / "mine.yaml").write_text(PROFILE, encoding="utf-8")
    (tmp_path / "nets.py").write_text("def make(): ...\n", encoding="utf-8")
    for name in ("s.md", "s.svg", "s.json"):
        (tmp_path / name).symlink_to("s.yaml")
    (tmp_path / "hard.yaml").hardlink_to(tmp_path / "s.yaml")
    (tmp_path / "sub").mkdir()
    return tmp_path


REFUSED = [
    "derive s.yaml -o s.yaml",
    "derive s.yaml -os.yaml",
    "derive -o s.yaml s.yaml",
    "derive --output=s.yaml s.yaml",
    "derive s.yaml -o ./sub/../s.yaml",
    "derive s.yaml -o s.md",
    "derive s.md -o s.yaml",
    "derive s.yaml -o hard.yaml",
    "derive s.yaml --hardware mine.yaml -o mine.yaml",
    "derive s.yaml --source nets.py:make -o nets.py",
    "inspect s.yaml -o s.yaml",
    "inspect nets.py:make -o nets.py",
    "sweep s.yaml --format csv -o s.yaml",
    "sweep . --format json -o s.yaml",
    "sweep s.yaml --plot s.svg",
    "sweep s.yaml --hardware ibm-2022,mine.yaml --format csv -o mine.yaml",
    "render s.yaml -o s.md",
    "render s.yaml --format md -o s.yaml",
    "hardware show mine.yaml -o mine.yaml",
    "hardware compare mine.yaml -o mine.yaml",
    "validate s.yaml --output-format json=s.yaml",
    "validate . --output-format full --output-format sarif=s.json",
    "simulate nets.py:make --evaluate nets.py:score -o nets.py",
    "simulate nets.py:make --evaluate nets.py:score --chart s.svg --hardware s.yaml",
    "simulate nets.py:make --evaluate nets.py:score --write s.yaml -o s.yaml",
]


@pytest.mark.parametrize("arguments", REFUSED)
def test_an_output_never_replaces_an_input(
    folder: Path, arguments: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert cli.run(arguments.split()) == 2
    error = capsys.readouterr().err
    assert error.startswith("factsheet: ")
    assert "it is a file that this command reads" in error
    assert error.count("\n") == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


@pytest.mark.parametrize("arguments", ["derive -o factsheet.yaml", "render --format md -o ./factsheet.yaml"])
def test_a_sheet_that_is_found_is_kept_too(
    folder: Path, arguments: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "factsheet.yaml").write_bytes(BERT.read_bytes())
    assert cli.run(arguments.split()) == 2
    assert "it is a file that this command reads" in capsys.readouterr().err
    assert (folder / "factsheet.yaml").read_bytes() == BERT.read_bytes()


def test_pages_of_a_folder_do_not_replace_the_sheet(folder: Path) -> None:
    assert cli.run(["render", "s.yaml", "--role", "all", "--format", "md", "-o", "pages"]) == 0
    page = next((folder / "pages").iterdir())
    page.unlink()
    page.symlink_to(folder / "s.yaml")
    assert cli.run(["render", "s.yaml", "--role", "all", "--format", "md", "-o", "pages"]) == 2
    assert (folder / "s.yaml").read_bytes() == BERT.read_bytes()


def test_an_output_may_be_written_again(folder: Path) -> None:
    for _ in range(2):
        assert cli.run(["derive", "s.yaml", "-o", "out.txt"]) == 0
        assert cli.run(["validate", "s.yaml", "--exit-zero", "--output-format", "json=out.json"]) == 0
    assert (folder / "out.txt").stat().st_size


def _options(command: object, seen: Callable[[str], None]) -> None:
    for below in getattr(command, "commands", {}).values():
        _options(below, seen)
    for parameter in getattr(command, "params", ()):
        metavar = parameter.metavar or ""
        if parameter.param_type_name != "option":
            continue
        described = getattr(parameter, "type_descriptor", None)  # older typers have click's `type`
        is_path = described.annotation is Path if described else parameter.type.name == "path"
        if is_path or re.search(r"\bFILE\b|\bSHEET\b", metavar):
            seen(max(parameter.opts, key=len))


def test_every_option_that_takes_a_file_is_known() -> None:
    from factsheet.cli import app as application

    program = application.app_of(*application.COMMANDS, "hardware")
    found: set[str] = set()
    _options(typer.main.get_command(program), found.add)
    assert found == {*OUTPUT_OPTIONS, *IN_PLACE_OPTIONS} - {"-o"}


def test_files_are_told_from_other_words(folder: Path) -> None:
    arguments = ["sweep", "s.yaml", "nets.py:make", "--hardware", "ibm-2022,mine.yaml", "-o", "a.csv", "\0"]
    inputs, outputs = named_files(arguments)
    assert [path.name for path in inputs if path.name] == ["s.yaml", "s.yaml", "nets.py", "mine.yaml"]
    assert outputs == [Path("a.csv")]
