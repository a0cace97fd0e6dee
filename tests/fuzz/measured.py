"""Write the part of docs/hardening-measured.md on changed inputs, from the record that `fuzz.py --tally` keeps.

python tests/fuzz/measured.py RECORD … docs/hardening-measured.md
"""

from __future__ import annotations

import json
import platform
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- fuzz -->", "<!-- /fuzz -->"
HEAD = """\
# Hardening, measured

What was done to find what breaks the program, and what came of it. Each part is written by the command that it names.

"""
WHAT = {
    "sheets": "sheets: loaded, checked under two settings, fixes carried out",
    "sheet-commands": "sheets: `derive`, `status` and `inspect`",
    "sheet-reports": "sheets: `todo`, `fill` or `badge`, and a report of `validate`",
    "pages": "sheets: HTML and Markdown",
    "pdf": "sheets: PDF",
    "onnx": "ONNX graphs",
    "configs": "configurations of Hugging Face",
    "headers": "headers of safetensors, and indices",
    "programs": "exported programs (`.pt2`)",
    "checkpoints": "checkpoints of PyTorch",
    "sources": "sources of `new`: cards, tables, recipes, logs, bills",
    "profiles": "hardware profiles",
    "digital-profiles": "profiles of digital devices",
    "hardware": "hardware files of the simulator",
    "settings": "settings in `pyproject.toml`",
    "journals": "damaged journals",
    "baselines": "baselines",
    "declarations": "signed declarations, changed before or after signing",
    "bundles": "Sigstore bundles and trusted roots",
    "keys": "files of keys and lists of signers",
    "commands": "command lines, every command and option",
}


def part(runs: list[dict[str, Any]]) -> str:
    """Return the part of the page: a row for each kind, and the faults that are left."""
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for run in runs:
        by_kind[run["target"]].append(run)
    rows = [
        f"| {WHAT[kind]} | {sum(run['cases'] for run in found):,} | {sum(run['cpu_s'] for run in found):,.0f} s"
        f" | {max(run['slowest_s'] for run in found):.1f} s | {max(run['most_bytes'] for run in found) / 10**6:,.0f} MB"
        f" | {len({fault for run in found for fault in run['faults']}) or 'none'} | {_seeds(found)} |"
        for kind, found in sorted(by_kind.items(), key=lambda one: list(WHAT).index(one[0]))
    ]
    faults = [
        f"- {kind}: {fault}, in {sum(len(run['faults'].get(fault, ())) for run in found):,} cases"
        for kind, found in by_kind.items()
        for fault in sorted({fault for run in found for fault in run["faults"]})
    ]
    text = f"""\
{BEGIN}
## Changed inputs

Made by `python tests/fuzz/fuzz.py KIND … --tally RECORD` and `python tests/fuzz/measured.py RECORD
docs/hardening-measured.md`, on Python {platform.python_version()} and two cores, partly busy with other work.
A fault is a traceback, the exit status 3, an output that drives a terminal, a promise of a result that does not
hold, more than 5 s of work (20 s for a command line or a configuration, 30 s for a PDF), or more than 500 MB over
what is imported.

| inputs | cases | work | slowest | most memory | kinds of fault | seeds |
| --- | ---: | ---: | ---: | ---: | ---: | --- |
{chr(10).join(rows)}
"""
    return (
        text
        + ("\nFaults that these runs found:\n\n" + "\n".join(faults) + "\n" if faults else "")
        + f"{END}\n"
    )


def _seeds(found: list[dict[str, Any]]) -> str:
    return ", ".join(str(seed) for seed in sorted({run["seed"] for run in found}))


def main() -> int:
    """Write the part into the page, and leave the others as they are."""
    *records, name = sys.argv[1:]
    runs = [run for record in records for run in json.loads(Path(record).read_text("utf-8"))]
    page = Path(name)
    old = page.read_text("utf-8") if page.exists() else HEAD
    made = part(runs)
    has = re.search(f"{BEGIN}.*?{END}\n", old, re.DOTALL)
    page.write_text(old.replace(has[0], made) if has else f"{old.rstrip()}\n\n{made}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
