"""What a catalogue of 1,000 sheets costs: the first run, one in which nothing changed, one changed sheet, a search.

The sheets are the repository's own, each many times with a name, a figure and an organisation of its own, so that no
two have the same bytes. Runs are processes, as a user starts them; what is measured is their CPU time, children
included. The search is measured in a real Chromium, from the input event to the next frame.
"""

from __future__ import annotations

import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHEETS = 1000
FIRST_LIMIT_S = 20.0
CHANGED_LIMIT_S = 1.0
SEARCH_LIMIT_MS = 100.0
ROUNDS = 9
SEARCHES = ("recurrent", "resnet organisation 77", "sheet 431 ", "glue")
CHROMIUM = "/usr/bin/chromium"

SEARCH = """async (words) => {
  const field = document.querySelector('#search');
  const begun = performance.now();
  field.value = words;
  field.dispatchEvent(new Event('input', {bubbles: true}));
  document.body.getBoundingClientRect();
  const worked = performance.now() - begun;
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return [worked, performance.now() - begun, document.querySelector('#found').textContent];
}"""


def write_sheets(folder: Path, many: int = SHEETS) -> None:
    """Write sheets that are alike but not the same."""
    originals = [file.read_text("utf-8") for file in sorted((ROOT / "sheets").rglob("*.yaml"))]
    originals = [text for text in originals if re.search(r"^factsheet:", text, re.MULTILINE)]
    for number in range(many):
        text = originals[number % len(originals)]
        text = re.sub(
            r"^( +name: )(.*)$", rf"\g<1>Sheet {number} of \g<2>", text, count=1, flags=re.MULTILINE
        )
        text = re.sub(
            r"^( +)organisation: .*$",
            rf"\g<1>organisation: Organisation {number % 90}",
            text,
            flags=re.MULTILINE,
        )
        (folder / f"sheet-{number:04}.yaml").write_text(text, "utf-8")


def run(folder: Path, site: Path) -> tuple[float, str]:
    """Return the CPU time of a run, in s, and what it said."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "factsheet", "catalog", str(folder), "-o", str(site), "--no-config"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, done.stdout.splitlines()[0]


def search(site: Path) -> list[tuple[str, float, float, str]]:
    """Return for each search the time of the script with its layout, and until the next frame was there, in ms.

    Each is the median of several rounds.
    """
    from playwright.sync_api import sync_playwright

    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page: Any = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto((site / "index.html").as_uri())
        page.evaluate(SEARCH, "warm")
        for words in SEARCHES:
            rounds = []
            for _ in range(ROUNDS):
                rounds.append(page.evaluate(SEARCH, words))
                page.evaluate(SEARCH, "")
            found.append(
                (words, *(statistics.median(one[at] for one in rounds) for at in (0, 1)), rounds[0][2])
            )
        browser.close()
    return found


def told(limit: str, *, kept: bool) -> None:
    """One line for a limit."""
    print(f"{'PASS' if kept else 'FAIL'} {limit}")


def main() -> None:
    """Print the figures, then the limits."""
    with tempfile.TemporaryDirectory() as place:
        folder, site = Path(place) / "sheets", Path(place) / "site"
        folder.mkdir()
        write_sheets(folder)
        first, said = run(folder, site)
        print(f"first run: {first:.1f} s of CPU; {said}")
        same, said = run(folder, site)
        print(f"nothing changed: {same:.2f} s; {said}")
        changed_file = folder / "sheet-0431.yaml"
        changed_file.write_text(changed_file.read_text("utf-8") + "\n# changed\n", "utf-8")
        changed, said = run(folder, site)
        print(f"one changed: {changed:.2f} s; {said}")
        sizes = {file.name: file.stat().st_size for file in site.iterdir() if file.is_file()}
        print(", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in sorted(sizes.items())))
        sheets = json.loads((site / "catalog.json").read_text("utf-8"))["sheets"]
        print(f"{len(sheets):,} sheets, {sum(sheet['valid'] for sheet in sheets):,} of them valid")
        slowest = 0.0
        if find_spec("playwright") is None or not Path(CHROMIUM).exists():
            print("no Chromium: searching was not measured")
        else:
            for words, worked, shown, found in search(site):
                print(f"search for {words!r}: {worked:.0f} ms, shown after {shown:.0f} ms; {found}")
                slowest = max(slowest, shown)
            told(
                f"a search: at most {SEARCH_LIMIT_MS:.0f} ms until it is shown",
                kept=slowest <= SEARCH_LIMIT_MS,
            )
    told(f"the first run over {SHEETS:,} sheets: at most {FIRST_LIMIT_S:.0f} s", kept=first <= FIRST_LIMIT_S)
    told(f"one changed sheet: at most {CHANGED_LIMIT_S:.0f} s", kept=changed <= CHANGED_LIMIT_S)


if __name__ == "__main__":
    main()
