"""No output replaces a file that the same command reads, whatever name or link leads to it."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer.main

import factsheet
from factsheet.cli import run as cli
from factsheet.cli.outputs import IN_PLACE_OPTIONS, OUTPUT_OPTIONS, named_files
from factsheet.errors import InputOverwriteError, WriteError
from factsheet.networks.from_models.imports import importing
from factsheet.source.loader import read_sheet
from factsheet.source.writing import atomic_file, inputs_kept, write_atomic

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
    (tmp_path / "package").mkdir()
    for name in ("__init__.py", "nets.py"):
        (tmp_path / "package" / name).write_text("def make(): ...\n", encoding="utf-8")
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
    "simulate nets.py:make --data nets.py:score -o nets.py",
    "simulate nets.py:make --data nets.py:score --chart s.svg --hardware s.yaml",
    "simulate nets.py:make --data nets.py:score --write s.yaml -o s.yaml",
    "inspect nets:make -o nets.py",
    "inspect package.nets:make -o package/nets.py",
    "sweep package.nets:make --format csv -o package/__init__.py",
    "simulate s.yaml --data nets:score -o nets.py",
    "derive -o pyproject.toml",
    "render --format md -o pyproject.toml",
    "sweep --format csv -o pyproject.toml",
    "validate s.yaml --output-format json=pyproject.toml",
    "sweep --format csv -o factsheet.yaml",
    "new --from card=s.md --report s.json --force",
    "badge --force -o sub/../s.yaml -- s.yaml",
]


def _contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("arguments", REFUSED)
def test_an_output_never_replaces_an_input(
    folder: Path, arguments: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "factsheet.yaml").write_bytes(BERT.read_bytes())
    before = _contents(folder)
    assert cli.run(arguments.split()) == 2
    error = capsys.readouterr().err
    assert error.startswith("factsheet: ")
    assert "it is a file that this command reads" in error
    assert "\n  = help: give the output another name\n" in error
    assert _contents(folder) == before


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
    page = next((folder / "pages").glob("*.md"))
    page.unlink()
    page.symlink_to(folder / "s.yaml")
    assert cli.run(["render", "s.yaml", "--role", "all", "--format", "md", "-o", "pages"]) == 2
    assert (folder / "s.yaml").read_bytes() == BERT.read_bytes()


@pytest.mark.parametrize("sweep", ["sweep -o s.yaml --format csv", "sweep --plot s.svg"])
def test_the_configured_sheet_is_kept(folder: Path, sweep: str) -> None:
    (folder / "pyproject.toml").write_text('[tool.factsheet]\nsheet = "s.yaml"\n', encoding="utf-8")
    assert cli.run(sweep.split()) == 2
    assert (folder / "s.yaml").read_bytes() == BERT.read_bytes()


def test_the_configured_baseline_is_kept(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.factsheet]\nbaseline = "known.json"\n', encoding="utf-8")
    assert cli.run(["validate", "s.yaml", "--baseline", "known.json", "--update-baseline"]) == 0
    before = (folder / "known.json").read_bytes()
    assert b"factsheet.baseline/1" in before
    assert cli.run(["validate", "s.yaml", "--output-format", "json=known.json", "--force"]) == 2
    assert (folder / "known.json").read_bytes() == before


def test_a_file_that_is_read_while_another_is_written_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1\n", encoding="utf-8")

    def read_while_writing() -> None:
        with inputs_kept(), atomic_file(file) as stream:
            read_sheet(file)
            stream.write(b"new")

    with pytest.raises(InputOverwriteError):
        read_while_writing()
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["a: 1\n"]


def test_code_that_is_imported_is_kept(folder: Path) -> None:
    (folder / "shapes_of_mine.py").write_text("SIZE = 3\n", encoding="utf-8")
    (folder / "net_of_mine.py").write_text("import shapes_of_mine\ndef make(): ...\n", encoding="utf-8")
    before = _contents(folder)
    with inputs_kept():
        with importing("net_of_mine:make"):
            pass
        for name in ("net_of_mine.py", "shapes_of_mine.py"):
            with pytest.raises(InputOverwriteError):
                write_atomic(folder / name, "new")
    assert before.items() <= _contents(folder).items()


def test_templates_are_kept(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.factsheet]\ntemplates = "tpl"\n', encoding="utf-8")
    ours = Path(__file__).parents[2] / "templates" / "html"
    shutil.copytree(ours, folder / "tpl" / "html")
    before = _contents(folder)
    for template in sorted(file for file in (folder / "tpl" / "html").iterdir() if file.is_file()):
        assert cli.run(["render", "s.yaml", "--format", "html", "-o", str(template)]) == 2
    assert _contents(folder) == before


@pytest.mark.parametrize(
    "arguments",
    [
        "derive - -o s.yaml",
        "derive - -o sub/../s.yaml",
        "derive - -o s.md",
        "validate - --output-format json=s.yaml",
    ],
)
def test_a_file_that_comes_by_standard_input_is_kept(folder: Path, arguments: str) -> None:
    with (folder / "s.yaml").open("rb") as sheet:
        ended = subprocess.run(
            [sys.executable, "-m", "factsheet", *arguments.split()],
            stdin=sheet,
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 2
    assert "reads from standard input, and the output would replace it" in ended.stderr
    assert (folder / "s.yaml").read_bytes() == BERT.read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        "validate s.yaml --output-format json=a.svg --output-format sarif=a.svg",
        "validate s.yaml --output-format json=a.svg --output-format sarif=sub/../a.svg",
        "sweep s.yaml --format csv -o a.svg --plot a.svg",
    ],
)
def test_two_outputs_do_not_share_a_file(
    folder: Path, arguments: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(arguments.split()) == 2
    assert "two outputs go to this file" in capsys.readouterr().err
    assert not (folder / "a.svg").exists()


def test_two_outputs_share_a_device(folder: Path) -> None:
    formats = [f"--output-format={name}={os.devnull}" for name in ("json", "sarif")]
    assert cli.run(["validate", "s.yaml", "--exit-zero", *formats]) == 0


@pytest.mark.parametrize("links", [True, False])
def test_saving_never_replaces_a_file_made_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def unlinked(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    if not links:
        monkeypatch.setattr(os, "link", unlinked)
    sheet = factsheet.load(BERT)
    assert factsheet.load(sheet.save(tmp_path / "new.yaml")) == sheet
    (tmp_path / "mine.yaml").write_text("mine", encoding="utf-8")
    monkeypatch.setattr(Path, "exists", lambda _: False)  # as if it came just after
    with pytest.raises(WriteError, match="overwrite=True"):
        sheet.save(tmp_path / "mine.yaml")
    monkeypatch.undo()
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.yaml", "new.yaml"]


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
        many = described is not None and described.annotation == list[Path]
        is_path = (many or described.annotation is Path) if described else parameter.type.name == "path"
        if is_path or re.search(r"\bFILE\b|\bSHEET\b", metavar):
            seen(max(parameter.opts, key=len))


def test_every_option_that_takes_a_file_is_known() -> None:
    from factsheet.cli import app as application

    program = application.app_of(*application.COMMANDS, *application.GROUPS)
    found: set[str] = set()
    _options(typer.main.get_command(program), found.add)
    # What these name is read alone, as any other word that names a file.
    read = {"--answers", "--training", "--template", "--reviews", "--key", "--weights", "--data"}
    read |= {"--allowed-signers", "--newer-than", "--trusted-root", "--add-to", "--signed-by"}
    assert found == {*OUTPUT_OPTIONS, *IN_PLACE_OPTIONS, *read} - {"-o"}


def test_files_are_told_from_other_words(folder: Path) -> None:
    arguments = ["sweep", "s.yaml", "nets.py:make", "--hardware", "ibm-2022,mine.yaml", "-o", "a.csv", "\0"]
    inputs, outputs = named_files(arguments)
    assert [path.name for path in inputs if path.name] == ["s.yaml", "nets.py", "mine.yaml"]
    assert outputs == [Path("a.csv")]


@pytest.mark.parametrize("option", [["-o", ""], ["--output", ""], ["--output="]])
def test_an_output_without_a_name_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], option: list[str]
) -> None:
    before = sorted(folder.iterdir())
    assert cli.run(["derive", "s.yaml", *option]) == 2
    assert f"{option[0].rstrip('=')}: the name of the file is empty" in capsys.readouterr().err
    assert sorted(folder.iterdir()) == before
