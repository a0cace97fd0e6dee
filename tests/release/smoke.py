"""Try out an installed factsheet: that it answers, and what each extra that is named brings.

Run with the Python of the environment that it is installed in, from any folder: `python smoke.py FOLDER EXTRA …`, where
the folder has the sheets. Only the standard library is used beside what is tried out, and nothing that one system
alone has.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SCRIPT = Path(sysconfig.get_path("scripts")) / ("factsheet.exe" if os.name == "nt" else "factsheet")
OUTSIDE = {"PYTHONPATH", "PYTHONHOME", "FACTSHEET_NO_SKIPS"}
NETWORK = {"model_type": "bert", "hidden_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2}
NETWORK |= {"intermediate_size": 512, "vocab_size": 1000, "max_position_embeddings": 128}


class Trial:
    """A folder of its own with a sheet in it, and the commands that are tried there."""

    def __init__(self, folder: Path, sheets: Path) -> None:
        self.folder = folder
        self.commands = 0
        shutil.copyfile(sheets / "bert.yaml", folder / "bert.yaml")
        (folder / "config.json").write_text(json.dumps(NETWORK), encoding="utf-8")

    def run(self, *arguments: str, status: int = 0, given: str | None = None) -> str:
        """Return what a command prints; it has to end with this status, and never with a traceback."""
        return self._run([str(SCRIPT), *arguments], status, given)

    def python(self, program: str) -> str:
        """Return what a Python program prints."""
        return self._run([sys.executable, "-c", program], 0, None)

    def _run(self, command: list[str], status: int, given: str | None) -> str:
        self.commands += 1
        environment = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            input=given,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode != status or "Traceback" in done.stderr:
            sys.exit(
                f"{' '.join(command)}: exit status {done.returncode}, not {status}\n{done.stdout}{done.stderr}"
            )
        return done.stdout

    def require(self, holds: object, what: str) -> None:
        """End the trial where something does not hold."""
        if not holds:
            sys.exit(f"not so: {what}")


def core(trial: Trial) -> None:
    """Try what every installation can do."""
    version = trial.run("--version").split()[-1]
    trial.require(
        version == trial.python("import factsheet; print(factsheet.__version__)").strip(), "one version"
    )
    where = trial.python("import factsheet; print(factsheet.__file__)").strip()
    trial.require(Path(where).is_relative_to(sysconfig.get_path("purelib")), f"{where} is the installed one")
    trial.require("0 findings" not in trial.run("validate", "bert.yaml"), "the sheet is checked")
    text = (trial.folder / "bert.yaml").read_text(encoding="utf-8")
    trial.run("validate", "-", given=text)
    wrong = text.replace("analog_ops: 21.74 G ops", "analog_ops: 30 G ops")
    trial.require(wrong != text, "the sheet states its operations")
    (trial.folder / "wrong.yaml").write_text(wrong, encoding="utf-8", newline="\n")
    report = json.loads(trial.run("validate", "--output-format", "json", "wrong.yaml", status=1))
    found = {one["rule"] for sheet in report["sheets"] for one in sheet["diagnostics"]}
    trial.require(any(rule.startswith("FS3") for rule in found), f"wrong operations are found: {found}")
    trial.run("validate", "missing.yaml", status=2)
    facts = json.loads(trial.run("derive", "bert.yaml", "--format", "json"))["facts"]
    # 2 operations for each of BERT-base's 84,934,656 weights on tiles, for 4 · 32 tokens.
    ops = {fact["name"]: fact["derived"] for fact in facts}["analog_ops"]
    trial.require(ops == 2 * 84_934_656 * 4 * 32, f"analog operations: {ops}")
    trial.run("set", "bert.yaml", "overview.version=2.0")
    trial.require("2.0" in trial.run("get", "bert.yaml", "overview.version"), "an answer is kept")
    trial.run("new", "--from", "bert.yaml", "--name", "Begun", "-o", "begun.yaml")
    trial.run("render", "bert.yaml", "--role", "all", "--format", "html", "-o", "pages")
    trial.require(any((trial.folder / "pages").glob("**/*.html")), "pages are written")
    trial.run("catalog", ".", "-o", "site")
    trial.require((trial.folder / "site" / "index.html").is_file(), "a catalogue is written")
    trial.run("sweep", "bert.yaml", "--seq-len", "32,64", "-o", "sweep.csv")
    for arguments in (
        ("status", "bert.yaml"),
        ("todo", "bert.yaml"),
        ("fields", "parameters.power"),
        ("explain", "FS301"),
        ("inspect", "bert.yaml"),
        ("compare", "bert.yaml", "begun.yaml"),
        ("find", "power < 10 W", "bert.yaml"),
        ("hardware", "list"),
        ("template", "list"),
        ("schema",),
        ("completion", "bash"),
    ):
        trial.require(trial.run(*arguments).strip(), f"{arguments} prints something")
    trial.run("diff", "bert.yaml", "wrong.yaml")


def onnx(trial: Trial) -> None:
    """Count a graph."""
    trial.python(
        "from onnx import TensorProto as T, helper as h\n"
        "g = h.make_graph([h.make_node('MatMul', ['x', 'w'], ['y'])], 'g',"
        " [h.make_tensor_value_info('x', T.FLOAT, [1, 4])], [h.make_tensor_value_info('y', T.FLOAT, [1, 3])],"
        " [h.make_tensor('w', T.FLOAT, [4, 3], [0.5] * 12)])\n"
        "open('net.onnx', 'wb').write(h.make_model(g).SerializeToString())\n"
    )
    trial.require("12" in trial.run("inspect", "net.onnx"), "the graph's 4 · 3 weights are counted")


def pdf(trial: Trial) -> None:
    """Write a document."""
    trial.run("render", "bert.yaml", "--role", "data-scientist", "-o", "page.pdf")
    trial.require((trial.folder / "page.pdf").read_bytes().startswith(b"%PDF-"), "a PDF is one")


def lsp(trial: Trial) -> None:
    """Greet the language server, and take leave of it."""
    said = trial.python(
        "import json, subprocess\n"
        "def message(**body):\n"
        "    raw = json.dumps({'jsonrpc': '2.0', **body}).encode()\n"
        "    return b'Content-Length: %d\\r\\n\\r\\n%s' % (len(raw), raw)\n"
        "given = message(id=1, method='initialize', params={'capabilities': {}})\n"
        "given += message(id=2, method='shutdown') + message(method='exit')\n"
        f"done = subprocess.run([{str(SCRIPT)!r}, 'lsp', '--stdio'], input=given, capture_output=True, check=True)\n"
        "print(done.stdout.decode())\n"
    )
    trial.require("codeActionProvider" in said, "the language server answers an editor")


def parquet(trial: Trial) -> None:
    """Write a sweep as Parquet."""
    trial.run("sweep", "bert.yaml", "--seq-len", "32,64", "-o", "sweep.parquet")
    trial.require((trial.folder / "sweep.parquet").read_bytes().startswith(b"PAR1"), "Parquet is written")


def plot(trial: Trial) -> None:
    """Draw a chart."""
    trial.run("sweep", "bert.yaml", "--seq-len", "32,64", "--plot", "sweep.png")
    trial.require((trial.folder / "sweep.png").read_bytes().startswith(b"\x89PNG"), "a chart is drawn")


def torch(trial: Trial) -> None:
    """Program a layer on simulated crossbars, and let it drift."""
    trial.python(
        "import torch, factsheet\n"
        "torch.manual_seed(0)\n"
        "x = torch.randn(64, 16); net = torch.nn.Linear(16, 4); y = net(x).argmax(1)\n"
        "r = factsheet.simulate(net, lambda m: float((m(x).argmax(1) == y).float().mean()),"
        " hardware='pcm', repeats=2, times=[20, 86400])\n"
        "print(r)\n"
    )


def hf(trial: Trial) -> None:
    """Begin a sheet from a configuration, and count another with it."""
    trial.run("new", "--from", "config.json", "--name", "From a configuration", "-o", "configured.yaml")
    trial.require(
        "on tiles" in trial.run("derive", "bert.yaml", "--model", "config.json"), "a config is read"
    )


def nothing_more(_: Trial) -> None:
    """Try no more than that `doctor` finds the extra whole."""


EXTRAS: dict[str, Callable[[Trial], None]] = {
    "ask": nothing_more,
    "datasets": nothing_more,
    "distributed": nothing_more,
    "hf": hf,
    "lsp": lsp,
    "onnx": onnx,
    "parquet": parquet,
    "pdf": pdf,
    "plot": plot,
    "sign": nothing_more,
    "sigstore": nothing_more,
    "sweep": nothing_more,
    "torch": torch,
}


def main(arguments: list[str]) -> None:
    """Try the core, then each extra that is named."""
    sheets, extras = Path(arguments[0]).resolve(), arguments[1:]
    if extras == ["all"]:
        known = {check["topic"] for check in _doctor(sheets)}
        extras = [name for name in EXTRAS if f"extra {name}" in known]
    with tempfile.TemporaryDirectory(prefix="factsheet-smoke-") as folder:
        trial = Trial(Path(folder), sheets)
        core(trial)
        checks = {
            check["topic"]: check for check in json.loads(trial.run("doctor", "--format", "json"))["checks"]
        }
        for name in extras:
            check = checks[f"extra {name}"]
            trial.require(check["state"] == "fine", f"the extra {name} is whole: {check['text']}")
            EXTRAS[name](trial)
    sys.stdout.write(
        f"{trial.commands} commands on Python {sys.version.split()[0]}, {sys.platform}: core"
        f"{''.join(f', {name}' for name in extras)}\n"
    )


def _doctor(sheets: Path) -> list[dict[str, str]]:
    done = subprocess.run(
        [str(SCRIPT), "doctor", "--format", "json"],
        cwd=sheets,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    checks: list[dict[str, str]] = json.loads(done.stdout)["checks"]
    return checks


if __name__ == "__main__":
    main(sys.argv[1:])
