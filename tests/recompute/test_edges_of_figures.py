"""Figures at their edges: what a fact keeps of its digits, which energy is a sheet's own, what full tiles give."""

from __future__ import annotations

from math import inf
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from factsheet.crossbar.mapping import TileShape
from factsheet.errors import DeriveError
from factsheet.hardware.chip import profile_from
from factsheet.networks.counting import DEFAULT, convention_named
from factsheet.networks.operators import Network, StaticMatmul
from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute import facts, inspection, verdict
from factsheet.recompute.baselines.beside import date_of, own_energy
from factsheet.recompute.baselines.footprint import tariff_of
from factsheet.recompute.chip_estimate import ChipEstimate, estimate_chip, on_chips, uses_not_stated
from factsheet.recompute.claims import Claim
from factsheet.recompute.derivations.chip import PREFIX
from factsheet.recompute.explanation import explain
from factsheet.recompute.facts import Arithmetic, DerivedFact, GivenNumber, Key
from factsheet.recompute.operating_grid import GridPoint, OperatingGrid
from factsheet.recompute.published import hold
from factsheet.recompute.request import Request
from factsheet.recompute.verdict import Verdict, apart, not_comparable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from factsheet.crossbar.cost.figures import Bound
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.recompute.derivation import Derivation
    from factsheet.sheet.model import SheetFields

ENERGY = Key("energy_per_inference", "performance.energy_per_inference", "energy")
FROM_CLAIMS = Arithmetic(formula="power / throughput", standing="claims")


def claim(text: str, dimension: str = "energy", **more: Any) -> Claim:
    return Claim(path=("performance", "x"), quantity=parse_quantity(text, dimension), **more)


@pytest.mark.parametrize(
    ("value", "claimed", "words"),
    [
        # To three digits, and written out: 5 of 109,482,240 are 0.00000457 %.
        (109_482_245, 109_482_240, "0.00000457 % more"),
        (109_482_235, 109_482_240, "0.00000457 % less"),
        (999.6, 1, "1,000 times as much"),
        (1, 999.6, "1,000 times less"),
        (999.4, 1, "999 times as much"),
        (12_345, 1, "12,345 times as much"),
        (2.5, 1, "2.5 times as much"),
    ],
)
def test_how_far_apart_is_written_without_powers_of_ten(value: float, claimed: float, words: str) -> None:
    assert apart(value, claimed) == words


def fact(value: float, claimed: str, found: Verdict, **more: Any) -> DerivedFact:
    return facts.derived(ENERGY, value, FROM_CLAIMS, claim=claim(claimed), verdict=found, **more)


def derivation_of(*known: DerivedFact, chip: tuple[DerivedFact, ...] = (), **more: Any) -> Derivation:
    made = {"facts": known, "chip_facts": chip, "chip": ChipEstimate(), "digital": None, **more}
    return cast("Derivation", SimpleNamespace(**made))


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (Verdict(kind="agrees"), ": the same"),
        (Verdict(kind="rounds_to"), ": the derived value rounds to it (relative difference +50.00%)"),
        (
            Verdict(kind="agrees", interpretation="a bias counts", why="not said"),
            ": the same if a bias counts",
        ),
        (
            Verdict(kind="within_tolerance", why="Other layers."),
            ": inside the tolerance that the sheet states (Other layers.) (relative difference +50.00%)",
        ),
        (
            Verdict(kind="within_tolerance"),
            ": inside the tolerance that the sheet states (relative difference +50.00%)",
        ),
        (
            Verdict(kind="differs", why="of no tolerance"),
            ": they differ (relative difference +50.00%)",
        ),
        (not_comparable("no batch"), ""),
    ],
)
def test_the_claim_is_explained_by_its_verdict(found: Verdict, line: str) -> None:
    lines = explain(derivation_of(fact(3e-3, "2 mJ", found)), "energy_per_inference")
    assert f"the sheet claims 2 mJ{line}" in lines  # 3 of 2 mJ


def test_a_claim_of_nothing_has_no_relative_difference() -> None:
    lines = explain(derivation_of(fact(3e-3, "0 mJ", Verdict(kind="differs"))), "energy_per_inference")
    assert "the sheet claims 0 mJ: they differ" in lines


def test_a_name_that_is_unknown_is_refused_with_those_that_are() -> None:
    known = derivation_of(fact(3e-3, "2 mJ", Verdict(kind="differs")))
    with pytest.raises(DeriveError) as caught:
        explain(known, "energy_per_inferenc")
    assert caught.value.help == "did you mean `energy_per_inference` or `performance.energy_per_inference`?"
    with pytest.raises(DeriveError) as caught:
        explain(known, "zzz")
    assert (caught.value.help, caught.value.candidates) == ("the facts are energy_per_inference", ())


@pytest.mark.parametrize(
    ("found", "note", "expected"),
    [
        (Verdict(kind="agrees", interpretation="a bias counts"), "n", "n; the claim fits if a bias counts"),
        (Verdict(kind="within_tolerance", why="Other."), "", "the sheet accepts the difference: Other."),
        (Verdict(kind="within_tolerance"), "n", "n"),
        (Verdict(kind="differs", why="Other."), "n", "n"),
        (not_comparable("no batch"), "n", "n; not compared: no batch"),
        (not_comparable("no batch"), "as no batch is stated", "as no batch is stated"),
        (Verdict(kind="differs", why="no batch"), "", ""),
    ],
)
def test_a_note_says_what_a_verdict_rests_on(found: Verdict, note: str, expected: str) -> None:
    assert fact(3e-3, "2 mJ", found, note=note).note == expected


@pytest.mark.parametrize(
    ("bound", "text", "reach", "kind"),
    [
        # 3 mJ at least may be the 4 mJ of the sheet, and 3 mJ at most may not.
        ("at least", "at least 3 mJ", Interval(3e-3, inf), "within_written"),
        ("at most", "at most 3 mJ", Interval(0.0, 3e-3), "differs"),
        ("of the parts known", "3 mJ", None, "not_comparable"),
        (None, "3 mJ", None, "differs"),
    ],
)
def test_a_bound_of_a_model(bound: Bound | None, text: str, reach: Interval | None, kind: str) -> None:
    made = facts.modelled(ENERGY, 3e-3, FROM_CLAIMS, claim=claim("4 mJ"), bound=bound)
    assert (made.text, made.reach, made.verdict.kind) == (text, reach, kind)
    free = facts.modelled(ENERGY, 3e-3, FROM_CLAIMS, bound=bound)
    assert free.verdict.kind == "unclaimed"


@pytest.mark.parametrize(
    ("given", "bound", "kind"),
    [
        ("agrees", "at least", "within_written"),  # judged again by what can be more
        ("not_comparable", "at least", "not_comparable"),
        ("agrees", "at most", "agrees"),
        ("agrees", None, "agrees"),
        ("agrees", "of the parts known", "agrees"),
    ],
)
def test_a_given_verdict_stays_but_for_one_of_what_can_be_more(
    given: verdict.VerdictKind, bound: Bound | None, kind: str
) -> None:
    made = facts.modelled(
        ENERGY, 3e-3, FROM_CLAIMS, claim=claim("4 mJ"), verdict=Verdict(kind=given), bound=bound
    )
    assert made.verdict.kind == kind


@pytest.mark.parametrize(
    ("reach", "kind", "standing", "about", "text"),
    [
        # 594.7 µJ of 562.5 to 627 µJ: 32 µJ either way leave the tens open.
        (Interval(562.5e-6, 627e-6), "differs", "claims", "approx. 0.19 ms", "approx. 590 µJ"),
        (Interval(562.5e-6, 627e-6), "differs", "claims", "0.19 ms", "590 µJ"),
        (Interval(562.5e-6, 627e-6), "differs", "structure", "0.19 ms", "594.7 µJ"),
        (Interval(562.5e-6, 627e-6), "agrees", "claims", "0.19 ms", "594.7 µJ"),
        (Interval(562.5e-6, 627e-6), "rounds_to", "claims", "0.19 ms", "594.7 µJ"),
        (Interval(562.5e-6, 627e-6), "within_written", "claims", "0.19 ms", "590 µJ"),
        # 3 µJ either way leave the units open: three digits; 0.3 µJ leave four, which is all that is written.
        (Interval(592e-6, 598e-6), "differs", "claims", "0.19 ms", "595 µJ"),
        (Interval(594.4e-6, 595e-6), "differs", "claims", "approx. 0.19 ms", "594.7 µJ"),
        # More than the figure itself: one digit is kept.
        (Interval(0.0, 9000e-6), "differs", "claims", "0.19 ms", "600 µJ"),
        (Interval(594.7e-6, 594.7e-6), "differs", "claims", "0.19 ms", "594.7 µJ"),
        (Interval(594.7e-6, inf), "differs", "claims", "0.19 ms", "594.7 µJ"),
        (None, "differs", "claims", "0.19 ms", "594.7 µJ"),
    ],
)
def test_readers_get_the_digits_that_the_claims_allow(
    reach: Interval | None, kind: verdict.VerdictKind, standing: facts.Standing, about: str, text: str
) -> None:
    inputs = (GivenNumber("power", "3.13 W", "a"), GivenNumber("execution time", about, "b"))
    made = facts.derived(
        ENERGY,
        594.7e-6,
        Arithmetic(formula="power · execution time", inputs=inputs, standing=standing),
        claim=claim("500 µJ"),
        verdict=Verdict(kind=kind),
        reach=reach,
        digits=4,
    )
    assert made.significant_text == text


# What a sheet's own hardware takes.


def own(
    *known: DerivedFact, chip: tuple[DerivedFact, ...] = (), maturity: str | None = None, **more: Any
) -> Any:
    stated = None if maturity is None else SimpleNamespace(text=maturity)
    inference = SimpleNamespace(inference=SimpleNamespace(maturity=stated))
    sheet = cast("SheetFields", SimpleNamespace(hardware=inference))
    return own_energy(derivation_of(*known, chip=chip, **more), sheet)


@pytest.mark.parametrize(
    ("reach", "kept"),
    [
        (Interval(1e-3, 4e-3), True),
        (Interval(0.0, 4e-3), False),  # nothing can be divided by what may be nothing
        (Interval(-1e-3, 4e-3), False),
        (Interval(1e-3, inf), False),
        (Interval(3e-3, 3e-3), False),  # no range
        (None, False),
    ],
)
def test_the_range_of_an_energy_is_one_that_can_be_divided_by(reach: Interval | None, kept: bool) -> None:
    made = facts.derived(ENERGY, 3e-3, FROM_CLAIMS, reach=reach, note="assumed")
    found = own(made)
    assert (found.energy_j, found.latency_s, found.note) == (3e-3, None, "assumed")
    assert found.source == "from the sheet's figures: power / throughput"
    assert found.energy_reach == (reach if kept else None)


def test_what_the_sheet_says_comes_before_what_follows() -> None:
    found = own(fact(3e-3, "2.0 mJ", Verdict(kind="differs")), maturity="a  prototype\n of one tile")
    # 2.0 mJ is 1.95 to 2.05 mJ.
    assert (found.energy_j, found.source) == (2e-3, "as the sheet says, 2.0 mJ")
    assert (found.energy_reach.low, found.energy_reach.high) == pytest.approx((1.95e-3, 2.05e-3))
    assert found.maturity == "a prototype of one tile"
    assert own(fact(3e-3, "2.0 mJ", Verdict(kind="differs"))).maturity == ""


def test_an_energy_of_nothing_is_none() -> None:
    # Ratios are of it.
    assert own(fact(0.0, "0 mJ", Verdict(kind="agrees"))) is None
    assert own(fact(3e-3, "0 mJ", Verdict(kind="differs"))).energy_j == 3e-3
    assert own() is None
    assert own(facts.underivable(ENERGY, "no power")) is None


def test_a_digital_device_is_no_hardware_of_the_sheets_own() -> None:
    assert own(facts.derived(ENERGY, 3e-3, FROM_CLAIMS), digital=SimpleNamespace()) is None


def test_the_model_of_the_chip_comes_before_what_the_sheet_says() -> None:
    key = Key(f"{PREFIX}energy_per_inference", "derived.energy", "energy")
    time = facts.derived(Key(f"{PREFIX}latency", "derived.latency", "time"), 1e-3, FROM_CLAIMS)
    modelled = facts.derived(key, 5e-3, FROM_CLAIMS, note="of all")
    chip = ChipEstimate(profile=cast("Any", SimpleNamespace(name="own")))
    said = fact(3e-3, "2.0 mJ", Verdict(kind="differs"))
    found = own(said, chip=(modelled, time))
    assert found.energy_j == 2e-3  # no profile: nothing models it
    found = own_energy(
        cast(
            "Derivation",
            SimpleNamespace(facts=(said,), chip_facts=(modelled, time), chip=chip, digital=None),
        ),
        cast("SheetFields", SimpleNamespace(hardware=None)),
    )
    assert found is not None
    assert found[:4] == (5e-3, 1e-3, "estimated with hardware profile own", "of all")
    assert (found.energy_reach, found.latency_reach, found.maturity) == (None, None, "")


@pytest.mark.parametrize(
    ("source", "date"),
    [
        ("NVIDIA, FasterTransformer (2023-04-27), table 2", "2023-04"),
        ("of (1999-04-27)", ""),
        ("2023-04-27", ""),
    ],
)
def test_the_date_of_a_table_is_the_one_in_brackets(source: str, date: str) -> None:
    kernel = SimpleNamespace(kernel_time=SimpleNamespace(source=source))
    assert date_of(cast("DigitalProfile", SimpleNamespace(description=kernel))) == date


@pytest.mark.parametrize(
    ("price", "value"), [("1000", 1000.0), ("0.000001", 0.000001), (" 0.5 CHF/kWh ", 0.5)]
)
def test_prices_up_to_the_ends_of_what_is_taken(price: str, value: float) -> None:
    assert tariff_of(price).price == value


@pytest.mark.parametrize("price", ["1000.1", "0.0000001", "0.000000", "1234567"])
def test_a_price_beyond_them_is_refused_by_its_first_forty_characters(price: str) -> None:
    with pytest.raises(DeriveError, match=f"^`{price}` is no price of a kWh"):
        tariff_of(price)
    with pytest.raises(DeriveError) as caught:
        tariff_of("x" * 41)
    assert caught.value.message == f"`{'x' * 40}` is no price of a kWh"


# Grids, chips and rows.


@pytest.mark.parametrize("time", [None, 0.0, 1e-3])
def test_a_grid_has_times_where_a_point_has_one(time: float | None) -> None:
    grid = OperatingGrid((8, 16), (1,), (GridPoint(8, 1), GridPoint(16, 1, latency_s=time)), "")
    assert grid.has_latency is (time is not None)
    assert grid.at(16, 1) is grid.points[1]
    assert grid.at(16, 2) is None
    assert grid.at(32, 1) is None


@pytest.mark.parametrize(
    ("chips", "each", "together"),
    [(None, "", ""), (1, "", ""), (2, ", on 2 chips", ", of all 2 chips together")],
)
def test_several_chips_are_said(chips: int | None, each: str, together: str) -> None:
    sizes = None if chips is None else cast("Any", SimpleNamespace(chips=chips))
    made = ChipEstimate(sizes=sizes)
    assert (on_chips(made, together=False), on_chips(made, together=True)) == (each, together)


@pytest.mark.parametrize(
    ("names", "words"), [(["a"], "a"), (["a", "b"], "a and 1 more"), (["a", "b", "c"], "a and 2 more")]
)
def test_matrices_of_unknown_use_are_counted(names: list[str], words: str) -> None:
    assert uses_not_stated(names) == f"how often an inference uses {words} is not stated"


@pytest.mark.parametrize("network", [None, Network("own", operators=())])
def test_without_a_network_there_is_no_estimate(network: Network | None) -> None:
    profile = cast("Any", SimpleNamespace(name="own"))
    found = estimate_chip(
        profile,
        "given",
        network,
        batch=1,
        tile=None,
        convention=convention_named(DEFAULT),
        request=Request(),
        no_network="it is not declared",
        no_point="",
        another=True,
    )
    assert found == ChipEstimate(profile, "given", problem="it is not declared", another=True)


def test_rows_that_are_alike_are_put_together_and_one_alone_keeps_its_name() -> None:
    matrices = [StaticMatmul(f"layer.{i}.query", f"layer.{i}", 8, 4, calls=3) for i in range(2)]
    network = Network("own", operators=(*matrices, StaticMatmul("layer.0.output", "layer.0", 4, 8, calls=3)))
    convention = convention_named(DEFAULT)
    rows = inspection.inspect(network, 5, convention, TileShape(16, 16))
    assert [(row.name, row.count, row.rows, row.cols, row.calls) for row in rows] == [
        ("layer.*.query", 2, 8, 4, 15),  # 3 vectors of each of 5 sequences
        ("layer.0.output", 1, 4, 8, 15),
    ]
    assert [(row.tiles, row.weights, row.utilisation) for row in rows] == [(2, 64, 0.125), (1, 32, 0.125)]
    (layer,) = inspection.inspect(network, 5, convention, TileShape(16, 16), depth=1)
    assert (layer.name, layer.count, layer.tiles, layer.weights) == ("layer.*", 3, 3, 96)
    assert (layer.rows, layer.calls, layer.ops) == (None, 15, 2 * 3 * 32 * 15)  # two operations a MAC


# What full tiles give: 100 x 50 weights, 100 ns a product.

PROFILE = """\
profile: 1
name: own
title: A chip of the tests
rows: {value: 100, unit: weights, standing: published, source: a test}
cols: {value: 50, unit: weights, standing: published, source: a test}
devices_per_weight: {value: 2, unit: devices, standing: published, source: a test}
times:
  mvm: {value: 100, unit: ns, standing: published, source: a test}
tiles_per_chip: {value: 10, unit: tiles, standing: published, source: a test}
"""


def quoted(value: object, unit: str) -> str:
    return f"{{value: {value}, unit: {unit}, standing: published, source: a test}}"


@pytest.fixture
def peak(tmp_path: Path) -> Callable[..., Any]:
    def of(what: str, unit: str, more: str, of: str = "chip", at: str = "") -> Any:
        result = (
            f"{{what: {what}, of: {of}, value: 1, unit: {unit}, standing: published, source: a test{at}}}"
        )
        (tmp_path / "own.yaml").write_text(f"{PROFILE}{more}\nvalidation: [{result}]\n", encoding="utf-8")
        (found,) = hold(profile_from(str(tmp_path / "own.yaml")))
        return found

    return of


CELLS = f"tile: {{mvm_energy: {quoted(2, 'nJ')}, area: {quoted(0.5, 'mm²')}, overhead_area: {quoted(0.1, 'mm²')}}}"
PORTS = f"{CELLS}\nports: {{energy: {quoted(2, 'pJ')}, output: {quoted(6, 'pJ')}}}"


@pytest.mark.parametrize(
    ("what", "unit", "more", "of", "at", "value"),
    [
        ("mvm_energy", "nJ", CELLS, "tile", "", 2e-9),
        # Two pJ into each of 100 rows and six out of each of 50 columns: half a nJ more.
        ("mvm_energy", "nJ", PORTS, "tile", "", 2.5e-9),
        # In three phases the cells take three times as much, and what is moved is moved once.
        ("mvm_energy", "nJ", PORTS, "tile", ", at: {phases: 3}", 6.5e-9),
        ("mvm_energy", "nJ", PORTS, "tile", ", product_alone: true", 2e-9),
        ("mvm_time", "ns", CELLS, "tile", ", at: {phases: 3}", 300e-9),
        # 2 · 100 · 50 operations in 100 ns.
        ("rate", "TOPS", CELLS, "tile", "", 0.1e12),
        ("rate", "TOPS", CELLS, "chip", ", at: {phases: 2}", 0.5e12),
        ("power", "W", CELLS, "chip", "", 0.2),
        ("power", "W", PORTS, "tile", "", 0.025),
        # Energy that takes as long as there are phases: 6.5 nJ in 300 ns.
        ("power", "W", PORTS, "tile", ", at: {phases: 3}", 6.5 / 300),
        ("efficiency", "TOPS/W", PORTS, "chip", "", 1e4 / 2.5e-9),
        ("efficiency", "TOPS/W", PORTS, "tile", ", at: {phases: 3}", 1e4 / 6.5e-9),
        ("area", "mm²", CELLS, "tile", "", 0.6e-6),
        ("area", "mm²", CELLS, "chip", "", 6e-6),
        ("density", "TOPS/mm²", CELLS, "chip", "", 1e12 / 6e-6),
    ],
)
def test_full_tiles(
    peak: Callable[..., Any], what: str, unit: str, more: str, of: str, at: str, value: float
) -> None:
    assert peak(what, unit, more, of, at).model == pytest.approx(value)


@pytest.mark.parametrize(
    ("what", "unit", "missing"),
    [("mvm_energy", "nJ", "cell energy"), ("power", "W", "tile power"), ("area", "mm²", "tile area")],
)
def test_a_constant_that_a_profile_lacks_is_named(
    peak: Callable[..., Any], what: str, unit: str, missing: str
) -> None:
    found = peak(what, unit, "", "tile")
    assert (found.model, found.rests_on, found.note) == (None, None, f"the profile gives no {missing}")
