"""One truth: checks, derived facts, operators and pages give the same values and verdicts, whatever a sheet says."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import pytest
from generated_sheets import architectures
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from factsheet.checks.registry import RULES
from factsheet.checks.rule import RuleContext
from factsheet.networks.declared import FAMILIES, declared_network
from factsheet.pages.assembly import build_page
from factsheet.pages.marks import SYMBOLS
from factsheet.pages.model import FactRow, TableBlock
from factsheet.pages.rendering import PageSet
from factsheet.quantities.quantity import format_value
from factsheet.recompute.comparisons.sheet_comparisons import SheetComparisons
from factsheet.recompute.engine import recompute
from factsheet.recompute.inspection import inspect
from factsheet.recompute.request import Request
from factsheet.sheet.load import read_factsheet
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.diagnostic import Finding
    from factsheet.networks.operators import Network
    from factsheet.pages.model import Page
    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields

Data = dict[str, Any]

RECOMPUTING = frozenset(
    {
        *("FS201", "FS202", "FS206", "FS207", "FS211", "FS212"),
        *("FS301", "FS302", "FS303", "FS304", "FS305", "FS306", "FS310"),
    }
)
"""Rules that report a claim which differs from what the rest of the sheet gives."""
COUNTS = ("parameters", "analog_weights", "reuse_factor", "tiles", "devices")
OPS = ("analog_ops", "digital_ops", "total_ops")


def read(data: Data) -> SheetFields:
    sheet, misfits = read_factsheet(data)
    assert sheet is not None
    assert misfits == ()
    return sheet


def bare(architecture: Data, **sections: Any) -> Data:
    overview = {"name": "A sheet", "model": "A model"}
    return {"factsheet": 1, "overview": overview, "model_architecture": architecture, **sections}


@st.composite
def claims(draw: st.DrawFn, value: float, dimension: str) -> Any:
    """Draw a claim of a value: right or wrong; exact, rounded, about, a bound; with a tolerance or without."""
    factor = draw(st.sampled_from((1.0, 1.0, 1.0, 1.004, 1.04, 2.0, 1000.0)))
    claimed = value * factor
    if dimension == "count":
        claimed = max(1, round(claimed))
    if dimension == "count" and draw(st.booleans()):
        text: str | int = round(claimed)
    else:
        text = format_value(claimed, dimension, draw(st.integers(2, 5)))
        text = draw(st.sampled_from(("", "", "approx. ", "up to "))) + text
    source = draw(st.sampled_from((None, None, "measured", "derived")))
    tolerance = draw(st.sampled_from((None, None, {"within": "5 %", "reason": "What is not declared."})))
    if source is None and tolerance is None:
        return text
    parts = {"value": text, "source": source, "tolerance": tolerance}
    return {key: part for key, part in parts.items() if part is not None}


def some(draw: st.DrawFn, **values: tuple[float | None, str]) -> Data:
    """Draw claims of some of these values."""
    return {
        name: draw(claims(value, dimension))
        for name, (value, dimension) in values.items()
        if value and draw(st.booleans())
    }


@st.composite
def sheets(draw: st.DrawFn) -> Data:
    """Draw a sheet that claims what follows from its structure and its own figures, or something else."""
    architecture = draw(architectures())
    side = st.sampled_from((4, 16, 64))
    tile = {"rows": draw(side), "cols": draw(side), "devices_per_weight": draw(st.sampled_from((2, 4)))}
    places = draw(
        st.lists(
            st.tuples(st.sampled_from((1, 8, 32)), st.sampled_from((1, 4, "not stated"))),
            min_size=1,
            max_size=3,
            unique=True,
        )
    )
    stated = {seq_len for seq_len, batch in places if batch != "not stated"}
    # Beside a row with a batch, one of the same length without cannot be asked for.
    places = [place for place in places if place[1] != "not stated" or place[0] not in stated]
    rows: list[Data] = [{"seq_len": seq_len, "batch": batch} for seq_len, batch in places]
    truth = bare(architecture, parameters={"tile": tile, "operating_points": rows})
    facts = {fact.name: fact.derived for fact in recompute(read(truth)).facts}
    power, time = draw(st.floats(0.5, 50)), draw(st.floats(1e-5, 1e-1))
    for row, (seq_len, batch) in zip(rows, places, strict=True):
        whole = batch if isinstance(batch, int) else None
        counted = recompute(read(truth), Request(seq_len=seq_len, batch=whole)).totals
        each = whole or 2
        row.update(some(draw, **{name: (getattr(counted, name), "ops") for name in OPS}))
        figures = some(
            draw,
            execution_time=(time, "time"),
            power=(power, "power"),
            energy=(power * time, "energy"),
            energy_efficiency=(each / (power * time), "inferences_per_second_per_watt"),
            throughput=(each / time, "throughput"),
        )
        row.update(figures)
        if draw(st.booleans()):
            row["counting"] = draw(st.sampled_from(("consistent", "mult-adds", "attention-mac-is-one-op")))
    first = places[0][1] if isinstance(places[0][1], int) else 2
    ops = recompute(read(truth)).totals.total_ops
    performance = some(
        draw,
        size_on_disk=(facts["size_on_disk"], "data_size"),
        size_on_chip=(facts["tiles"], "count"),
        energy_per_inference=(power * time / first, "energy"),
        energy_efficiency=(first / (power * time), "inferences_per_second_per_watt"),
        throughput=(first / time, "throughput"),
        classification_time=(time, "time"),
        tops_per_watt=(ops / (power * time) if ops else None, "ops_per_second_per_watt"),
    )
    for name in ("energy_per_inference", "energy_efficiency", "throughput", "classification_time"):
        if name in performance and draw(st.booleans()):
            claim = performance[name]
            at = {"seq_len": places[0][0], "batch": places[0][1]}
            performance[name] = {**(claim if isinstance(claim, dict) else {"value": claim}), "at": at}
    if draw(st.booleans()):
        performance["results"] = [draw(tables())]
    parameters = {"tile": tile, "operating_points": rows}
    parameters |= some(draw, **{name: (facts[name], "count") for name in COUNTS}, power=(power, "power"))
    sections: Data = {"parameters": parameters}
    if performance:
        sections["performance"] = performance
    return bare(architecture, **sections)


@st.composite
def tables(draw: st.DrawFn) -> Data:
    scores = draw(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=1, max_size=4))
    rows = [
        {"task": f"task {index}", "scores": {"chip": f"{ours / 10:.1f} %", "gpu": f"{theirs / 10:.1f} %"}}
        for index, (ours, theirs) in enumerate(scores)
    ]
    systems = [
        {"id": "chip", "name": "Chip", "kind": "analog"},
        {"id": "gpu", "name": "GPU", "kind": "digital"},
    ]
    means = [sum(score) / len(scores) / 10 for score in zip(*scores, strict=True)]
    off = draw(st.sampled_from((0, 0, 1.5)))
    table: Data = {"name": "GLUE", "systems": systems, "tasks": rows}
    if draw(st.booleans()):
        table["averages"] = {"chip": f"{means[0] + off:.2f} %", "gpu": f"{means[1]:.1f} %"}
    if draw(st.booleans()):
        table["gap"] = f"{means[0] - means[1] + draw(st.sampled_from((0, 2))):.1f} %"
    return table


def findings(sheet: SheetFields) -> dict[str, list[tuple[str, Finding]]]:
    """Return what the recomputing rules find, by the path of the claim."""
    comparisons = SheetComparisons(sheet)
    found: dict[str, list[tuple[str, Finding]]] = {}
    for rule in RULES:
        if rule.id in RECOMPUTING:
            context = RuleContext(sheet=sheet, comparisons=comparisons, options=rule.options)
            for finding in rule.check(context):
                found.setdefault(dotted(finding.path), []).append((rule.id, finding))
    return found


def derivations(sheet: SheetFields) -> Iterator[Derivation]:
    """Derive at each operating point as the sheet states it."""
    assert sheet.parameters is not None
    for row in sheet.parameters.operating_points or ():
        batch = int(row.batch) if isinstance(row.batch, int) else None
        yield recompute(sheet, Request(seq_len=int(row.seq_len), batch=batch))


def claimed(derivation: Derivation) -> Iterator[DerivedFact]:
    return (fact for fact in derivation.facts if fact.claim is not None)


def about_the_batch(fact: DerivedFact, found: dict[str, list[tuple[str, Finding]]]) -> bool:
    """Whether FS207 reports the fact: it puts an efficiency that contradicts the batch at the batch."""
    return any(
        rule == "FS207" and fact.path in {dotted(path) for path, _ in finding.related}
        for reported in found.values()
        for rule, finding in reported
    )


def assert_verdicts_agree(sheet: SheetFields) -> None:
    found = findings(sheet)
    differing: set[str] = set()
    said: set[str] = set()
    for derivation in derivations(sheet):
        for fact in claimed(derivation):
            reported = found.get(fact.path, [])
            if fact.verdict.fits is False:
                differing.add(fact.path)
                assert reported or about_the_batch(fact, found), (fact.path, fact.verdict, found)
                if any(rule == "FS310" or says(finding, fact) for rule, finding in reported):
                    said.add(fact.path)
            else:
                assert not (reported and fact.verdict.fits), (fact.path, fact.verdict, reported)
    assert set(found) <= differing, (found, differing)
    assert said == set(found), (found, said)


def says(finding: Finding, fact: DerivedFact) -> bool:
    """Whether a message has the derived value, in as many digits as rules write."""
    if fact.derived is None:
        return False
    if fact.name == "batch":
        return True  # the message lists the batches that would do
    texts = {fact.text, f"{fact.derived:,}"}
    for dimension in {fact.dimension, fact.claim.quantity.dimension if fact.claim else fact.dimension}:
        texts |= {format_value(fact.derived, dimension, digits) for digits in (4, 5, 6)}
    return any(text in finding.message for text in texts)


def rows_of(node: object) -> Iterator[FactRow]:
    """Yield every row of a page."""
    if isinstance(node, FactRow):
        yield node
    if is_dataclass(node) and not isinstance(node, type):
        for field in fields(node):
            yield from rows_of(getattr(node, field.name))
    elif isinstance(node, tuple | list):
        for part in node:
            yield from rows_of(part)
    elif isinstance(node, dict):
        for part in node.values():
            yield from rows_of(part)


def assert_the_page_agrees(sheet: SheetFields) -> None:
    """Compare every mark of the page with what `factsheet derive` says at some row; a claim that differs wins."""
    facts: dict[str, list[DerivedFact]] = {}
    for derivation in (recompute(sheet), *derivations(sheet)):
        for fact in claimed(derivation):
            facts.setdefault(fact.path, []).append(fact)
    page = PageSet(sheet).page("full")
    for row in rows_of(page):
        judged = [fact for fact in facts.get(row.path, ()) if fact.text and fact.verdict.fits is not None]
        if row.agreement is None:
            assert not judged, (row.path, judged)
            continue
        same = [fact for fact in judged if fact.verdict == row.agreement.verdict]
        assert row.agreement.words in {fact.verdict.sentence(fact.significant_text) for fact in same}
        assert row.agreement.check in {fact.verdict.mark for fact in same}
        assert row.agreement.verdict.fits is all(fact.verdict.fits for fact in judged)
    assert_the_table_of_points_agrees(page, sheet)


def assert_the_table_of_points_agrees(page: Page, sheet: SheetFields) -> None:
    """Compare the signs in the table of operating points with what `factsheet derive` says at each row."""
    tables = [
        block
        for made in page.sections
        for block in made.blocks
        if isinstance(block, TableBlock) and block.caption == "Operating points"
    ]
    if not tables:
        return
    (table,) = tables
    signs = [cell[-1] for row in table.rows for cell in row[1:] if cell[-1] in SYMBOLS.values()]
    expected = [
        SYMBOLS[fact.verdict.mark]
        for derivation in derivations(sheet)
        for fact in claimed(derivation)
        if fact.path in table.paths and fact.text and fact.verdict.fits is not None
    ]
    assert sorted(signs) == sorted(expected)


def assert_the_operators_agree(network: Network, derivation: Derivation) -> None:
    """Compare what `factsheet inspect` lists with the totals of `factsheet derive`."""
    tile, batch = derivation.tile, derivation.point.batch
    assert tile is not None
    rows = inspect(network, batch or 1, derivation.convention, tile)
    totals = derivation.totals
    assert sum(row.tiles or 0 for row in rows) == totals.tiles
    assert sum(row.weights for row in rows) == totals.analog_weights
    if not network.omitted:
        assert sum(row.parameters for row in rows) == totals.parameters
    if totals.total_ops is not None:
        assert sum(row.ops or 0 for row in rows) == totals.total_ops
        assert sum(row.ops or 0 for row in rows if row.on == "analog") == totals.analog_ops


@settings(
    deadline=None,
    max_examples=60,
    phases=(Phase.explicit, Phase.generate),  # to shrink a sheet takes minutes
    suppress_health_check=list(HealthCheck),
)
@given(sheets())
def test_every_way_to_ask_gives_the_same_value_and_verdict(data: Data) -> None:
    sheet = read(data)
    assert_verdicts_agree(sheet)
    assert_the_page_agrees(sheet)
    for derivation in derivations(sheet):
        architecture = sheet.model_architecture
        assert architecture is not None
        assert_the_operators_agree(declared_network(architecture, derivation.point.seq_len or 1), derivation)


TIED = {
    "transformer_decoder": {
        "layers": 2,
        "hidden_size": 64,
        "heads": 4,
        "intermediate_size": 96,
        "vocabulary": 1000,
        "tied_head": True,
    }
}


@pytest.mark.parametrize("family", FAMILIES)
@settings(deadline=None, max_examples=5, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_operators_of_every_family_add_up_to_the_derived_totals(family: str, data: st.DataObject) -> None:
    architecture = data.draw(architectures(family))
    rows = [{"seq_len": 8, "batch": 2}]
    sheet = read(bare(architecture, parameters={"tile": {"rows": 16, "cols": 16}, "operating_points": rows}))
    assert sheet.model_architecture is not None
    assert_the_operators_agree(declared_network(sheet.model_architecture, 8), recompute(sheet))


def test_a_tied_head_takes_its_tiles_wherever_one_asks() -> None:
    sheet = read(bare(TIED, parameters={"tile": {"rows": 64, "cols": 64}}))
    assert sheet.model_architecture is not None
    derivation = recompute(sheet)
    assert derivation.tile is not None
    network = declared_network(sheet.model_architecture, 1)
    head = [row for row in inspect(network, 1, derivation.convention, derivation.tile) if "head" in row.name]
    # 64 inputs to 1000 outputs on arrays of 64 by 64: 1 · 16 tiles.
    assert [row.tiles for row in head if row.tiles is not None] == [16]
    assert [layer.tiles for layer in derivation.layers if "head" in layer.name] == [16]
    assert_the_operators_agree(network, derivation)


BERT = {
    "transformer_encoder": {
        "layers": 12,
        "hidden_size": 768,
        "heads": 12,
        "intermediate_size": 3072,
        "vocabulary": 30522,
        "positions": 512,
        "token_types": 2,
        "pooler": True,
    }
}


def test_a_tolerance_counts_everywhere() -> None:
    # BERT-base with its pooler has 109,482,240 parameters (Hugging Face), 2.32 % more than 107 million.
    claim = {
        "value": "107 million",
        "tolerance": {"within": "5 %", "reason": "The pooler and the embeddings' positions are left out."},
    }
    sheet = read(bare(BERT, parameters={"parameters": claim}))
    assert findings(sheet) == {}
    derivation = recompute(sheet)
    (fact,) = claimed(derivation)
    assert (fact.path, fact.derived) == ("parameters.parameters", 109_482_240)
    assert fact.verdict.kind == "within_tolerance"
    assert fact.verdict.words == "within the stated tolerance"
    (row,) = (row for row in rows_of(build_page(sheet, "full", derivation)) if row.path == fact.path)
    assert row.agreement is not None
    assert row.agreement.check == "within tolerance"
    assert row.agreement.words == "recomputed: 109,482,240, within the stated tolerance"


def test_the_page_judges_every_claim_at_its_own_operating_point() -> None:
    # 2 · 128 · 4 · 12 · (4 · 768² + 2 · 768 · 3072) = 86.97 G ops; 4 / 0.76 ms = 5263 inferences/s; 1 / 400 J = 2.5 mJ.
    rows = [
        {"seq_len": 32, "batch": 4, "analog_ops": "21.74 G ops", "execution_time": "0.19 ms"},
        {"seq_len": 128, "batch": 4, "analog_ops": "49.97 G ops", "execution_time": "0.76 ms"},
    ]
    elsewhere = {"seq_len": 256, "batch": 4}
    performance = {
        "throughput": {"value": "31000 inferences/s", "at": {"seq_len": 128, "batch": 4}},
        "energy_per_inference": {"value": "2.00 mJ", "at": elsewhere},
        "energy_efficiency": {"value": "400 inferences/s/W", "at": elsewhere},
    }
    sheet = read(bare(BERT, parameters={"operating_points": rows}, performance=performance))
    page = PageSet(sheet).page("full")
    table = next(
        block
        for made in page.sections
        for block in made.blocks
        if isinstance(block, TableBlock) and block.caption == "Operating points"
    )
    assert ("Operations on analog tiles", "21.74 G ops ✓", "49.97 G ops ✗") in table.rows
    marks = {row.path: row.agreement.check for row in rows_of(page) if row.agreement is not None}
    assert marks["performance.throughput"] == "differs"
    assert marks["performance.energy_per_inference"] == "differs"
    labels = [working.label for working in page.workings if working.path.endswith(".analog_ops")]
    assert len(set(labels)) == 2
    assert all("sequence length" in label for label in labels)


def test_a_wrong_figure_is_no_witness_against_a_right_one() -> None:
    # 4 / 0.19 ms = 21,053 inferences/s, and 4 / (0.19 ms · 3.13 W) = 6726 inferences/s/W, [6543, 6919] by the digits.
    row = {
        "seq_len": 32,
        "batch": 4,
        "execution_time": "0.19 ms",
        "power": "3.13 W",
        "energy_efficiency": "6589 inferences/s/W",
        "throughput": "30000 inferences/s",
    }
    sheet = read(bare(BERT, parameters={"operating_points": [row]}))
    place = "parameters.operating_points[0]"
    assert list(findings(sheet)) == [f"{place}.throughput"]
    facts = {fact.path: fact.verdict.kind for fact in claimed(recompute(sheet))}
    assert facts == {
        f"{place}.throughput": "differs",
        f"{place}.energy_efficiency": "within_written",
        f"{place}.batch": "agrees",
    }


def test_a_wrong_batch_is_no_witness_either() -> None:
    # Published for a batch of 4; 1 / 6589 inferences/s/W is 0.1518 mJ, while 3.13 W · 0.19 ms / 1 would be 0.595 mJ.
    row = {
        "seq_len": 32,
        "batch": 1,
        "execution_time": "0.19 ms",
        "power": "3.13 W",
        "energy_efficiency": "6589 inferences/s/W",
    }
    at = {"seq_len": 32, "batch": 1}
    performance = {"energy_per_inference": {"value": "0.152 mJ", "at": at}}
    sheet = read(bare(BERT, parameters={"operating_points": [row]}, performance=performance))
    found = findings(sheet)
    assert {path: [rule for rule, _ in reported] for path, reported in found.items()} == {
        "parameters.operating_points[0].batch": ["FS207"]
    }
    facts = {fact.path: fact.verdict.kind for fact in claimed(recompute(sheet))}
    assert facts["performance.energy_per_inference"] == "rounds_to"
    assert facts["parameters.operating_points[0].batch"] == "differs"
    assert facts["parameters.operating_points[0].energy_efficiency"] == "differs"


def test_a_figure_of_no_point_is_not_compared_with_a_row_that_has_its_own() -> None:
    def row(seq_len: int, time: str, efficiency: str) -> Data:
        figures = {"execution_time": time, "power": "1.00 W", "energy_efficiency": efficiency}
        return {"seq_len": seq_len, "batch": 1, **figures}

    rows = [row(8, "1.00 ms", "1000 inferences/s/W"), row(32, "4.00 ms", "250 inferences/s/W")]
    performance = {"energy_efficiency": "250 inferences/s/W"}
    sheet = read(bare(BERT, parameters={"operating_points": rows}, performance=performance))
    assert findings(sheet) == {}
    fact = next(fact for fact in claimed(recompute(sheet)) if fact.path == "performance.energy_efficiency")
    assert fact.verdict.kind == "not_comparable"
    # With one row only there is no other that it could belong to.
    sheet = read(bare(BERT, parameters={"operating_points": rows[:1]}, performance=performance))
    assert [rule for reported in findings(sheet).values() for rule, _ in reported] == ["FS207"]


def test_a_witness_that_holds_counts_though_the_first_identity_is_too_coarse() -> None:
    # [0.5, 1.5] ms allow 667 to 2000 inferences/s and 333 to 1000 (±50 %) inferences/s/W; 1000 / 2.00 is 500.
    row = {
        "seq_len": 32,
        "batch": 1,
        "execution_time": "1 ms",
        "power": "2.00 W",
        "throughput": "1000.0 inferences/s",
        "energy_efficiency": "900 inferences/s/W",
    }
    sheet = read(bare(BERT, parameters={"operating_points": [row]}))
    path = "parameters.operating_points[0].energy_efficiency"
    assert list(findings(sheet)) == [path]
    fact = next(fact for fact in claimed(recompute(sheet)) if fact.path == path)
    assert (fact.verdict.kind, fact.formula) == ("differs", "throughput / power")
    assert fact.derived == pytest.approx(500)


@pytest.mark.parametrize(
    ("claim", "path", "words"),
    [
        # One matrix of 3 · 768 columns takes 2 fewer tiles of 512 by 512 in each of 12 blocks.
        ({"tiles": 456}, "parameters.tiles", "agrees if `fused_qkv: true`"),
        # Hugging Face's BertModel has a pooler, which is not stated here.
        ({"parameters": 109_482_240}, "parameters.parameters", "agrees if `pooler: true`"),
        # 768 weights and a bias for each of two labels more than without.
        (
            {"parameters": 109_482_240 - 768 * 769 + 2 * 769},
            "parameters.parameters",
            "agrees if an output layer of 2 values counts",
        ),
    ],
)
def test_derive_names_the_interpretation_that_explains_a_claim(claim: Data, path: str, words: str) -> None:
    silent = {key: value for key, value in BERT["transformer_encoder"].items() if key != "pooler"}
    parameters = {"tile": {"rows": 512, "cols": 512}, **claim}
    sheet = read(bare({"transformer_encoder": silent}, parameters=parameters))
    assert findings(sheet) == {}
    derivation = recompute(sheet)
    fact = next(fact for fact in claimed(derivation) if fact.path == path)
    assert fact.verdict.words == words
    assert_the_page_agrees(sheet)
