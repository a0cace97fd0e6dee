"""Names in files, and of files, drive no terminal, no log and no spreadsheet, whichever command and form shows them."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from command_targets import NOT_RUN, commands
from fuzz_cases import ROOT, run_command

from factsheet.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path

ODD = "=cmd|x\x1b[31m\x1b]0;t\x07\u202eabc\n::error file=a::y\x9b2J\r"
"""A formula, colours, the title of a window, turned text, a command of GitHub's, and the introducer of C1."""
ESCAPED = '"=cmd|x\\e[31m\\e]0;t\\a\\u202Eabc\\n::error::y\\r"'
TURNED = '"=cmd|x\\u202Eabc\\u202D"'
COMMAND = re.compile(r"^\s*::[\w-]+[^\n]*::", re.MULTILINE)
"""What GitHub's runner obeys: workflow commands, as its documentation writes them."""
FILE = "n\x1b[31m\u202e\n::error::y.yaml"


def _sheet(name: str) -> str:
    return f"""\
factsheet: 1
overview: {{name: {name}, model: {name}, organisation: {name}, summary: {name}}}
performance:
  results:
    - name: {name}
      metric: {name}
      systems: [{{id: a, name: {name}, kind: digital}}, {{id: b, name: {name}, kind: analog}}]
      tasks: [{{task: {name}, scores: {{a: 61.5 %, b: 60 %}}}}]
references:
  - {{id: r, title: {name}}}
"""


def _graph() -> bytes:
    onnx = pytest.importorskip("onnx")
    make = onnx.helper
    weight = onnx.numpy_helper.from_array(np.zeros((4, 3), np.float32), ODD)
    nodes = [
        make.make_node("MatMul", ["x", ODD], ["y"], name=ODD),
        make.make_node(ODD, ["y"], ["z"], domain=ODD),
    ]
    inputs = [make.make_tensor_value_info("x", 1, [1, ODD, 4])]
    graph = make.make_graph(nodes, ODD, inputs, [make.make_tensor_value_info("z", 1, None)], [weight])
    opsets = [make.make_opsetid("", 21), make.make_opsetid(ODD, 1)]
    made: bytes = make.make_model(graph, opset_imports=opsets, ir_version=10).SerializeToString()
    return made


def _header() -> bytes:
    tensors = {
        f"{ODD}{n}": {"dtype": "F32", "shape": [4, 3], "data_offsets": [48 * n, 48 * n + 48]} for n in (0, 1)
    }
    text = json.dumps({"__metadata__": {ODD: ODD}, **tensors}).encode()
    return len(text).to_bytes(8, "little") + text + bytes(96)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    profile = (ROOT / "tests" / "fuzz" / "corpus" / "own.yaml.seed").read_text("utf-8")
    files: dict[str, str | bytes] = {
        "escaped.yaml": _sheet(ESCAPED),
        "turned.yaml": _sheet(TURNED),
        FILE: _sheet("x"),
        "net.onnx": _graph(),
        "m.safetensors": _header(),
        "own.yaml": profile.replace("name: own", f"name: {ESCAPED}") + f"{ESCAPED}: 1\n",
        "results.csv": f'"{ODD.strip()}",accuracy\nRTE,80\n',
        "bom.json": json.dumps(
            {"bomFormat": "CycloneDX", "components": [{"type": "machine-learning-model", "name": ODD}]}
        ),
        "bill.spdx3.json": json.dumps(
            {
                "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
                "@graph": [{"type": "ai_AIPackage", "spdxId": ODD, "name": ODD, "ai_domain": [ODD]}],
            }
        ),
        "pyproject.toml": f"[tool.factsheet]\nselect = []\nsheet = {json.dumps(ODD)}\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _forms(path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The forms of output that a command has, as the program itself lists them."""
    if path == ("validate",):
        return [
            ("--output-format", form)
            for form in ("full", "concise", "json", "github", "gitlab", "sarif", "junit")
        ]
    found = next((option for option in commands()[path] if "--format" in option.names), None)
    listed = () if found is None else found.choices or tuple(found.metavar.split("|"))
    return [("--format", form) for form in listed if form not in {"pdf", "all", "parquet"}] or [()]


READ = {
    "set": ("overview.name=" + ODD, "-n"),
    "get": ("overview.name",),
    "unset": ("overview.name", "-n"),
    "fill": ("--diff",),
}
OF_SHEETS = ("turned.yaml", FILE)
OF_NETWORKS = ("net.onnx", "m.safetensors")
SOURCES = {
    "inspect": ("turned.yaml", *OF_NETWORKS),
    "new": ("net.onnx", "m.safetensors", "results.csv", "bom.json", "bill.spdx3.json"),
    "hardware": ("own.yaml",), "rpu-config": (),
    "validate": ("escaped.yaml", "turned.yaml", FILE, f"no{FILE}"), "schema": (), "doctor": (), "completion": (),
    "simulate": (),
    "explain": (ODD,), "fields": (ODD,), "badge": ("turned.yaml", FILE), "sweep": ("turned.yaml", FILE),
}  # fmt: skip
"""What a command reads; the others read sheets."""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", [path for path in commands() if path[0] not in NOT_RUN], ids=" ".join)
def test_no_name_drives_what_shows_it(path: tuple[str, ...], folder: Path) -> None:
    for source in SOURCES.get(path[0], OF_SHEETS):
        for form in _forms(path):
            given = (
                ("--from", source) if path == ("new",) else () if path == ("hardware", "list") else (source,)
            )
            ran = run_command(*path, *given, *READ.get(path[0], ()), *form)
            if "json" in form and ran.status < 2 and ran.out:
                json.loads(ran.out)
            elif "github" not in form:
                assert not COMMAND.search(ran.out + ran.err), (path, source, form)
            if "csv" in form:
                cells = [cell for row in csv.reader(io.StringIO(ran.out)) for cell in row]
                assert not [cell for cell in cells if re.match(r"[=+@\t\r]|-\D", cell)]


def test_settings_are_shown_on_lines_of_their_own(folder: Path) -> None:
    (folder / "pyproject.toml").write_text(f"[tool.factsheet]\nsheet = {json.dumps(ODD)}\n", "utf-8")
    ran = run_command("validate", "--show-settings")
    assert ran.status == 0
    assert len(ran.out.splitlines()) == len(
        run_command("validate", "--show-settings", "--no-config").out.splitlines()
    )


def test_colours_of_our_own_stay_and_others_do_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    run(["validate", "--no-config", "escaped.yaml", FILE])
    out = "".join(capsys.readouterr())
    assert "\x1b[" in out
    assert not re.search("\x1b(?!\\[[0-9;]*m)|[\x07\x9b\u202e]", out)
