"""Faults to plant into the published sheet, one at a time, each with the rule and the line that has to be found.

They are mistakes that people make: figures mistyped or swapped, copies that were not kept up, YAML's own traps, words
left over from elsewhere. Data alone, so that a benchmark can plant them for other tools as well.
"""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """One mistake, as a replacement in the text of `sheets/bert.yaml`.

    Attributes:
        name: what went wrong, in words for an id.
        rule: the id of the rule that has to find it.
        old: what the published sheet has; it stands there once.
        new: what stands there instead.
        at: what the line of the finding holds, once in the planted sheet; where the two texts first differ if empty.
        also: further rules that find the same mistake from their own side, each anywhere.
    """

    name: str
    rule: str
    old: str
    new: str
    at: str = ""
    also: tuple[str, ...] = ()


def plant(fault: Fault, text: str) -> tuple[str, int]:
    """The text with the fault in it, and the line, from 1, that a finding has to point at.

    Raises:
        ValueError: the text does not hold `old`, or `at` once it is planted, exactly once.
    """
    if text.count(fault.old) != 1:
        raise ValueError(f"{fault.name}: the sheet holds `{fault.old}` {text.count(fault.old)} times")
    planted = text.replace(fault.old, fault.new)
    if fault.at and planted.count(fault.at) != 1:
        raise ValueError(
            f"{fault.name}: the planted sheet holds `{fault.at}` {planted.count(fault.at)} times"
        )
    differs = next((n for n, (a, b) in enumerate(zip(text, planted, strict=False)) if a != b), len(planted))
    offset = planted.index(fault.at) if fault.at else differs
    return planted, planted.count("\n", 0, offset) + 1


_TEST_TASKS = (
    "  summary: The same eight tasks of the GLUE benchmark.\n"
    "  tasks: [RTE, MRPC, STS-B, CoLA, SST-2, QNLI, QQP, MNLI]\n"
)
_NO_TILES = "  tiles: {not_disclosed: The published sheet does not give the number of tiles.}\n"
_NO_DEVICES = "  devices: {not_disclosed: The published sheet does not give the number of devices.}\n"
_NO_FIGURE = "{not_disclosed: The template asks for it; the published sheet has no figure.}\n"
_NO_ENERGY = (
    "  energy_per_inference: "
    "{not_disclosed: Follows from the energy efficiency; the published sheet does not state it.}\n"
)

FORM = (
    Fault("a key twice", "FS120", "  status: published\n", "  status: published\n  status: draft\n"),
    Fault(
        "a misspelt key",
        "FS152",
        "  organisation: IBM AI Hardware Center\n  contact",
        "  organization: IBM\n  contact",
    ),
    Fault("a unit of another dimension", "FS150", "    value: 3.13 W\n", "    value: 3.13 V\n"),
    Fault("a decimal comma", "FS150", "execution_time: approx. 0.19 ms", "execution_time: approx. 0,19 ms"),
    Fault("yes for true", "FS131", "pooler: {value: true,", "pooler: {value: yes,"),
    Fault("a number with a leading zero", "FS132", "    heads: 12\n", "    heads: 012\n"),
    Fault("not a number", "FS134", "    value: 1.0\n", "    value: .nan\n"),
    Fault("a key that has to be there is not", "FS153", "    cols: 512\n", "", at="  tile:\n"),
    Fault("a tab for indentation", "FS111", "  variants: [uncased", "\tvariants: [uncased"),
    Fault("a word that the field does not know", "FS150", "_in: forward pass\n", "_in: foward pass\n"),
    Fault("a date that is not in the calendar", "FS150", "  date: 2022-11-14\n", "  date: 2022-11-31\n"),
)

CONSISTENCY = (
    Fault("an average that is not that of its rows", "FS201", "analog: 80.57 %}", "analog: 80.62 %}"),
    Fault(
        "a score in the text that is not the table's", "FS202", "{value: 80.6 %, note", "{value: 80.9 %, note"
    ),
    Fault(
        "a misspelt system", "FS203", "digital: 90.50 %, analog: 89.01 %", "digital: 90.50 %, analgo: 89.01 %"
    ),
    Fault(
        "classes of a regression", "FS204", "type: regression, metric", "type: regression, classes: 2, metric"
    ),
    Fault(
        "a number of tasks that is not that of the list",
        "FS205",
        f"{_TEST_TASKS}  task_count: 8\n",
        f"{_TEST_TASKS}  task_count: 9\n",
    ),
    Fault(
        "a size in the text that is not the table's",
        "FS205",
        "  summary: The same eight tasks of the GLUE benchmark.\n",
        "  summary: The same eight tasks of the GLUE benchmark, from 2.5k (RTE) to 939k (MNLI).\n",
    ),
    Fault(
        "more analog operations than there are",
        "FS206",
        "analog_ops: 21.74 G ops",
        "analog_ops: 22.74 G ops",
        also=("FS302",),
    ),
    Fault(
        "an efficiency that needs another batch",
        "FS207",
        "    value: 6589 inferences/s/W\n",
        "    value: 1647 inferences/s/W\n",
        at="      batch: 4\n",
    ),
    Fault(
        "a time without its batch",
        "FS208",
        "0.19 ms\n    at: {seq_len: 32, batch: not stated}",
        "0.19 ms\n    at: {seq_len: 32}",
        at="    value: 0.19 ms\n",
    ),
    Fault(
        "a point outside what the chip is made for",
        "FS209",
        "    batch: 1 to 4\n",
        "    batch: 1 to 2\n",
        at="      batch: 4\n",
        also=("FS607",),
    ),
    Fault(
        "a metric of another task",
        "FS210",
        "metric: Matthews correlation, scores",
        "metric: accuracy, scores",
    ),
    Fault(
        "a gap of the wrong sign",
        "FS211",
        "      averages: {digital: 81.23 %, analog: 80.57 %}\n",
        "      averages: {digital: 81.23 %, analog: 80.57 %}\n      gap: 0.66 %\n",
    ),
    Fault(
        "the peak of a tile for the chip's efficiency",
        "FS212",
        "  energy_per_inference: {not",
        "  tops_per_watt: 100 TOPS/W\n  energy_per_inference: {not",
    ),
    Fault(
        "an unknown profile",
        "FS213",
        "    profile: {value: ibm-2022",
        "    profile: {value: ibm-2020",
    ),
    Fault(
        "an area of another unit",
        "FS309",
        "  area: {value: 780.4 mm²",
        "  area: {value: 780.4 cm²",
        also=("FS250",),
    ),
    Fault("a reference from the future", "FS215", "    year: 2019\n", "    year: 2109\n", also=("FS509",)),
    Fault(
        "a refresh later than the last score over time",
        "FS216",
        "  temperature: {not_evaluated: Temperature",
        "  over_time: [{after: 1 h, score: 80.6 %}, {after: 1 week, score: 80.4 %}]\n"
        "  temperature: {not_evaluated: Temperature",
        at="refresh_interval: {value",
    ),
    Fault("a score without its percent sign", "FS217", "analog: 64.00 %", "analog: 64.00"),
    Fault(
        "a score that no accuracy can have",
        "FS217",
        "digital: 83.40 %, analog: 82.12 %",
        "digital: 83.40 %, analog: 821.2 %",
        also=("FS201",),
    ),
)

RECOMPUTATION = (
    Fault(
        "the parameters of another model",
        "FS301",
        "  parameters: 110 million\n",
        "  parameters: 340 million\n",
    ),
    Fault("operations of another batch", "FS302", "analog_ops: 21.74 G ops", "analog_ops: 5.44 G ops"),
    Fault(
        "tiles of a denser mapping",
        "FS303",
        _NO_TILES,
        "  tiles: 324\n",
    ),
    Fault(
        "devices without their pairs",
        "FS303",
        _NO_DEVICES,
        "  devices: 125829120\n",
    ),
    Fault(
        "tokens for a reuse factor",
        "FS311",
        "  reuse_factor:\n    value: 1\n",
        "  reuse_factor:\n    value: 32\n",
    ),
    Fault(
        "the file of another model",
        "FS305",
        f"  size_on_disk: {_NO_FIGURE}",
        "  size_on_disk: 700 MB\n",
    ),
    Fault(
        "an energy off by ten",
        "FS306",
        _NO_ENERGY,
        "  energy_per_inference: {value: 1.52 mJ, at: {batch: not stated}}\n",
    ),
    Fault(
        "heads that do not divide the width",
        "FS307",
        "    heads: 12\n",
        "    heads: 10\n",
        also=("FS227", "FS607"),
    ),
    Fault(
        "a derived figure left behind",
        "FS310",
        _NO_TILES,
        "  tiles: {value: 640, source: derived}\n",
    ),
)

EVIDENCE = (
    Fault(
        "a misspelt reference",
        "FS501",
        "  references: [vaswani-2017, devlin-2019]\n",
        "  references: [vaswani-2017, delvin-2019]\n",
    ),
    Fault(
        "a reference that nothing names",
        "FS502",
        "  - id: vaswani-2017\n",
        "  - {id: liu-2019, title: RoBERTa, arxiv: '1907.11692'}\n  - id: vaswani-2017\n",
    ),
    Fault(
        "figures that come from nowhere",
        "FS503",
        "provenance:\n  source: declared\n  evidence: factsheet-2022\n",
        "",
        at="parameters:\n",
    ),
    Fault(
        "a measurement without evidence",
        "FS504",
        "    value: 3.13 W\n",
        "    value: 3.13 W\n    source: measured\n",
    ),
    Fault(
        "a reference that cannot be found",
        "FS505",
        "    doi: 10.1038/s41467-020-16108-9\n",
        "",
        at="  - id: joshi-2020\n",
    ),
    Fault(
        "an address within an address",
        "FS506",
        "    url: https://huggingface.co/docs",
        "    url: https://https://huggingface.co/docs",
    ),
)

PROSE = (
    Fault(
        "a sentence from another sheet",
        "FS601",
        "This sheet documents how that training",
        "This sheet documents how the Audio Classifier model's training",
    ),
    Fault("a misspelt metric", "FS602", "metric: Spearman correlation", "metric: Spearma correlation"),
    Fault(
        "a person for Pearson",
        "FS602",
        "STS-B by the Pearson and Spearman",
        "STS-B by the Person and Spearman",
    ),
    Fault(
        "an abbreviation that is not spelt out",
        "FS603",
        "ops_depend_on: Sequence length and",
        "ops_depend_on: SL and",
    ),
    Fault(
        "an answer to be written",
        "FS604",
        "  base_model: BERT-base, pretrained in floating point\n",
        "  base_model: TBD\n",
    ),
    Fault(
        "a figure that is not there",
        "FS605",
        '    The transformer encoder of "Attention',
        '    Figure 2 shows the transformer encoder of "Attention',
    ),
    Fault(
        "a unit a thousand times smaller",
        "FS606",
        "    - Power and energy efficiency are published",
        "    - The power of 3.13 mW and the energy efficiency are published",
    ),
)

FAULTS = (*FORM, *CONSISTENCY, *RECOMPUTATION, *EVIDENCE, *PROSE)
