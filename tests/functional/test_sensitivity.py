"""Losses by layer and by source of error, in networks that were made so that the right answer is known beforehand."""

from __future__ import annotations

import itertools
import math
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from study_models import agreement, model
from torch import nn

import factsheet
from factsheet.crossbar.functional.analog_hardware import AnalogHardware, for_layers
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.devices.reram import Reram
from factsheet.crossbar.functional.layers.conversion import conversion_of, convert_to_analog
from factsheet.crossbar.functional.studies.drift_study import drift_study
from factsheet.crossbar.functional.studies.error_sources import alone, sources, without
from factsheet.crossbar.functional.studies.losses import Loss, beyond_noise, holm
from factsheet.crossbar.functional.studies.mixed_mapping import propose_mapping
from factsheet.crossbar.functional.studies.sensitivity import (
    Design,
    Scores,
    layers_on_tiles,
    sensitivity_of,
)
from factsheet.crossbar.functional.studies.sensitivity_results import scores_in
from factsheet.crossbar.functional.studies.sensitivity_study import LayerOnTiles, MappingProposal
from factsheet.crossbar.functional.studies.trial import Experiment, Trial
from factsheet.crossbar.functional.studies.variants import (
    FLOATING_POINT,
    NetworkVariant,
    VariantExperiment,
    VariantTrial,
    trials_of,
    with_digital,
)
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.functional.tiles.ir_drop import IrDrop
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import StudyError
from factsheet.networks.policy import Policy, fits, pattern_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

DAY = 86400.0
HARDWARE = AnalogHardware(tile=TileShape(8, 8), compensation="global")
NOISY = AnalogHardware(tile=TileShape(8, 8), dac=Converter(None), adc=Converter(None))
"""Devices that err and drift, between exact converters: everything stays linear in the input."""


class Branches(nn.Module):  # type: ignore[misc]  # torch has no types where these are checked
    """The sum of layers side by side, each multiplied by a factor: what one adds depends on no other."""

    def __init__(self, factors: Sequence[float]) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(1)
        self.factors = tuple(factors)
        self.layers = nn.ModuleList(nn.Linear(16, 8, bias=False) for _ in factors)
        with torch.no_grad():
            for layer in self.layers:
                layer.weight.copy_(torch.randn(8, 16, generator=generator))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        parts = [factor * layer(inputs) for factor, layer in zip(self.factors, self.layers, strict=True)]
        return torch.stack(parts).sum(0)


def inputs() -> torch.Tensor:
    return torch.randn(64, 16, generator=torch.Generator().manual_seed(2))


def scored_linearly(network: nn.Module) -> float:
    """A score that is linear in the outputs: losses of branches then add up, chip by chip."""
    weights = torch.randn(64, 8, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    return float((network(inputs()).double() * weights).mean())


def closeness(factors: Sequence[float]) -> Callable[[nn.Module], float]:
    """Return a score that falls with the distance from the digital outputs, from 0 in floating point."""
    exact = Branches(factors)(inputs()).detach()
    return lambda network: -float((network(inputs()) - exact).abs().mean())


def with_attention() -> nn.Module:
    """A layer whose parts have no place of their own in the digital network, between two that have."""
    torch.manual_seed(4)
    block = nn.TransformerEncoderLayer(16, 2, 16, dropout=0.0, batch_first=True)
    return nn.Sequential(nn.Linear(16, 16), block, nn.Linear(16, 4)).eval()


def scored_at_random(network: nn.Module) -> float:
    """A score of inputs that are drawn anew each time, to the last bit."""
    return float(network(torch.randn(3, 5, 16)).double().sum())


def test_losses_of_branches_add_up_chip_by_chip() -> None:
    study = factsheet.sensitivity(
        Branches((1.0, 2.0, 0.5)), scored_linearly, chips=4, hardware=NOISY, after=DAY
    )
    assert {one.name for one in study.layers} == {"layers.0", "layers.1", "layers.2"}
    assert study.loss.spread is not None
    assert study.loss.spread > 1e-3
    for chip in range(4):
        together = math.fsum(one.alone.losses[chip] for one in study.layers)
        # A mean of 512 sums in single precision, each right to some 1e-6 of outputs of about 10.
        assert together == pytest.approx(study.loss.losses[chip], abs=2e-6)
    for one in study.layers:
        assert one.won_back.losses == pytest.approx(one.alone.losses, abs=2e-6)
    assert study.added_up == pytest.approx(study.loss.mean, abs=2e-6)


@pytest.mark.parametrize("sensitive", [0, 1, 2, 3])
def test_the_one_layer_that_counts_is_found_and_kept_digital(sensitive: int) -> None:
    factors = [1e-6] * 4
    factors[sensitive] = 1.0
    study = factsheet.sensitivity(
        Branches(factors), closeness(factors), chips=5, hardware=NOISY, accepted_loss=1e-3
    )
    name = f"layers.{sensitive}"
    first, *others = study.layers
    assert first.name == name
    assert first.alone_beyond_noise
    assert first.won_back_beyond_noise
    # Their outputs are a millionth of the sensitive layer's; so are their errors.
    assert all(abs(other.alone.mean) < 1e-5 * first.alone.mean for other in others)
    assert study.mapping is not None
    assert study.mapping.digital == (name,)
    assert study.mapping.check is not None
    assert study.mapping.check.holds
    assert len(study.mapping.checks) == 1


def test_a_layer_without_effect_loses_exactly_nothing() -> None:
    factors = (1.0, 0.0)
    study = factsheet.sensitivity(Branches(factors), closeness(factors), chips=3, hardware=NOISY)
    by_name = {one.name: one for one in study.layers}
    silent = by_name["layers.1"]
    assert silent.alone.losses == silent.won_back.losses == (0.0, 0.0, 0.0)
    assert (silent.alone_beyond_noise, silent.won_back_beyond_noise) == (False, False)


def test_the_source_that_was_made_strong_is_first() -> None:
    hardware = AnalogHardware(
        tile=TileShape(8, 8),
        device=Pcm(programming=0.1, drift_exponent=0.1, read_noise=0.1),
        output_noise=0.5,
    )
    study = factsheet.sensitivity(model, agreement, after=3600.0, chips=3, hardware=hardware)
    first, *others = study.sources
    assert first.name == "output noise"
    assert first.alone.mean > max(other.alone.mean for other in others)
    assert first.won_back.mean > 0
    assert study.digital == 1.0


def test_hardware_of_single_layers_is_taken_along() -> None:
    loud = NOISY.everywhere(lambda one: replace(one, device=IdealDevice()))
    loud = replace(loud, layers=(for_layers("layers.1", output_noise=1.0, device=Reram()),))
    assert set(sources(loud)) == {"devices", "output noise"}
    factors = (1.0, 1.0)
    study = factsheet.sensitivity(Branches(factors), closeness(factors), chips=3, hardware=loud)
    by_name = {one.name: one for one in study.layers}
    # All but the second layer is exact, but for single precision on outputs of about 10.
    assert abs(by_name["layers.0"].alone.mean) < 1e-4
    assert by_name["layers.1"].alone.mean > 0.1
    assert without(loud, "output noise").of("layers.1").output_noise == 0
    assert alone(loud, "output noise").of("layers.1").device == IdealDevice()


def test_every_field_of_the_hardware_is_a_source_of_error_or_known_to_be_none() -> None:
    everything = AnalogHardware(
        stuck_rate=0.1,
        clip_sigma=2.0,
        input_noise=0.1,
        output_noise=0.1,
        weight_noise=0.1,
        ir_drop=IrDrop(1.0),
        slicing="digits",
        devices_per_weight=4,
        bound_management="iterative",
    )
    for name in sources(everything):
        assert sources(alone(everything, name)) == (name,)
        assert set(sources(without(everything, name))) == set(sources(everything)) - {name}
    bare = without(everything, *sources(everything))
    changed = {one.name for one in fields(bare) if getattr(bare, one.name) != getattr(everything, one.name)}
    # How a weight is held, scaled, cut and corrected for; by itself none of it loses anything.
    no_source = {
        *(
            "tile",
            "unlimited",
            "split",
            "devices_per_weight",
            "significance",
            "device_levels",
            "g_max_us",
            "g_min_us",
        ),
        *("pair", "stuck_at", "scale", "compensation", "read_out", "reference", "follow", "layers"),
        *("weight_noise_kind", "output_noise_spread"),
    }
    assert changed | no_source == {one.name for one in fields(AnalogHardware)}
    assert not changed & no_source


def test_all_on_tiles_is_what_the_study_over_time_gives_and_workers_change_nothing() -> None:
    hardware = AnalogHardware(tile=TileShape(8, 8), compensation="global")
    study = factsheet.sensitivity(model, agreement, after=DAY, chips=3, hardware=hardware, seed=4)
    over_time = drift_study(model, agreement, (DAY,), 3, hardware=hardware, seed=4)
    scores = over_time.series.points[0].scores
    assert study.loss.losses == tuple(over_time.digital - score for score in scores)
    other = factsheet.sensitivity(
        model, agreement, after="1 day", chips=3, hardware=hardware, seed=4, workers=2
    )
    assert other == study


def test_of_errors_that_are_better_low_a_rise_is_a_loss() -> None:
    factors = (1.0,)
    distance = closeness(factors)
    higher = factsheet.sensitivity(Branches(factors), distance, chips=2, hardware=NOISY)
    lower = factsheet.sensitivity(
        Branches(factors), lambda net: -distance(net), chips=2, hardware=NOISY, higher_is_better=False
    )
    assert lower.loss == higher.loss
    assert lower.loss.mean > 0


def test_a_layer_is_moved_alone_whatever_its_name_and_shared_weights_move_together() -> None:
    network = nn.Sequential(nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 8)), nn.Linear(8, 8), nn.Linear(8, 8))
    network[2].weight = network[1].weight
    layers = layers_on_tiles(network, NOISY)
    # `1` as a pattern fits `0.1` too, which is another layer.
    assert [(one.name, one.shared_by) for one in layers] == [("0.0", ()), ("0.1", ()), ("1", ("2",))]
    names = tuple(one.name for one in layers)
    experiment = VariantExperiment(network, lambda _: 0.0, NOISY, Policy(), names)
    for name, left in (("1", {"0.0", "0.1"}), ("0.1", {"0.0", "1", "2"})):
        made = experiment.experiment_for(with_digital((name,), names))
        converted = conversion_of(convert_to_analog(network, NOISY, made.policy))
        assert {one.name for one in converted.analog} == left
    made = experiment.experiment_for(NetworkVariant("on tiles", ("1",)))
    converted = conversion_of(convert_to_analog(network, NOISY, made.policy))
    assert {one.name for one in converted.analog} == {"1", "2"}


def test_a_pattern_is_made_for_one_name() -> None:
    names = ["0.0", "0.1", "1", "a,b", "a.*"]
    for name in names:
        pattern = pattern_for(name, names)
        assert [other for other in names if fits(pattern, other)] == [name]
    assert pattern_for("0.1", names) == "0.1"
    assert pattern_for("1", names) == "=1"


def test_with_one_layer_digital_is_the_model_itself() -> None:
    study = factsheet.sensitivity(nn.Linear(8, 3), lambda net: float(net(torch.ones(1, 8)).sum()), chips=2)
    (only,) = study.layers
    assert only.alone == only.won_back == study.loss


def test_a_loss_is_tested_as_student_did() -> None:
    # Student, "The probable error of a mean", Biometrika 6, 1908: additional hours of sleep by two drugs, patient by
    # patient; R's documentation of t.test gives t = 4.0621 and p = 0.002833, and 0.70 to 2.46 at 95 %.
    first = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
    second = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)
    loss = Loss(tuple(after - before for before, after in zip(first, second, strict=True)))
    assert loss.p_value == pytest.approx(0.002833, abs=5e-7)
    interval = loss.interval(0.95)
    assert interval == pytest.approx((0.7001142, 2.4598858), abs=5e-7)


def test_many_losses_are_tested_as_holm_did() -> None:
    # The worked example of the article on Holm's method in Wikipedia: of 0.01, 0.04, 0.03 and 0.005 at 0.05, the
    # fourth and the first are rejected (0.005 < 0.0125, 0.01 < 0.0167, 0.03 > 0.025).
    assert holm([0.01, 0.04, 0.03, 0.005], 0.95) == (True, False, False, True)
    assert holm([None, 0.01, None], 0.95) == (None, True, None)


def test_where_nothing_is_lost_hardly_ever_is_anything_called_more_than_noise() -> None:
    rng = np.random.default_rng(5)
    studies, rows, chips = 1000, 12, 6
    alarms = sum(
        any(beyond_noise([Loss(tuple(map(float, rng.normal(size=chips)))) for _ in range(rows)], 0.9))
        for _ in range(studies)
    )
    # One in ten studies may have an alarm; 4 standard deviations of a binomial number are room enough.
    assert alarms <= 0.1 * studies + 4 * math.sqrt(studies * 0.1 * 0.9)
    assert alarms > 0


def test_of_one_chip_nothing_is_said_and_without_spread_everything() -> None:
    assert beyond_noise([Loss((0.5,))]) == (None,)
    assert Loss((0.5,)).interval() is None
    assert beyond_noise([Loss((0.0, 0.0)), Loss((0.1, 0.1))]) == (False, True)


def test_few_examples_widen_a_loss() -> None:
    # A loss of 0.1 on 100 examples has a variance of 0.1 · 0.9 / 100 by the binomial law, were chips all alike.
    assert Loss((0.1, 0.1), 100).error == pytest.approx(math.sqrt(0.1 * 0.9 / 100))
    assert beyond_noise([Loss((0.01, 0.01), 100)]) == (False,)


def proposed(
    names: Sequence[str],
    loss_of: Callable[[frozenset[str], int], float],
    accepted: float,
    chips: int = 4,
) -> MappingProposal:
    """Propose a mapping where the loss of any set of layers on tiles is given, chip by chip."""
    design = Design(tuple(LayerOnTiles(name, 1, 1, 1) for name in names), (), DAY, chips)

    def run(trials: Sequence[VariantTrial]) -> Mapping[VariantTrial, float]:
        found = {}
        for trial in trials:
            variant = NetworkVariant.read(trial.variant)
            on_tiles = {
                "floating point": set[str](),
                "on tiles": set(variant.names),
                "digital": set(names) - set(variant.names),
            }[variant.kind]
            found[trial] = 1.0 - loss_of(frozenset(on_tiles), trial.repeat)
        return found

    study = sensitivity_of(design, Scores(run(design.trials()), DAY))
    return propose_mapping(design, study, run, accepted_loss=accepted)


def test_where_losses_add_up_no_smaller_set_exists() -> None:
    rng = np.random.default_rng(7)
    for _ in range(60):
        single = {f"l{place}": float(loss) for place, loss in enumerate(rng.exponential(0.02, size=6))}
        accepted = float(rng.uniform(0, 0.1))

        def loss_of(on_tiles: frozenset[str], _: int, single: dict[str, float] = single) -> float:
            return math.fsum(single[name] for name in on_tiles)

        found = proposed(tuple(single), loss_of, accepted)
        smallest = next(
            size
            for size in range(len(single) + 1)
            for digital in itertools.combinations(single, size)
            if 1 - (1.0 - loss_of(frozenset(single) - set(digital), 0)) <= accepted
        )
        assert len(found.digital) == smallest
        assert found.on_tiles == tuple(name for name in single if name not in found.digital)
        assert loss_of(frozenset(found.on_tiles), 0) <= accepted + 1e-12


def test_where_layers_hide_each_other_the_set_holds_and_no_single_layer_of_it_is_spare() -> None:
    # Two layers that each ruin everything by themselves: taking either out alone wins nothing back.
    def loss_of(on_tiles: frozenset[str], _: int) -> float:
        return 0.5 if on_tiles & {"a", "c"} else 0.001 * len(on_tiles)

    found = proposed(("a", "b", "c", "d"), loss_of, 0.01)
    assert found.digital == ("a", "c")
    assert {one.digital: one.holds for one in found.tried}[("a",)] is False
    assert {one.digital: one.holds for one in found.tried}[("c",)] is False


def test_a_set_that_only_suits_the_chips_it_was_chosen_on_is_found_out() -> None:
    # On the chips of the search, 0 to 3, layer b costs nothing; on all others it does.
    def loss_of(on_tiles: frozenset[str], chip: int) -> float:
        return 0.2 * ("a" in on_tiles) + (0.1 if "b" in on_tiles and chip >= 4 else 0.0)

    found = proposed(("a", "b", "c"), loss_of, 0.05)
    assert [(check.digital, check.holds) for check in found.checks] == [(("a",), False), (("a", "b"), True)]
    assert found.digital == ("a", "b")
    # 1 - 0.1 / 2 and 1 - 0.1 / 4: all checks together keep 90 %.
    assert [check.confidence for check in found.checks] == pytest.approx([0.95, 0.975])
    assert "no single one" not in found.proves


def test_a_mapping_that_is_said_to_hold_does_so_as_often_as_it_says() -> None:
    """What a mapping truly loses is known here; in at most 10 % of studies may it be more than is accepted."""
    rng = np.random.default_rng(11)
    names, studies, chips = ("a", "b", "c", "d", "e"), 300, 5
    flattered = wrong = judged = 0
    for _ in range(studies):
        true = dict(zip(names, rng.uniform(0, 0.02, size=len(names)), strict=True))
        noise = {name: rng.normal(0, 0.01, size=12 * chips) for name in names}

        def loss_of(
            on_tiles: frozenset[str],
            chip: int,
            true: Mapping[str, float] = true,
            noise: Mapping[str, np.ndarray[Any, Any]] = noise,
        ) -> float:
            return math.fsum(true[name] + noise[name][chip] for name in on_tiles) if chip >= 0 else 0.0

        accepted = math.fsum(true.values()) * float(rng.uniform(0.3, 0.9))
        found = proposed(names, loss_of, accepted, chips)
        if found.check is None:
            continue
        judged += 1
        wrong += math.fsum(true[name] for name in found.on_tiles) > accepted
        first = found.checks[0]
        flattered += (
            first.loss.mean > next(one for one in found.tried if one.digital == first.digital).loss.mean
        )
    assert judged > studies / 4
    assert wrong <= 0.1 * judged + 4 * math.sqrt(judged * 0.1 * 0.9)
    # The chips of the search flatter what they chose: on others the same set loses more, much more often than not.
    assert flattered > 0.6 * judged


def test_where_nothing_holds_everything_is_digital_and_said_so() -> None:
    found = proposed(("a", "b"), lambda on_tiles, _: 0.3 * bool(on_tiles), 0.01)
    assert (found.digital, found.on_tiles, found.check) == (("a", "b"), (), None)
    assert "all are digital" in found.proves
    none = proposed(("a", "b"), lambda _, __: 0.0, 0.01)
    assert (none.digital, none.on_tiles) == ((), ("a", "b"))


def test_a_mapping_is_not_proposed_from_one_chip() -> None:
    with pytest.raises(StudyError, match="single chip"):
        proposed(("a", "b"), lambda _, __: 0.0, 0.01, chips=1)


def test_a_chip_has_the_same_errors_in_a_layer_whatever_else_is_on_tiles() -> None:
    factors = (1.0, 1.0)
    seen: list[torch.Tensor] = []

    def first_layer(network: nn.Module) -> float:
        seen.append(network.layers[0](inputs()).detach().clone())
        return 0.0

    names = ("layers.0", "layers.1")
    experiment = VariantExperiment(Branches(factors), first_layer, NOISY, Policy(), names)
    for variant in (NetworkVariant("on tiles", ("layers.0",)), NetworkVariant("digital")):
        experiment(trials_of(variant, (2,), DAY)[0])
    plain = Experiment(Branches(factors), first_layer, NOISY)
    plain(Trial(2, DAY))
    assert torch.equal(seen[0], seen[1])
    assert torch.equal(seen[0], seen[2])


@pytest.mark.parametrize("network", [model, with_attention])
def test_layers_put_back_one_by_one_are_the_same_as_a_network_converted_without_them(
    network: Callable[[], nn.Module],
) -> None:
    """A chip that is programmed once gives the scores of chips programmed for each variant, in any order."""
    hardware = replace(HARDWARE, output_noise=0.05)
    names = tuple(one.name for one in layers_on_tiles(network(), hardware))
    kept = VariantExperiment(network, scored_at_random, hardware, Policy(), names)
    variants = [with_digital(some, names) for some in ((), names[:1], names[1:])]
    variants += [NetworkVariant("on tiles", (name,)) for name in names]
    for variant in [*variants, *reversed(variants)]:
        for trial in trials_of(variant, (1, 0), DAY):
            plain = kept.experiment_for(variant)
            assert kept(trial) == plain(Trial(trial.repeat, trial.seconds)), (variant, trial)


@pytest.mark.parametrize("text", ["[]", "{}", '["nowhere"]', "[1]", "7", "not JSON"])
def test_what_is_no_variant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"variant|Expecting"):
        NetworkVariant.read(text)


def test_a_variant_is_read_back_whatever_layers_are_called() -> None:
    for names in ((), ("a",), ('a"]', "b, c", "ü\n", "")):
        assert NetworkVariant.read(NetworkVariant("digital", names).text) == NetworkVariant("digital", names)


def test_scores_of_a_damaged_document_are_left_out() -> None:
    good = {"variant": ["digital", "a"], "seconds": 1.0, "chips": [0, 1], "scores": [0.5, float("nan")]}
    bad = [
        {},
        {"variant": "digital"},
        {**good, "chips": [0]},
        {**good, "variant": ["x"]},
        3,
        {**good, "scores": "ab"},
    ]
    key = NetworkVariant("digital", ("a",)).text
    assert scores_in({"runs": [*bad, good]}) == {VariantTrial(key, 0, 1.0): 0.5}
    assert scores_in({"runs": 3}) == {}
    assert trials_of(FLOATING_POINT, (), 1.0) == (VariantTrial('["floating point"]', -1, 0.0),)
