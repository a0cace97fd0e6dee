"""Claims among published designs: places that were counted by hand, bits, classes, the warning."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.api.fact_sheet import FactSheet, load, loads
from factsheet.cli.hardware.field_tables import field_data, field_table
from factsheet.hardware.profile import profile_of
from factsheet.hardware.survey.designs import FILE, survey
from factsheet.hardware.survey.profile_claims import profile_in_field
from factsheet.hardware.survey.standing import (
    ALL_CLASSES,
    FEWEST,
    FieldClaim,
    FieldClass,
    Precision,
    best_points,
    classes_of,
    one_bit_text,
    place_data,
    standing_of,
    standings_of,
)
from factsheet.quantities.interval import Interval

if TYPE_CHECKING:
    from factsheet.hardware.survey.designs import DesignLevel, MemoryKind

PCM = "hardware: {inference: {technology: phase-change memory}}"
SHEETS = Path(__file__).parents[2] / "sheets"


def bits(number: float) -> Precision:
    return Precision(number, number, "stated")


def efficiency(
    tops_per_watt: float, inputs: float, weights: float, *, level: DesignLevel, memory: MemoryKind
) -> FieldClaim:
    value = tops_per_watt * 1e12
    return FieldClaim("efficiency", Interval(value, value), bits(inputs), bits(weights), level, memory)


@pytest.mark.parametrize(
    ("design", "claim", "one_bit", "below", "designs"),
    [
        # TOPS/W and bits are in the titles of the papers, but for HERMES (doi:10.1109/jssc.2022.3140414, abstract; the
        # survey counts weights of 4 bits). How many of the class are below was counted in a sorted list of the survey's
        # own file (Benchmarking_Data.csv), each design by its best row:
        # macros of eNVM and eFlash: 5.1 8.48 24.1 26.56 41.6 56.67 63.3 117.6 159.51 | 336 462.88 532 762.24 | 1312
        # 1324.8 | 1382.4 3996.
        (49, efficiency(10.5, 8, 4, level="macro", memory="non-volatile"), 336, 9, 17),
        # Khwa, ISSCC 2022: "8b-Precision ... with 20.5 - 65.0TOPS/W"
        (60, efficiency(20.5, 8, 8, level="macro", memory="non-volatile"), 1312, 13, 17),
        # Hung, ISSCC 2022: "Binary-to-8b Precision ... with 1286.4-21.6TOPS/W"
        (61, efficiency(21.6, 8, 8, level="macro", memory="non-volatile"), 1382.4, 15, 17),
        # Dong, ISSCC 2020: "A 351TOPS/W ... SRAM Macro in 7nm", 4 bits; above it are 5796 and 19635.
        (2, efficiency(351, 4, 4, level="macro", memory="static"), 5616, 34, 37),
        # Keller, VLSI 2022: "17-95.6 TOPS/W ... 4-bit"; above are 2192, 2995.2, 4950.4, 6796.8, 8179.2.
        (82, efficiency(95.6, 4, 4, level="accelerator", memory="digital"), 1529.6, 26, 32),
    ],
)
def test_places_that_were_counted_by_hand(
    design: int, claim: FieldClaim, one_bit: float, below: int, designs: int
) -> None:
    assert claim.one_bit.low == claim.one_bit.high == pytest.approx(one_bit * 1e12)
    narrowest = standings_of(claim)[0]
    assert (narrowest.below, narrowest.designs) == ((below, below), designs)
    assert not narrowest.beyond
    # Its own place: the design itself is the next one that is not below it.
    ranked = best_points("efficiency", narrowest.within)
    assert ranked[below][1].design == design
    assert ranked[below][0] == pytest.approx(one_bit * 1e12)


def test_the_tile_of_a_profile_is_found_at_its_own_place_in_the_survey() -> None:
    # HERMES core: 10.5 TOPS/W and 1.59 TOPS/mm² with inputs of 8 bits (doi:10.1109/jssc.2022.3140414, abstract); the
    # survey has 336 TOPS/W and 50.88 TOPS/mm² of 1 bit for it, of weights of 4 bits.
    places = {found.claim.metric: found for found in profile_in_field(profile_of("hermes-64"))}
    for metric, value in (("efficiency", 336e12), ("density", 50.88e18)):
        found = places[metric]  # type: ignore[index]  # a metric
        assert found.claim.precise
        assert found.claim.one_bit.low == pytest.approx(value)
        assert "the survey, for R. Khaddam-Aljameh et al." in found.claim.weights.words
    assert places["efficiency"].standings[0].below == (9, 9)
    assert (
        places["density"].standings[0].best.design == 49
    )  # the densest of all macros with non-volatile memory


def test_the_survey_is_whole_and_keeps_its_notice() -> None:
    # 144 operating points of 106 designs (the README of the data that it came with), MIT licence of its repository.
    known = survey()
    assert (len(known.points), known.designs, known.date) == (144, 106, "2024-11-17")
    licence = FILE.with_name("LICENSE").read_text(encoding="utf-8")
    assert licence.startswith("MIT License")
    assert "Naresh R. Shanbhag, Saion K. Roy, and Han-Mo Ou" in licence
    assert "The above copyright notice and this permission notice shall be included" in licence
    assert known.copyright in field_table()
    assert field_data()["survey"]["copyright"] == known.copyright  # type: ignore[call-overload,index]


def test_macro_processor_and_accelerator_are_told_apart() -> None:
    classes = {
        level: {point.design for _, point in best_points("efficiency", FieldClass(level))}
        for level in ("macro", "processor", "accelerator")
    }
    assert {level: len(found) for level, found in classes.items()} == {
        "macro": 56,
        "processor": 19,
        "accelerator": 32,
    }
    assert not classes["macro"] & classes["processor"]
    in_memory = {point.design for _, point in best_points("efficiency", FieldClass(None))}
    assert in_memory == classes["macro"] | classes["processor"]


@given(
    value=st.floats(1e6, 1e20),
    inputs=st.integers(1, 16),
    weights=st.integers(1, 16),
    within=st.sampled_from(ALL_CLASSES),
)
def test_a_place_is_a_count_and_more_bits_never_lower_it(
    value: float, inputs: int, weights: int, within: FieldClass
) -> None:
    claim = FieldClaim(
        "efficiency", Interval(value, value), Precision(1, inputs, ""), Precision(1, weights, ""), None
    )
    found = standing_of(claim, within)
    values = [known for known, _ in best_points("efficiency", within)]
    assert found.below[0] == sum(known < value * (1 - 1e-12) for known in values)
    assert 0 <= found.below[0] <= found.below[1] <= found.designs == len(values)
    assert found.beyond == (value > values[-1] * (1 + 1e-12))


def test_a_class_of_few_designs_is_widened() -> None:
    # Two processors with non-volatile memory are in the survey (72 and 108).
    claim = efficiency(36, 8, 8, level="processor", memory="non-volatile")
    assert len(best_points("efficiency", FieldClass("processor", "non-volatile"))) == 2 < FEWEST
    assert [within.words for within in classes_of(claim)] == [
        "in-memory processors",
        "in-memory designs with non-volatile memory",
    ]


def sheet(text: str) -> FactSheet:
    head = "factsheet: 1\noverview: {name: A, model: A}\nprovenance: {source: declared}\n"
    return loads(head + text)


def warnings(checked: FactSheet) -> list[str]:
    return [found.message for found in checked.check() if found.rule_id == "FS259"]


def test_ten_thousand_at_eight_bits_is_warned_of_and_the_published_sheet_is_not() -> None:
    claim = (
        "inference_methodology: {dac_bits: 8}\nhwa_training: {weight_bits: 8}\n"
        "performance: {tops_per_watt: 10000 TOPS/W}\n"
    )
    (message,) = warnings(sheet(claim))
    # 10,000 · 64 over the best processor, 6,582.8 TOPS/W of 1 bit (design 124, Zhao, CICC 2023).
    assert "640,000 TOPS/W in operations of 1 bit (× 8 × 8 bits), 97.2 times the best of 19" in message
    assert "6,583 TOPS/W, Yuanzhe Zhao et al., CICC 2023" in message
    assert not warnings(load(SHEETS / "bert.yaml"))


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        # Without bits an operation counts once, the least it can: 10,000 is above every processor all the same.
        ("performance: {tops_per_watt: 10000 TOPS/W}", 1),
        ("performance: {tops_per_watt: 6500 TOPS/W}", 0),
        ("performance: {tops_per_watt: 6 to 7 POPS/W}", 0),
        ("performance: {tops_per_watt: 6.6 to 7 POPS/W}", 1),
        ("performance: {tops_per_watt: up to 10000 TOPS/W}", 0),
        # Of arrays alone: macros reach 19,635 TOPS/W of 1 bit (design 33).
        ("performance: {energy_boundary: tile, tops_per_watt: 10000 TOPS/W}", 0),
        ("performance: {energy_boundary: tile, tops_per_watt: 20000 TOPS/W}", 1),
        # With phase-change memory they reach 3,996 (design 119).
        (f"{PCM}\nperformance: {{energy_boundary: tile, tops_per_watt: 10000 TOPS/W}}", 1),
        # What comes from the wall is held to processors, which take less.
        ("performance: {energy_boundary: wall, tops_per_watt: 10000 TOPS/W}", 1),
    ],
)
def test_what_is_warned_of(text: str, warned: int) -> None:
    assert len(warnings(sheet(text))) == warned


@pytest.mark.parametrize(
    ("row", "elsewhere"),
    [
        # Each is 1 T ops in 1 ms at 1 mW: 1,000,000 TOPS/W.
        ("execution_time: 1 ms, power: 1 mW", ""),
        ("energy: 1 µJ", ""),
        ("energy_efficiency: 1 M inferences/s/W", ""),
        ("", "performance: {energy_per_inference: 1 µJ}"),
        ("execution_time: 1 ms", "performance: {tops_per_watt: 1000000 TOPS/W}"),
    ],
)
def test_every_way_to_imply_an_efficiency_is_read(row: str, elsewhere: str) -> None:
    point = f"seq_len: 1, batch: 1, total_ops: 1 T ops{', ' if row else ''}{row}"
    (message,) = warnings(sheet(f"parameters: {{operating_points: [{{{point}}}]}}\n{elsewhere}"))
    assert "POPS/W" in message or "1000000 TOPS/W" in message


def test_derive_says_where_a_claim_is_and_what_its_bits_rest_on() -> None:
    derived = load(SHEETS / "bert.yaml").derive()
    stated, density, modelled = derived.in_field
    # 21.84 G ops · 6589 inferences/s/W / 4, with inputs of 8 bits and weights of 1 to 8.
    assert stated.claim.one_bit.low == pytest.approx(21.84e9 * 6589 / 4 * 8)
    assert stated.claim.one_bit.high == pytest.approx(21.84e9 * 6589 / 4 * 64)
    assert stated.claim.inputs.words == "profile ibm-2022"
    assert "not stated" in stated.claim.weights.words
    assert density.claim.metric == "density"
    assert density.claim.value.low == pytest.approx(21.84e9 / 0.19e-3 / 780.4e-6)
    assert modelled.path == ("chip", "tops_per_watt")
    assert len(load(SHEETS / "bert.yaml").derive(hardware="hermes-64").in_field) == 1


def test_what_follows_from_a_measured_energy_comes_before_the_models_bound() -> None:
    # Jia et al. 2020, table: 5.31 uJ an image; with the operations that are counted here (two for each product).
    derived = load(SHEETS / "atlas" / "princeton-b.yaml").derive()
    implied, modelled = derived.in_field
    total = next(fact.derived for fact in derived.facts if fact.name == "total_ops")
    assert total is not None
    assert implied.claim.value.low == pytest.approx(total / 5.31e-6)
    assert implied.claim.bound == ""
    assert "energy = 174.1 TOPS/W" in implied.words
    # The profile has no energy of what the chip draws all the time, so that its efficiency is the most that can be.
    assert modelled.claim.bound == "at most"
    assert modelled.words.startswith("at most ")
    assert modelled.standings[0].words.startswith("above at most 2 of 16 ")
    assert place_data(modelled.claim, modelled.standings)["bound"] == "at most"


def test_what_is_at_most_so_much_is_not_beyond_every_design() -> None:
    claim = efficiency(10_000, 8, 8, level="processor", memory="non-volatile")
    stated, bound = standings_of(claim)[0], standings_of(claim._replace(bound="at most"))[0]
    assert stated.beyond
    assert "100 %" not in stated.words
    assert stated.words == "beyond all 19 in-memory processors: 97.2 times the best"
    assert not bound.beyond


def test_the_efficiency_of_a_whole_system_is_among_processors() -> None:
    # Bruschi et al. 2023, section VI: 6.5 TOPS/W of the whole system, which the profile has as its tile's.
    (whole,) = profile_in_field(profile_of("bruschi-512"))
    assert whole.claim.level == "processor"
    # 100 TOPS/W are of the arrays of ibm-2022, whatever else its profile covers.
    levels = {found.claim.level for found in profile_in_field(profile_of("ibm-2022"))}
    assert levels == {"macro"}


def test_figures_of_the_field_are_written_alike() -> None:
    texts = [one_bit_text(value, "efficiency") for value in (5.1e12, 19635e12, 531.7e9, 1e21)]
    assert texts == ["5.1 TOPS/W", "19,635 TOPS/W", "0.5317 TOPS/W", "1,000,000,000 TOPS/W"]
    table = field_table()
    assert re.search(r"hermes-64 +10\.5 TOPS/W +8 × 4 +336 TOPS/W +above 9 of 17", table)
