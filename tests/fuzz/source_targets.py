"""Files besides sheets and networks: sources of `new`, hardware, settings, journals, baselines."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fuzz_cases import ROOT, Case, Fault, Target, refused, run_command
from mutations import mutated_json, mutated_table, mutated_text, mutated_tree

from factsheet.jobs.journal import Journal
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    import random

CORPUS = Path(__file__).parent / "corpus"
SHEET = b"factsheet: 1\noverview: {name: A sheet, model: A model}\n"


@cache
def corpus() -> dict[str, bytes]:
    """Return the small inputs that cases begin from, by the name that each is given."""
    return {file.name.removesuffix(".seed"): file.read_bytes() for file in sorted(CORPUS.glob("*.seed"))}


_OF_NEW = (
    "README.md", "all_results.json", "answers.yaml", "bom.json", "emissions.csv", "harness.json", "lightning.py",
    "long.csv", "model.spdx3.json", "results.csv", "rnn.py", "rpu.json", "simulation.json", "trained.md",
    "trainer_state.json",
)  # fmt: skip


def _changed(name: str, dice: random.Random) -> bytes:
    """Return a file of the corpus, changed as its format suggests."""
    content, others = corpus()[name], tuple(corpus().values())
    if name.endswith(".json"):
        return mutated_json(json.loads(content), others, dice)
    if name.endswith(".csv") and dice.random() < 0.8:
        return mutated_table(content.decode(), others, dice)
    if name.endswith((".yaml", ".toml")) and dice.random() < 0.6:
        return _changed_tree(name, content, dice)
    return mutated_text(content, others, dice, most=6)


def _changed_tree(name: str, content: bytes, dice: random.Random) -> bytes:
    """Return YAML as JSON, which it contains, and TOML as far as its values can be written as JSON."""
    if name.endswith(".yaml"):
        document = load_bytes(content, name).document
        tree = document.data if document is not None else {}
        return json.dumps(mutated_tree(json.loads(json.dumps(tree)), dice)).encode()
    table = mutated_tree(tomllib.loads(content.decode())["tool"]["factsheet"], dice)
    if not isinstance(table, dict):
        return f"[tool]\nfactsheet = {json.dumps(table)}\n".encode("utf-8", "surrogateescape")
    lines = [f"{json.dumps(str(key))} = {_toml(value)}" for key, value in table.items()]
    return "\n".join(["[tool.factsheet]", *lines, ""]).encode("utf-8", "replace")


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{json.dumps(str(key))} = {_toml(inner)}" for key, inner in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return '""' if value is None else json.dumps(value)


def _make_source(dice: random.Random) -> Case:
    name = dice.choice(_OF_NEW)
    return Case({name: _changed(name, dice)}, (name,))


def _begin(_: Path, case: Case) -> None:
    """Begin a sheet, and see that what was begun can be read."""
    (name,) = case.arguments
    ran = run_command("new", "--from", name, "--name", "X", "-o", "begun.yaml", "--report", "report.json")
    begun = Path("begun.yaml")
    if ran.status == 0 and not begun.exists():
        raise Fault("new ends with 0 and writes nothing", ran.err[-1000:])
    if begun.exists():
        loaded = load_bytes(begun.read_bytes(), "begun.yaml")
        if loaded.problems:
            raise Fault("new writes a sheet that cannot be read", str(loaded.problems[0]))
        check = run_command("validate", "begun.yaml", "--output-format", "concise")
        grave = [line for line in check.out.splitlines() if ": error" in line or " FS1" in line]
        if any("FS1" in line for line in grave):
            raise Fault("new writes a sheet that does not fit the schema", "\n".join(grave[:5]))


@cache
def _profiles() -> tuple[bytes, ...]:
    files = sorted((ROOT / "factsheet" / "hardware" / "profiles").glob("*.yaml"))
    return tuple(file.read_bytes() for file in files)


_FIGURES = (
    b"0", b"-1", b"8", b"1e308", b"-1e308", b"5e-324", b"1e12", b".nan", b"[1, 2]", b"{}", b"~", b"true", b'"x"',
    b"100000000000000000000000000", b"0.5", b"published", b"inferred", b"W", b"ns", b"pJ", b"weights", b"bit",
)  # fmt: skip


def _make_profile(dice: random.Random) -> Case:
    text = dice.choice(_profiles())
    lines = text.split(b"\n")
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(lines))
        key, colon, _value = lines[at].partition(b": ")
        if colon and dice.random() < 0.7:
            lines[at] = key + colon + dice.choice(_FIGURES)
        elif dice.random() < 0.3:
            del lines[at]
            lines = lines or [b""]
    made = b"\n".join(lines)
    if dice.random() < 0.3:
        made = mutated_text(made, _profiles(), dice, most=2)
    return Case({"own.yaml": made, "sheet.yaml": (ROOT / "sheets" / "bert.yaml").read_bytes()})


def _use_profile(_: Path, case: Case) -> None:
    checked = run_command("hardware", "check", "own.yaml")
    choice = sum(case.files["own.yaml"])
    if checked.status == 0 or choice % 5 == 0:
        run_command(
            "derive", "sheet.yaml", "--hardware", "own.yaml", *(("--sensitivity",) if choice % 4 == 0 else ())
        )
    if choice % 3 == 0:
        run_command("hardware", "compare", "own.yaml", "--format", "json")


@cache
def _digital_profiles() -> tuple[bytes, ...]:
    files = sorted((ROOT / "factsheet" / "hardware" / "profiles" / "digital").glob("*.yaml"))
    return tuple(file.read_bytes() for file in files)


def _make_digital_profile(dice: random.Random) -> Case:
    raw = dice.choice(_digital_profiles())
    document = load_bytes(raw, "own.yaml").document
    tree = document.data if document is not None else {}
    made = (
        json.dumps(mutated_tree(json.loads(json.dumps(tree)), dice, most=3)).encode("utf-8", "replace")
        if dice.random() < 0.8
        else mutated_text(raw, _digital_profiles(), dice, most=2)
    )
    return Case({"own.yaml": made, "sheet.yaml": (ROOT / "sheets" / "bert.yaml").read_bytes()})


def _use_digital_profile(_: Path, case: Case) -> None:
    """Check the profile, and use it wherever a digital device is taken."""
    checked = run_command("hardware", "check", "own.yaml")
    choice = sum(case.files["own.yaml"])
    if checked.status == 0 or choice % 5 == 0:
        run_command("derive", "sheet.yaml", "--hardware", "own.yaml")
        run_command("hardware", "show", "own.yaml", *(("--format", "json") if choice % 2 else ()))
    if choice % 3 == 0:
        run_command("hardware", "compare", "own.yaml", "a100-fp16-fastertransformer-pytorch")
        run_command("hardware", "baseline", "sheet.yaml", "--device", "own.yaml")


def _make_hardware(dice: random.Random) -> Case:
    return Case({"hardware.yaml": _changed("hardware.yaml", dice)})


def _use_hardware(_: Path, __: Case) -> None:
    run_command("rpu-config", "hardware.yaml")


def _make_settings(dice: random.Random) -> Case:
    return Case(
        {"pyproject.toml": _changed("pyproject.toml", dice), "sheet.yaml": SHEET, "baseline.json": b"{}"}
    )


def _use_settings(_: Path, case: Case) -> None:
    run_command("validate", *(("--show-settings",) if sum(case.files["pyproject.toml"]) % 2 else ()))
    run_command("derive")
    run_command("doctor")


HEADER_OF_RUN: dict[str, str | int | float] = {"configuration": "4f2a", "seed": 1}
RESULTS: tuple[dict[str, str | int | float], ...] = tuple(
    {"repeat": number, "seconds": 3600.0, "score": 0.1 + number / 3} for number in range(20)
)


@cache
def _journal() -> bytes:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        with Journal(Path(folder) / "j", HEADER_OF_RUN, reserve=2000) as journal:
            for entry in RESULTS:
                journal.add(entry)
        return (Path(folder) / "j").read_bytes()


def _make_journal(dice: random.Random) -> Case:
    whole = bytearray(_journal())
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(whole))
        match dice.randrange(4):
            case 0:
                whole[at] ^= 1 << dice.randrange(8)
            case 1:
                whole[at : at + 8] = dice.randbytes(len(whole[at : at + 8]))
            case 2:
                length = dice.choice((16, 512, 4096))
                whole[at : at + length] = bytes(len(whole[at : at + length]))
            case _ if dice.random() < 0.3:
                del whole[max(at, 1) :]
            case _:
                whole[at] = dice.randrange(256)
    return Case({"j": bytes(whole)})


def _resume(_: Path, __: Case) -> None:
    """Open a damaged journal: it is refused, or gives results that were written and counts those that are missing."""
    found: list[dict[str, str | int | float]] | None = None
    damaged = 0

    def resume() -> None:
        nonlocal found, damaged
        with Journal(Path("j"), HEADER_OF_RUN, reserve=100) as journal:
            found, damaged = list(journal.entries), journal.damaged

    refused(resume)
    if found is not None:
        made_up = [entry for entry in found if entry not in RESULTS]
        if made_up:
            raise Fault("a journal gives a result that was never written", str(made_up[0]))
        if len(found) < len(RESULTS) and not damaged:
            raise Fault("a journal lacks results and does not say so", f"{len(found)} of {len(RESULTS)}")


def _make_baseline(dice: random.Random) -> Case:
    baseline = {
        "schema": "factsheet.baseline/1",
        "findings": [{"file": "sheet.yaml", "rule": "FS301", "count": 2}],
    }
    return Case({"sheet.yaml": SHEET, "baseline.json": mutated_json(baseline, [b"{}"], dice)})


def _use_baseline(_: Path, __: Case) -> None:
    run_command("validate", "sheet.yaml", "--baseline", "baseline.json")


TARGETS = (
    Target("sources", _make_source, _begin),
    Target("profiles", _make_profile, _use_profile),
    Target("digital-profiles", _make_digital_profile, _use_digital_profile),
    Target("hardware", _make_hardware, _use_hardware),
    Target("settings", _make_settings, _use_settings),
    Target("journals", _make_journal, _resume),
    Target("baselines", _make_baseline, _use_baseline),
)
