"""Files whose pickle, tag or expression would run code if anything opened them the easy way; nothing does."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fuzz_cases import run_command

from factsheet.errors import FactsheetError
from factsheet.jobs.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable


class Exploit:
    """What makes a file where it is unpickled."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.place,)


def _archive(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def _files(pickled: bytes, ran: Path) -> dict[str, bytes]:
    tag = f'!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ["{ran}"]]'.encode()
    call = f"__import__('pathlib').Path({str(ran)!r}).touch()"
    script = f"from aihwkit.simulator.configs import InferenceRPUConfig\n{call}\nrpu_config = InferenceRPUConfig()\n"
    graph = b'{"graph_module": {"graph": {"nodes": [], "inputs": [], "outputs": [], "tensor_values": {}}}}'
    return {
        "net.pt2": _archive({"net/models/model.json": graph, "net/data/sample_inputs/model.pt": pickled}),
        "raw.pt2": pickled,
        "named.pt2": _archive({"net/data.pkl": pickled, "serialized_exported_program.json": pickled}),
        "training_args.bin": pickled,
        "raw.ckpt": pickled,
        "state.pkl": pickled,
        "array.npy": b"\x93NUMPY\x01\x00\x46\x00{'descr': '|O', 'fortran_order': False, 'shape': (), }\n"
        + pickled,
        "weights.npz": _archive({"a.npy": pickled}),
        "model.safetensors": pickled,
        "results.json": pickled,
        "table.csv": pickled,
        "card.md": b"---\nlicense: " + tag + b"\n---\n# A model\n",
        "sheet.yaml": b"factsheet: 1\noverview: {name: " + tag + b"}\n",
        "own.yaml": b"profile: 1\nname: " + tag + b"\n",
        "recipe.py": script.encode(),
        "expression.yaml": f"learning_rate: {call}\noptimizer: !!python/name:os.system\n".encode(),
    }


COMMANDS: tuple[Callable[[str], tuple[str, ...]], ...] = (
    lambda name: ("inspect", name),
    lambda name: ("new", "--from", name, "--name", "X"),
    lambda name: ("validate", name),
    lambda name: (
        ("hardware", "check", name) if name == "own.yaml" else ("new", "--answers", name, "--name", "X")
    ),
)


@pytest.mark.filterwarnings("ignore")
def test_no_command_runs_what_a_file_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = tmp_path / "ran"
    files = _files(pickle.dumps(Exploit(ran)), ran)
    pickle.loads(files["state.pkl"])  # noqa: S301  to see that it does run where it is opened the easy way
    assert ran.exists()
    ran.unlink()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        for command in COMMANDS:
            run_command(*command(name))
            assert not ran.exists(), command(name)


def test_no_journal_is_unpickled(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (tmp_path / "j").write_bytes(pickle.dumps(Exploit(ran)))
    with pytest.raises(FactsheetError):
        Journal(tmp_path / "j", {"seed": 1}, reserve=0)
    with Journal(tmp_path / "k", {"seed": 1}, reserve=0) as journal:
        journal.add({"repeat": 1})
    import sqlite3

    with sqlite3.connect(tmp_path / "k") as database:
        database.execute("UPDATE result SET entry = ?", (pickle.dumps(Exploit(ran)),))
    with Journal(tmp_path / "k", {"seed": 1}, reserve=0) as journal:
        assert (journal.entries, journal.damaged) == ([], 1)
    assert not ran.exists()


def test_the_weights_only_loader_of_old_torch_is_not_taken() -> None:
    # CVE-2025-32434: torch.load(weights_only=True) ran code of a file up to torch 2.5.1.
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    lowest = [
        line.partition("torch>=")[2].partition(",")[0] for line in text.splitlines() if '"torch>=' in line
    ]
    assert lowest
    assert all(tuple(map(int, version.split("."))) >= (2, 6) for version in lowest)
