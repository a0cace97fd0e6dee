"""What `check` finds in profiles whose form is right: values that cannot be, contradictions, gaps."""

from __future__ import annotations

import pytest
from own_profiles import SIDES, checked, figure

from factsheet.hardware.checking import check_profile
from factsheet.hardware.profile import profile_names, profile_of

ENOUGH = f"""
shares_tiles: {{value: false, standing: published, source: A paper}}
tiles_per_chip: {figure(10, "tiles")}
digital: {{efficiency: {figure(6, "TOPS/W")}}}
"""


def found(more: str) -> list[tuple[str, str, int, str]]:
    """Id, severity, line below the tile's own, and message of every finding."""
    lines = SIDES.count("\n")
    return [
        (one.id, one.severity, one.problem.span.line - lines, one.problem.message)
        for one in checked(SIDES + more).findings
    ]


@pytest.mark.parametrize("name", profile_names())
def test_bundled_profiles_have_neither_errors_nor_warnings(name: str) -> None:
    assert {one.severity for one in check_profile(lambda: profile_of(name)).findings} <= {"info"}


def test_a_profile_with_everything_has_no_findings() -> None:
    tile = (
        f"tile: {{rate: {figure(1, 'TOPS')}, efficiency: {figure(20, 'TOPS/W')}, area: {figure(1, 'mm²')}}}"
    )
    assert not found(ENOUGH + tile)


# Reasons: light crosses 0.3 mm in a picosecond and 3 cm in 0.1 ns; kT ln 2 is 2.9e-21 J at 300 K; a wafer of 300 mm
# has 0.0707 m².
@pytest.mark.parametrize(
    ("section", "key", "value", "unit"),
    [
        ("converter", "rate", "1.1", "THz"),
        ("converter", "conversion_time", "0.9", "ps"),
        ("times", "mvm", "0.09", "ns"),
        ("times", "mvm", "2", "s"),
        ("times", "integration", "90", "ps"),
        ("times", "cycle", "1", "ps"),
        ("times", "slot", "50", "ps"),
        ("tile", "efficiency", "2e6", "TOPS/W"),
        ("tile", "efficiency", "5", "OPS/W"),
        ("tile", "area", "0.9", "µm²"),
        ("tile", "area", "1", "m²"),
        ("tile", "rate", "1e9", "TOPS"),
        ("tile", "mvm_energy", "0.1", "aJ"),
        ("digital", "efficiency", "1e7", "TOPS/W"),
        ("ports", "energy", "0.5", "aJ"),
        ("cell", "bits", "17", "bits"),
        ("input", "bits", "65", "bits"),
    ],
)
def test_what_no_chip_can_do_is_named_with_its_line(section: str, key: str, value: str, unit: str) -> None:
    first = {"cell": "scheme: slices, ", "input": "coding: pulse-duration, "}.get(section, "")
    ((id_, severity, line, message),) = found(f"{section}: {{{first}{key}: {figure(value, unit)}}}\n")
    assert (id_, severity, line) == ("HW201", "error", 1)
    assert f"`{value} {unit}`" in message


@pytest.mark.parametrize(
    ("key", "unit"), [("rows", "weights"), ("devices_per_weight", "devices"), ("reads", "times")]
)
def test_another_geometry_that_no_tile_has_is_named_too(key: str, unit: str) -> None:
    ((id_, severity, line, message),) = found(
        f"{ENOUGH.strip()}\nalso: [{{{key}: {figure(70_000, unit)}}}]\n"
    )
    assert (id_, severity, line) == ("HW201", "error", 4)
    assert f"`70000 {unit}`" in message


@pytest.mark.parametrize(
    ("key", "value", "unit"), [("rows", 65_537, "weights"), ("devices_per_weight", 65, "devices")]
)
def test_a_tile_that_no_chip_has(key: str, value: int, unit: str) -> None:
    lines = [f"{key}: {figure(value, unit)}" if line.startswith(key) else line for line in SIDES.split("\n")]
    ((id_, severity, line),) = [
        (one.id, one.severity, one.problem.span.line) for one in checked("\n".join(lines)).findings
    ]
    assert (id_, severity) == ("HW201", "error")
    assert lines[line - 1].startswith(key)


@pytest.mark.parametrize(
    ("tile", "what"),
    [
        # 10,000 operations at 1000 TOPS are 10 ps.
        (f"rate: {figure(1000, 'TOPS')}", "a product of a vector with a tile"),
        # 0.1 TOPS on a tile of 1e6 TOPS/mm² leave 0.1 µm².
        (f"rate: {figure(0.1, 'TOPS')}, density: {figure('1e6', 'TOPS/mm²')}", "the area of a tile"),
        # 1 TOPS at 1 GOPS/W are 1 kW, here on 0.01 mm².
        (
            f"rate: {figure(1, 'TOPS')}, efficiency: {figure(1, 'GOPS/W')}, area: {figure(0.01, 'mm²')}",
            "the power of a busy tile",
        ),
    ],
)
def test_figures_that_could_be_and_what_follows_could_not(tile: str, what: str) -> None:
    errors = [message for id_, _, _, message in found(f"{ENOUGH}tile: {{{tile}}}\n") if id_ == "HW201"]
    assert len(errors) == 1
    assert errors[0].startswith(what)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        # 20 TOPS/W × 0.1 W = 2 TOPS.
        (
            (
                f"tile: {{rate: {figure(1, 'TOPS')}, efficiency: {figure('20.0', 'TOPS/W')}, "
                f"power: {figure('0.100', 'W')}}}"
            ),
            "efficiency × power gives 2 TOPS",
        ),
        # 3 TOPS/mm² × 0.5 mm² = 1.5 TOPS.
        (
            (
                f"tile: {{rate: {figure('1.00', 'TOPS')}, density: {figure('3.00', 'TOPS/mm²')}, "
                f"area: {figure('0.500', 'mm²')}}}"
            ),
            "density × area gives 1.5 TOPS",
        ),
        # 2 · 100 · 50 / 20 ns = 0.5 TOPS.
        (
            f"tile: {{rate: {figure('1.00', 'TOPS')}}}\ntimes: {{mvm: {figure('20.0', 'ns')}}}",
            "2 × rows × cols / mvm gives 500",
        ),
        # 10,000 operations at 20 TOPS/W are 0.5 nJ.
        (
            f"tile: {{mvm_energy: {figure('1.00', 'nJ')}, efficiency: {figure('20.0', 'TOPS/W')}}}",
            "2 × rows × cols / efficiency gives 500",
        ),
        # 10 mW over 20 ns are 0.2 nJ.
        (
            (
                f"tile: {{mvm_energy: {figure('1.00', 'nJ')}, power: {figure('10.0', 'mW')}}}\n"
                f"times: {{mvm: {figure('20.0', 'ns')}}}"
            ),
            "power × mvm gives 200",
        ),
        (
            f"times: {{integration: {figure(40, 'ns')}, slot: {figure(20, 'ns')}}}",
            "`slot` of 20 ns is shorter than the integration time of 40 ns",
        ),
        (
            f"times: {{integration: {figure(40, 'ns')}, mvm: {figure(20, 'ns')}}}",
            "`mvm` of 20 ns is shorter",
        ),
        # 128 columns at 1 GHz are 128 ns.
        (
            (
                f"times: {{cycle: {figure('105', 'ns')}}}\n"
                f"converter: {{columns_each: {figure(128, 'columns')}, rate: {figure('1.00', 'GHz')}}}"
            ),
            "a cycle of 105 ns is too short",
        ),
        (
            f"converter: {{rate: {figure('1.00', 'GHz')}, conversion_time: {figure('2.00', 'ns')}}}",
            "1 / rate gives 1 ns",
        ),
        (
            f"cell: {{scheme: slices, bits: {figure(2, 'bits')}, weight_bits: {figure(16, 'bits')}}}",
            "take 8 devices",
        ),
        ("cell: {scheme: single}", "on a single device takes one"),
        (
            f"cell: {{scheme: pair, columns: {figure(200, 'columns')}, columns_per_weight: {figure(2, 'columns')}}}",
            "columns / columns per weight gives 100",
        ),
        (
            (
                f"tiles_per_chip: {figure(9, 'tiles')}\nhierarchy: {{levels: [{{name: tile}}, "
                f"{{name: chip, holds: {figure(10, 'tiles')}}}], tile: tile}}"
            ),
            "the product of the levels gives 10",
        ),
        (
            (
                "validation: [{what: power, of: chip, value: 3, unit: W, standing: published, source: A paper, "
                "fitted: true}]"
            ),
            "marked as fitted",
        ),
    ],
)
def test_figures_that_can_not_both_be_right(more: str, message: str) -> None:
    contradictions = [one for one in checked(f"{SIDES}{more}\n").findings if one.id == "HW202"]
    assert len(contradictions) == 1
    (finding,) = contradictions
    assert finding.severity == "error"
    assert message in finding.problem.message
    assert finding.problem.related


@pytest.mark.parametrize(
    "more",
    [
        # 63.1 TOPS, 9.76 TOPS/W and 6.5 W are of one chip, whose figures were rounded one by one.
        f"tile: {{rate: {figure(63.1, 'TOPS')}, efficiency: {figure(9.76, 'TOPS/W')}, power: {figure(6.5, 'W')}}}",
        # "About 1 GHz" may mean a little more or less.
        f"converter: {{rate: {figure('~1', 'GHz')}, conversion_time: {figure('1.3', 'ns')}}}",
        f"times: {{integration: {figure(40, 'ns')}, slot: {figure(40, 'ns')}}}",
    ],
)
def test_rounding_is_no_contradiction(more: str) -> None:
    assert not [one for one in found(more + "\n") if one[0] == "HW202"]


def test_what_can_not_be_derived_is_named_with_what_is_missing() -> None:
    gaps = {(id_, severity, message) for id_, severity, _, message in found("")}
    assert ("HW301", "warning", "the time of one product cannot be derived") in gaps
    assert ("HW301", "warning", "the energy of one product cannot be derived") in gaps
    assert ("HW302", "info", "the area of a tile cannot be derived") in gaps
    assert ("HW302", "info", "the number of tiles of a chip is not given") in gaps
    assert ("HW302", "info", "the energy of digital operations is not given") in gaps
    assert ("HW302", "info", "it is not said whether matrices may share a tile") in gaps


def test_secondary_figures_are_listed() -> None:
    rate = figure(1, "TOPS", "secondary")
    notes = [message for id_, _, _, message in found(f"{ENOUGH}tile: {{rate: {rate}}}\n") if id_ == "HW303"]
    assert notes == ["1 figure is secondary: `tile.rate`"]
