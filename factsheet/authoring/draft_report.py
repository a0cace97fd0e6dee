"""Say of a sheet that was begun what was taken from where, what was assumed, and what was not taken."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from factsheet._version import __version__
from factsheet.authoring.generation import said_of_passes
from factsheet.authoring.importing.merging import said
from factsheet.checks.rules.plausibility.settings_contradict import cells_that_differ
from factsheet.errors import UsageError
from factsheet.reports.text import one_line
from factsheet.source.document import dotted
from factsheet.source.dumping import dump_yaml

if TYPE_CHECKING:
    from factsheet.authoring.drafting import NewSheet

SCHEMA = "factsheet.new/1"
_SHOWN = 12
"""Of what was not taken, on a terminal; the report in JSON has all."""


def report_lines(made: NewSheet, name: str) -> list[str]:
    """Return the account for a terminal, a line for each thing that somebody should look at."""
    by_source = Counter(one.name for one in made.taken)
    lines = [f"{one_line(name)}: {_count(len(made.questions), 'question')} left"]
    lines += [
        f"  {one_line(source.name)}, {source.kind}: {_count(by_source[source.name], 'fact')}"
        for source in made.imports
    ]
    if by_source["factsheet"]:
        lines.append(f"  computed from these: {_count(by_source['factsheet'], 'fact')}")
    lines += [
        f"  assumed, {one_line(one.name)}: {one_line(words)}"
        for one in made.imports
        for words in dict.fromkeys(one.assumed.values())
    ]
    passes = said_of_passes(one.found for one in made.taken)
    lines += [f"  {one_line(passes)}"] if passes else []
    differ = cells_that_differ(made.sheet)
    lines += [f"  cells differ: {one_line(differ)}"] if differ else []
    lines += [f"  sources differ on {dotted(one.path)}: {one_line(one.words)}" for one in made.conflicts]
    for source in made.imports:
        lines += [
            f"  unclear, {dotted(one.path)}: {one_line(one.what)} ({one_line(one.where)}); perhaps"
            f" {one_line(' or '.join(words for words, _ in one.readings))}"
            for one in source.unclear
        ]
    for source_name, left in made.left_out[:_SHOWN]:
        what = f"{one_line(said(left.what))} ({one_line(left.where)})"
        lines.append(f"  not taken, {one_line(source_name)}: {what}: {one_line(left.why)}")
    if len(made.left_out) > _SHOWN:
        lines.append(f"  … and {len(made.left_out) - _SHOWN} more not taken; `--report FILE` lists them")
    return lines


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def hardware_yaml(made: NewSheet) -> str:
    """Return the hardware that the first source with any describes, as a file that `factsheet simulate` takes.

    Raises:
        UsageError: no source describes any.
    """
    source = next((one for one in made.imports if isinstance(one.hardware, dict)), None)
    if source is None or not isinstance(source.hardware, dict):
        raise UsageError(
            "no source describes hardware that can be simulated",
            "a configuration of aihwkit with a model of phase-change memory does, where no run decides its values",
            "leave `--hardware-file` out, or see what was not taken, and why",
        )
    kind = source.hardware.get("device", {}).get("kind")
    meanings = {**_MEANINGS, **(_OF_PCM if kind == "pcm" else {})}
    lines = [
        f"{line}  # {meanings[key]}" if (key := line.partition(":")[0].strip()) in meanings else line
        for line in dump_yaml(source.hardware).splitlines()
    ]
    head = f"# Hardware for `factsheet simulate --hardware`, read from {one_line(source.name)}; it is no chip profile."
    return "\n".join([head, *lines]) + "\n"


_OF_PCM = {
    "programming": "times the published programming noise",
    "drift_exponent": "times the published drift exponents",
    "read_noise": "times the published read noise",
}
_MEANINGS = {
    "t0_s": "seconds from programming to the first reading, from which drift is counted",
    "follow": "weights are put on devices as in aihwkit, not as in the published equations",
    "unlimited": "sides of a tile that are as long as the matrix",
    "split": "how a matrix is cut into tiles",
    "g_max_us": "conductance of the largest weight, in µS",
    "scale": "what the largest weight is taken of",
    "bound_management": "whether a product that reaches the bound of the ADC is repeated with half the input",
    "output_noise": "standard deviation before the ADC, in full inputs on full weights",
    "input_noise": "standard deviation, relative to the bound of the DAC",
    "weight_noise": "standard deviation in every product, relative to the largest weight",
    "compensation": "one factor for drift a tile (global), or a column",
}
"""What fields of such a file mean, where their names do not say it."""


def report_json(made: NewSheet) -> str:
    """Return the account as JSON. Keys are only ever added to version 1."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": {"name": "factsheet", "version": __version__},
        "sources": [{"name": one.name, "kind": one.kind} for one in made.imports],
        "taken": [
            {
                "path": dotted(one.path),
                "value": one.found.value,
                "from": one.name,
                "where": one.found.where,
                "source": one.found.source,
                "note": one.found.note,
            }
            for one in made.taken
        ],
        "assumed": [
            {"from": one.name, "section": section, "what": words}
            for one in made.imports
            for section, words in one.assumed.items()
        ],
        "conflicts": [
            {
                "path": dotted(one.path),
                "kept": one.value,
                "from": one.first.name,
                "other": one.other.value,
                "other_from": one.name,
                "other_where": one.other.where,
            }
            for one in made.conflicts
        ],
        "unclear": [
            {
                "from": source.name,
                "path": dotted(one.path),
                "what": one.what,
                "where": one.where,
                "readings": [{"words": words, "value": value} for words, value in one.readings],
            }
            for source in made.imports
            for one in source.unclear
        ],
        "left_out": [
            {"from": name, "where": one.where, "what": one.what, "why": one.why}
            for name, one in made.left_out
        ],
        "questions": [
            {"path": one.path, "question": one.question, "owed_by": one.owed_by, "how": one.how}
            for one in made.questions
        ],
    }
    return json.dumps(data, indent=2, default=str) + "\n"
