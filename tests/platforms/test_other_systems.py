"""What is written for Windows and macOS, each system's own calls replaced by stand-ins: no such machine is here."""

from __future__ import annotations

import ast
import ctypes
import errno
import io
import json
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

from factsheet import systems
from factsheet.cli import outputs, terminal
from factsheet.errors import ChangedMeanwhileError, WriteError
from factsheet.source import exchange, leftovers, writing
from factsheet.source.characters import safe_stem
from factsheet.source.links import leads_out
from factsheet.source.revisions import names_revision
from factsheet.source.writing import replace_text, write_atomic, write_new

PACKAGE = Path(systems.__file__).parent
ROOT = Path(__file__).parents[2]
LINUX_OR_POSIX_ALONE = {
    "fcntl",
    "pwd",
    "grp",
    "resource",
    "termios",
    "tty",
    "pty",
    "readline",
    "curses",
    "syslog",
}


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """No locks, no exchange of names, and a program that has files open now and then."""
    monkeypatch.setattr(systems, "WINDOWS", True)
    monkeypatch.setattr(terminal, "WINDOWS", True)
    monkeypatch.setattr(leftovers, "LOCKS", False)
    monkeypatch.setattr(writing, "LOCKS", False)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(systems, "sleep", lambda _: None)


def busy_for(times: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Renames fail so often, as where a virus scanner holds the file."""
    left, replace = [times], Path.replace

    def held(self: Path, target: Path) -> Path:
        if left[0]:
            left[0] -= 1
            raise PermissionError(errno.EACCES, "Access is denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    return left


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize("times", [0, 1, 6])
def test_a_file_that_is_held_for_a_moment_is_waited_for(
    times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "sheet.yaml"
    write_new(file, "a: 1\n", "taken")
    left = busy_for(times, monkeypatch)
    write_atomic(file, "a: 2\n")
    left[0] = times
    replace_text(file, "a: 2\n", "a: 3\n")
    assert file.read_text(encoding="utf-8") == "a: 3\n"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.usefixtures("windows")
def test_a_file_that_stays_held_is_said_to_be_and_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "sheet.yaml"
    write_atomic(file, "a: 1\n")
    busy_for(99, monkeypatch)
    with pytest.raises(WriteError, match="denied"):
        write_atomic(file, "a: 2\n")
    assert file.read_text(encoding="utf-8") == "a: 1\n"
    assert list(tmp_path.iterdir()) == [file]


def test_on_other_systems_a_refusal_is_final(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "sheet.yaml"
    write_atomic(file, "a: 1\n")
    left = busy_for(1, monkeypatch)
    with pytest.raises(WriteError):
        write_atomic(file, "a: 2\n")
    assert left == [0]


@pytest.mark.usefixtures("windows")
def test_without_an_exchange_of_names_a_change_is_still_noticed(tmp_path: Path) -> None:
    file = tmp_path / "sheet.yaml"
    file.write_text("a: theirs\n", encoding="utf-8")
    with pytest.raises(ChangedMeanwhileError):
        replace_text(file, "a: 1\n", "a: 2\n")
    assert file.read_text(encoding="utf-8") == "a: theirs\n"


# "Naming Files, Paths, and Namespaces", Microsoft Learn: the reserved names, also with an ending.
@pytest.mark.parametrize(
    "name",
    ["con.yaml", "CON", "aux.html", "Prn.tar.gz", "com1.json", "LPT9.md", "nul.txt", "com¹", "con .md"],
)
def test_names_of_devices_are_refused_on_windows_and_nowhere_else(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_atomic(tmp_path / name, "x")
    monkeypatch.setattr(systems, "WINDOWS", True)
    with pytest.raises(WriteError, match="keeps that name for a device"):
        write_atomic(tmp_path / name, "y")
    with (
        pytest.raises(WriteError, match="keeps that name for a device"),
        outputs.inputs_kept_of(["derive", "--force", "-o", str(tmp_path / name)]),
    ):
        pytest.fail("a command began")
    assert (tmp_path / name).read_text(encoding="utf-8") == "x"


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize("name", ["report.html:hidden", "a:b"])
def test_no_output_is_hidden_in_a_stream_of_another_file(name: str, tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="no colon"):
        write_atomic(tmp_path / name, "x")
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize("name", ["console.yaml", "auxiliary.md", "nul", "com10.json", "com.json", ".con"])
def test_names_that_only_look_so_are_taken(name: str) -> None:
    assert systems.fault_of_name(Path(name)) == ""


@pytest.mark.parametrize("name", ["con", "AUX", "lpt1", "conout$"])
def test_a_page_of_a_sheet_is_called_so_that_windows_can_have_it(name: str) -> None:
    assert safe_stem(f"sheets/{name}.yaml").casefold() not in {"con", "aux", "lpt1", "conout$"}


@pytest.mark.parametrize(
    ("name", "revision"),
    [
        (r"C:\sheets\bert.yaml", False),
        ("d:/sheets/bert.yaml", False),
        ("HEAD:sheets/bert.yaml", True),
        ("C:sheets/bert.yaml", True),  # a branch may be called so
    ],
)
def test_a_drive_is_no_revision(name: str, *, revision: bool) -> None:
    assert names_revision(name) is revision


def test_a_link_into_a_repository_is_seen_where_capitals_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As on macOS, where `.GIT` is `.git` and a resolved path keeps the letters of the link.
    (tmp_path / ".GIT").mkdir()
    (tmp_path / ".GIT" / "config").write_text("token\n", encoding="utf-8")
    (tmp_path / "sheet.yaml").symlink_to(Path(".GIT", "config"))
    (tmp_path / "kept.yaml").symlink_to("plain.yaml")
    (tmp_path / "plain.yaml").write_text("a: 1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert leads_out("sheet.yaml")
    assert not leads_out("kept.yaml")


class Library(types.SimpleNamespace):
    """A C library of macOS, whose `renamex_np(2)` swaps two names with the flag 2."""

    code = 0

    def renamex_np(self, one: bytes, other: bytes, flags: int) -> int:
        assert flags == 2  # RENAME_SWAP, sys/stdio.h
        if self.code:
            ctypes.set_errno(self.code)
            return -1
        aside = Path(os.fsdecode(one) + ".aside")
        Path(os.fsdecode(one)).rename(aside)
        Path(os.fsdecode(other)).rename(os.fsdecode(one))
        aside.rename(os.fsdecode(other))
        return 0


@pytest.mark.parametrize(
    ("code", "swapped"), [(0, True), (errno.ENOTSUP, False), (errno.EINVAL, False), (errno.ENOENT, None)]
)
def test_macos_swaps_names_in_one_step(
    code: int, *, swapped: bool | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("1", encoding="utf-8")
    other.write_text("2", encoding="utf-8")
    library = Library()
    library.code = code
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: library)
    monkeypatch.setattr(ctypes, "get_errno", lambda: code)
    if swapped is None:
        with pytest.raises(FileNotFoundError):
            exchange.swap_names(one, other)
        return
    assert exchange.swap_names(one, other) is swapped
    assert (one.read_text(encoding="utf-8") == "2") is swapped


@pytest.mark.usefixtures("windows")
def test_pipes_of_windows_carry_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252", newline="\n"))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding="cp1252"))
    terminal.prepare_streams()
    terminal.say('{"area": "780.4 mm²", "note": "Δ ≈ 5 µJ, 模型"}')
    sys.stdout.flush()
    assert json.loads(raw.getvalue().decode("utf-8")) == {"area": "780.4 mm²", "note": "Δ ≈ 5 µJ, 模型"}


def test_a_console_of_a_code_page_loses_characters_and_nothing_else(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text("factsheet: 1\noverview: {name: 模型 ≈ µ, model: X, nmae: 1}\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "factsheet", "validate", str(sheet)],
        env=os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert b"Traceback" not in done.stderr
    assert "µ" in done.stdout.decode("cp1252")


class Kernel(types.SimpleNamespace):
    """The part of kernel32 that a console is asked by."""

    def __init__(self, *, known: bool, settable: bool) -> None:
        super().__init__(modes=[])
        self.known, self.settable = known, settable

    def GetConsoleMode(self, _handle: object, _mode: object) -> int:  # noqa: N802  Windows calls it so
        return int(self.known)

    def SetConsoleMode(self, _handle: object, mode: int) -> int:  # noqa: N802  likewise
        self.modes.append(mode)
        return int(self.settable)


class Watched(io.StringIO):
    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize(("known", "settable"), [(True, True), (True, False), (False, True)])
def test_a_console_is_asked_before_it_is_sent_colours(
    monkeypatch: pytest.MonkeyPatch, *, known: bool, settable: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    kernel = Kernel(known=known, settable=settable)
    monkeypatch.setattr(ctypes, "windll", types.SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setitem(sys.modules, "msvcrt", types.SimpleNamespace(get_osfhandle=lambda _: 7))
    assert terminal.style_for(Watched()).coloured is (known and settable)
    assert kernel.modes == ([4] if known else [])  # ENABLE_VIRTUAL_TERMINAL_PROCESSING, consoleapi.h
    assert not terminal.style_for(io.StringIO()).coloured


def guarded(tree: ast.Module) -> set[ast.AST]:
    """Every statement within a `try` that allows for a module which is not there, or within a function."""
    return {
        below
        for node in ast.walk(tree)
        if isinstance(node, (ast.Try, ast.FunctionDef))
        for below in ast.walk(node)
    }


def test_no_module_of_one_system_is_imported_without_need() -> None:
    found = []
    for file in PACKAGE.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        free = guarded(tree)
        for node in ast.walk(tree):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            if set(names) & LINUX_OR_POSIX_ALONE and node not in free:
                found.append((file.relative_to(PACKAGE).as_posix(), names))
    assert found == []


@pytest.mark.parametrize("missing", [("fcntl", "pwd", "grp", "resource", "termios", "readline")])
def test_the_core_works_where_no_module_of_posix_is(missing: tuple[str, ...], tmp_path: Path) -> None:
    """Windows has none of these modules, no `fork`, and no signals but those of C."""
    program = (
        "import os, signal, sys\n"
        f"for name in {missing!r}: sys.modules[name] = None\n"
        "del os.fork, os.O_NOFOLLOW, os.geteuid, os.getuid\n"
        "for name in ('SIGPIPE', 'SIGKILL', 'SIGHUP', 'pthread_sigmask', 'pthread_kill'): delattr(signal, name)\n"
        "from factsheet.cli.run import run\n"
        f"sheet = {str(tmp_path / 'bert.yaml')!r}\n"
        "for arguments in (['validate', sheet], ['validate', '--fail-on', 'error', sheet],"
        " ['set', sheet, 'overview.version=2.0'], ['render', sheet, '--role', 'data-scientist', '-o', 'page.html'],"
        " ['derive', sheet, '-o', 'derived.json', '--format', 'json'], ['diff', sheet, sheet],"
        " ['sweep', sheet, '--seq-len', '32,64', '--workers', '2', '-o', 'sweep.csv']):\n"
        "    assert run(arguments) == 0, arguments\n"
    )
    (tmp_path / "bert.yaml").write_bytes((ROOT / "sheets" / "bert.yaml").read_bytes())
    (tmp_path / "tried.py").write_text(
        "if __name__ == '__main__':\n" + "".join(f"    {line}\n" for line in program.splitlines()),
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "tried.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr
    assert "2.0" in (tmp_path / "bert.yaml").read_text(encoding="utf-8")
    assert {"page.html", "derived.json", "sweep.csv"} <= {path.name for path in tmp_path.iterdir()}
