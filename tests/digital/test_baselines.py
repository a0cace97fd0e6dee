"""A sheet's network on digital devices beside its own hardware: energies, ratios, electricity, what is said of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factsheet.api.fact_sheet import load
from factsheet.cli.app import main
from factsheet.cli.run import run
from factsheet.errors import DeriveError, UnknownProfileError, UsageError
from factsheet.hardware.digital.profile import SHORT_NAMES, digital_profile_of, hardware_from
from factsheet.networks.reference_networks import bert_base, princeton_cnn
from factsheet.quantities.interval import Interval
from factsheet.recompute.baselines.beside import BEST, OwnEnergy, beside, put_beside, usual_devices
from factsheet.recompute.baselines.footprint import DEFAULT_TARIFF, footprint, tariff_of

ROOT = Path(__file__).parents[2]
BERT = str(ROOT / "sheets" / "bert.yaml")
A100 = "a100-fp16-fastertransformer-pytorch"


def test_a_footprint_by_hand() -> None:
    tariff = DEFAULT_TARIFF._replace(price=0.30, intensity=0.4)
    found = footprint(36e-3, tariff)  # a million times 36 mJ are 36 kJ: 0.01 kWh
    assert found.kwh == pytest.approx(0.01)
    assert found.cost == pytest.approx(0.003)
    assert found.carbon_kg == pytest.approx(0.004)
    assert footprint(1.0, tariff, inferences=3_600_000).kwh == pytest.approx(1.0)


def test_a_tariff_as_typed() -> None:
    found = tariff_of("0.15 USD/kWh", "35 g CO2e/kWh")
    assert found[:2] == (0.15, "USD")
    assert found.intensity == pytest.approx(0.035)
    assert found.price_source == found.intensity_source == "given"
    assert tariff_of() == DEFAULT_TARIFF
    assert tariff_of("0.3").currency == "EUR"


@pytest.mark.parametrize(
    ("price", "intensity"),
    [
        ("0", None),
        ("-1", None),
        ("free", None),
        ("0.2 EUR", None),
        ("1e400", None),
        ("2000", None),
        ("", None),
        (None, "35"),
        (None, "35 g"),
        (None, "-3 g CO2e/kWh"),
        (None, "10 to 20 g CO2e/kWh"),
        (None, "< 20 g CO2e/kWh"),
    ],
)
def test_a_tariff_that_cannot_be_read(price: str | None, intensity: str | None) -> None:
    with pytest.raises(DeriveError) as caught:
        tariff_of(price, intensity)
    assert caught.value.help


def test_ratios_are_of_energies_at_one_length() -> None:
    (group,) = put_beside(load(BERT), (digital_profile_of(A100),), seq_lens=(32,), batches=(4,))
    (row,) = group.rows
    assert group.own is not None
    assert row.estimate.energy is not None
    assert row.ratio == pytest.approx(row.estimate.energy / group.own.energy_j)
    assert row.ratio_reach is not None
    assert row.ratio is not None
    assert row.ratio_reach.low < row.ratio < row.ratio_reach.high
    # The sheet's own: 6589 inferences/s/W, of which the model of its chip is 1.5 % off.
    assert group.own.energy_j == pytest.approx(1 / 6589, rel=0.02)


def test_the_devices_are_those_that_were_timed_on_such_networks() -> None:
    assert A100 in usual_devices(bert_base(32))
    assert all(name.endswith("resnet") for name in usual_devices(princeton_cnn()))
    with pytest.raises(DeriveError, match="no digital device was timed"):
        put_beside(load(ROOT / "sheets" / "digits.yaml"))


def test_never_the_flattering_point_alone() -> None:
    """By default small batches are shown and each device's own best, which takes the least of those that were timed."""
    groups = put_beside(load(BERT))
    assert [group.batch for group in groups] == [1, 4, BEST]
    for profile in {row.profile.name: row.profile for group in groups for row in group.rows}.values():
        rows = [row for group in groups for row in group.rows if row.profile.name == profile.name]
        most = profile.description.fit.batch[1]
        timed = [row for row in rows if row.estimate.batch <= most]
        best = [row for row in rows if row.best]
        assert best[-1].estimate.energy == min(row.estimate.energy or 0.0 for row in rows)
        if most > 1:
            assert best[0].estimate.energy == min(row.estimate.energy or 0.0 for row in timed)
        for row in best:
            assert row.estimate.outside or row.estimate.batch <= most  # beyond what was timed it is marked


def test_a_ratio_has_the_range_of_the_sheets_own_energy() -> None:
    own = OwnEnergy(1e-3, None, "by hand", energy_reach=Interval(0.5e-3, 2e-3))
    profile = digital_profile_of(A100)
    (row,) = beside(bert_base(32), [profile], own, seq_len=32, batch=4)
    energies = row.estimate.reach(times=1 / 4, power=True)
    assert energies is not None
    assert row.ratio_reach is not None
    assert row.ratio_reach.low == pytest.approx(energies.low / 2e-3)
    assert row.ratio_reach.high == pytest.approx(energies.high / 0.5e-3)


def test_what_the_sheet_says_of_its_own_hardware_is_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hardware", "baseline", BERT, "--device", "a100", "--batch", "4"]) == 0
    shown = capsys.readouterr()
    assert "sheet says: prototypes under design." in " ".join(shown.out.split())
    assert f"`a100` is taken as `{A100}`" in shown.err


def test_what_cannot_be_read_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UnknownProfileError) as caught:
        main(["hardware", "baseline", BERT, "--device", "nope"])
    assert {"a100", A100} <= set(caught.value.candidates)
    assert "ibm-2022" not in caught.value.candidates
    for option, other in (("--price", "--intensity"), ("--intensity", "--price")):
        assert run(["hardware", "baseline", BERT, option, "abc"]) == 2
        shown = capsys.readouterr()
        assert f"factsheet: {option}: " in shown.err
        assert other not in shown.err
        assert shown.out == ""


@pytest.mark.parametrize("short", sorted(SHORT_NAMES))
def test_a_short_name_is_that_of_one_profile(short: str) -> None:
    found = hardware_from(short.upper())
    assert found.name == SHORT_NAMES[short]
    assert short == "cpu" or found.name.startswith(f"{short}-")


def test_the_page_of_bert_is_what_the_command_writes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hardware", "baseline", BERT, "--seq-len", "32,128", "--format", "markdown"]) == 0
    page = (ROOT / "docs" / "bert-on-digital-hardware.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out == page


def test_json_has_both_ends_and_says_what_is_extrapolated(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["hardware", "baseline", BERT, "--device", "a100-int8-tensorrt", "--seq-len", "32,128"]
    assert main([*command, "--batch", "4", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    short, long = (group["devices"][0] for group in found["groups"])
    assert short["extrapolated"] == ["sequence length 32, where 128 to 384 were timed"]
    assert short["energy_low_j"] is None
    assert long["energy_low_j"] < long["energy_j"] < long["energy_high_j"]
    assert long["kwh"] == pytest.approx(long["energy_j"] * 1e6 / 3.6e6)


def test_an_analog_chip_is_no_baseline() -> None:
    with pytest.raises(UsageError, match="is an analog chip"):
        main(["hardware", "baseline", BERT, "--device", "ibm-2022"])
