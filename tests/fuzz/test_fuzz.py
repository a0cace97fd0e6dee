"""A few cases of every kind, always the same ones, and all that once broke something; `nox -s fuzz` tries new ones."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from fuzz_cases import KEPT, Case, Fault, Target, case_in, run_command, text_of, try_case
from fuzz_minimal import minimised
from fuzz_pool import Outcome, dice_for, run_all, run_one

if TYPE_CHECKING:
    import random
    from pathlib import Path

pytest.importorskip("onnx")
pytest.importorskip("torch")
pytest.importorskip("transformers")

TARGETS: dict[str, Target] = {
    target.name: target
    for module in ("sheet_targets", "model_targets", "source_targets", "seal_targets", "command_targets")
    for target in import_module(module).TARGETS
}
SEED = 17
CASES = {
    "sheets": 25, "sheet-commands": 3, "sheet-reports": 3, "pages": 1, "onnx": 60, "configs": 4, "headers": 60,
    "programs": 5, "checkpoints": 20, "sources": 12, "profiles": 8, "hardware": 10, "digital-profiles": 12,
    "settings": 2, "journals": 40,
    "baselines": 10, "declarations": 15, "bundles": 8, "keys": 20, "commands": 25,
}  # fmt: skip
"""How many are tried here: some 10 s in all. PDFs take seconds each, and are left to longer runs."""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CASES)
def test_nothing_breaks_on_changed_inputs(name: str, tmp_path: Path) -> None:
    found = {}
    for number in range(CASES[name]):
        (folder := tmp_path / str(number)).mkdir()
        case = TARGETS[name].make(dice_for(name, SEED, number))
        if (fault := try_case(TARGETS[name], case, folder)) is not None:
            found[number] = str(fault)
    assert found == {}


def test_every_kind_is_tried() -> None:
    assert set(TARGETS) - set(CASES) == {"pdf"}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("file", sorted(KEPT.glob("*.json")), ids=lambda file: file.stem)
def test_what_once_broke_something_no_longer_does(file: Path, tmp_path: Path) -> None:
    name, case = case_in(file.read_text("utf-8"))
    assert try_case(TARGETS[name], case, tmp_path) is None


def _faulty(folder: Path, case: Case) -> None:
    text = case.files["in"]
    if b"loop" in text:
        while True:
            pass
    if b"gone" in text:
        import os

        os._exit(9)
    if b"large" in text:
        assert b"x" * (510 * 10**6)
    if b"bad" in text:
        raise ValueError(text)


def _make_faulty(dice: random.Random) -> Case:
    return Case({"in": dice.choice((b"fine", b"one\nbad line\nthree\n"))})


FAULTY = Target("faulty", _make_faulty, _faulty, 0.3)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (b"fine", ""),
        (b"bad", "ValueError in test_fuzz.py:_faulty"),
        (b"gone", "the process ended with 9"),
        (b"large", "too much memory"),
        (b"loop", "ended"),
    ],
)
def test_each_kind_of_fault_is_seen(text: bytes, key: str) -> None:
    # Within its bound even where the machine is busy, but for the one that never ends.
    target = FAULTY._replace(cpu_s=0.1 if text == b"loop" else 30.0)
    assert run_one(target, Case({"in": text})).key == key


def test_a_case_follows_from_its_seed_and_number_alone_and_the_next_goes_on_after_a_fault() -> None:
    def numbers(first: int) -> list[tuple[int, str]]:
        found: list[Outcome] = list(run_all(FAULTY, 3, range(first, 12)))
        return [(outcome.number, outcome.key) for outcome in found]

    assert [number for number, _ in numbers(0)] == list(range(12))
    assert numbers(5) == numbers(0)[5:]
    assert {key for _, key in numbers(0)} == {"", "ValueError in test_fuzz.py:_faulty"}


def test_a_fault_is_made_small_and_kept() -> None:
    case = Case({"in": b"one\nand two\nthis is a bad line, and long\nfour\n" * 3})
    small = minimised(FAULTY, case, "ValueError in test_fuzz.py:_faulty", 20)
    assert small.files == {"in": b"bad"}
    raw = Case({"in": b"\xff\x00", "text": "é\n".encode()}, ("derive", "x"))
    assert case_in(text_of(raw, "faulty")) == ("faulty", raw)


def test_what_a_command_writes_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def colourful(_: object) -> int:
        print("\x1b[2J")  # noqa: T201  what must not be written
        return 0

    monkeypatch.setattr("fuzz_cases.run", colourful)
    with pytest.raises(Fault, match="in the output of derive"):
        run_command("derive")
    monkeypatch.setattr("fuzz_cases.run", lambda _: 3)
    with pytest.raises(Fault, match="exit 3"):
        run_command("derive")
