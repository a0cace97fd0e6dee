"""Clipping, learnt ranges, distillation and the unit of noise as settings of a recipe."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
import torch
from torch import nn

from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.rpu_configuration import rpu_configuration
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.functional.training.hwa_section import recipe_of, section_of
from factsheet.crossbar.functional.training.injection import clip_weights, distillation_loss, finished, inject
from factsheet.crossbar.functional.training.recipe import (
    Distillation,
    HwaRecipe,
    InputRangeLearning,
    Strength,
)
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import StudyError
from factsheet.sheet.load import read_factsheet

EXACT = AnalogHardware(
    tile=TileShape(512, 512), device=IdealDevice(), dac=Converter(None), adc=Converter(None), split="even"
)
LIGHTNING = pytest.mark.skipif(
    not find_spec("aihwkit_lightning"), reason="aihwkit-lightning, of the group `tests`, is not installed"
)


def layer_of(rows: int = 60, cols: int = 20) -> nn.Linear:
    torch.manual_seed(0)
    layer = nn.Linear(rows, cols, bias=False)
    layer.weight.data *= torch.linspace(0.2, 2.0, cols)[:, None]
    return layer


def test_settings_go_into_a_sheet_and_back() -> None:
    recipe = HwaRecipe(
        weight_noise=Strength(0.05, "w_max", text="0.05", per="channel"),
        input_bound=Strength(3.0, "input_std", text="3.0"),
        weight_clip=Strength(2.5, "weight_std", text="2.5", per="channel"),
        learnt_input_bound=True,
        input_range=InputRangeLearning(batches=100, decay=0.001),
        weight_bits=4,
        drop_connect=0.02,
    )
    section = section_of(recipe)
    assert (section["weight_bits"], section["drop_connect"]) == (4, "2 %")
    assert section["weight_clip"] == {
        "value": {"value": "2.5", "relative_to": "weight_std", "per": "channel"}
    }
    sheet, problems = read_factsheet(
        {"factsheet": 1, "overview": {"name": "-", "model": "-"}, "hwa_training": section}
    )
    assert sheet is not None, problems
    assert sheet.hwa_training is not None
    assert recipe_of(sheet.hwa_training) == recipe
    assert section_of(recipe, section) == section


@LIGHTNING
@pytest.mark.parametrize("per", ["", "channel"])
def test_weights_are_clipped_as_lightning_clips_them(per: Any) -> None:
    recipe = HwaRecipe(weight_clip=Strength(1.5, "weight_std", per=per))
    noisy = inject(layer_of(), recipe, EXACT)
    clip_weights(noisy)
    config: Any = rpu_configuration(EXACT, recipe).to_object()
    theirs: Any = import_module("aihwkit_lightning.nn").AnalogLinear.from_digital(layer_of(), config)
    with torch.no_grad():
        theirs.clip_weights()
    torch.testing.assert_close(noisy.weight.detach(), theirs.weight.detach())
    assert not torch.equal(noisy.weight.detach(), layer_of().weight.detach())


@LIGHTNING
@pytest.mark.parametrize("scale", ["column", "tile"])
def test_weights_are_rounded_as_lightning_rounds_them(scale: Any) -> None:
    recipe, hardware = HwaRecipe(weight_bits=4), replace(EXACT, scale=scale)
    config: Any = rpu_configuration(hardware, recipe).to_object()
    theirs: Any = import_module("aihwkit_lightning.nn").AnalogLinear.from_digital(layer_of(), config).train()
    noisy, eye = inject(layer_of(), recipe, hardware).train(), torch.eye(60)
    found = noisy(eye)
    torch.testing.assert_close(found.detach(), theirs(eye).detach())
    assert len(found[:30, 0].unique()) <= 15  # of one column of a tile: 14 steps
    found.sum().backward()
    assert torch.equal(noisy.weight.grad, torch.ones_like(noisy.weight))  # type: ignore[arg-type,unused-ignore]


def test_a_share_of_weights_is_left_out_at_random() -> None:
    noisy, eye = inject(layer_of(), HwaRecipe(drop_connect=0.2), EXACT).train(), torch.eye(60)
    runs = torch.stack([noisy(eye).detach() for _ in range(30)])
    left_out = runs == 0
    # 30 runs of 60 · 20 weights or more: the share's standard deviation is below 0.0022.
    assert float(left_out.float().mean()) == pytest.approx(0.2, abs=0.01)
    assert not bool(left_out.all(0).any())
    plain = layer_of().weight.detach().T
    torch.testing.assert_close(runs[0][~left_out[0]], plain[~left_out[0]])


@pytest.mark.parametrize("wrong", [{"weight_bits": 1}, {"drop_connect": 1.0}, {"drop_connect": -0.1}])
def test_bits_and_shares_that_leave_nothing_are_refused(wrong: Any) -> None:
    with pytest.raises(StudyError, match="correct it"):
        HwaRecipe(**wrong).settled()


def test_rounding_and_drop_connect_are_written_for_aihwkit() -> None:
    made = rpu_configuration(EXACT, HwaRecipe(weight_bits=4, drop_connect=0.1), "aihwkit")
    modifier = made.values["modifier"]
    assert (modifier["type"], modifier["pdrop"]) == ("DISCRETIZE", 0.1)
    assert modifier["res"] == pytest.approx(1 / 14)
    both = HwaRecipe(weight_bits=4, weight_noise=Strength(0.1, "w_max"))
    assert any("4 bits" in str(one) for one in rpu_configuration(EXACT, both, "aihwkit").left)


def test_a_clip_is_a_value_or_has_to_be_given() -> None:
    noisy = inject(layer_of(), HwaRecipe(weight_clip=Strength(0.1, "absolute")), EXACT)
    clip_weights(noisy)
    assert float(noisy.weight.detach().abs().max()) == pytest.approx(0.1)
    with pytest.raises(StudyError, match="nothing says where"):
        clip_weights(inject(layer_of(), HwaRecipe(), EXACT))


@LIGHTNING
@pytest.mark.parametrize("scale", ["column", "tile"])
@pytest.mark.parametrize("per", ["tile", "channel"])
def test_weight_noise_is_relative_to_what_lightning_has(scale: Any, per: Any) -> None:
    """`modify_weight` of lightning: std_dev times the largest weight of the slice, or of each of its outputs."""
    recipe = HwaRecipe(weight_noise=Strength(0.1, "w_max", per=per))
    hardware = replace(EXACT, scale=scale)
    config: Any = rpu_configuration(hardware, recipe).to_object()
    theirs: Any = import_module("aihwkit_lightning.nn").AnalogLinear.from_digital(layer_of(), config).train()
    noisy, eye = inject(layer_of(), recipe, hardware).train(), torch.eye(60)
    with torch.no_grad():
        found = torch.stack([noisy(eye) for _ in range(40)]).std(0).mean(0)
        expected = torch.stack([theirs(eye) for _ in range(40)]).std(0).mean(0)
    torch.testing.assert_close(found, expected, rtol=0.08, atol=0.0)


@LIGHTNING
def test_a_range_is_set_from_batches_and_shrinks_as_in_lightning() -> None:
    recipe = HwaRecipe(
        input_bound=Strength(2.0, "input_std"),
        learnt_input_bound=True,
        input_range=InputRangeLearning(batches=3, decay=0.01),
    )
    # With steps, ours also has the gradient of rounding (Esser et al., arXiv:1902.08153), which lightning leaves out.
    hardware = replace(EXACT, dac=Converter(None, "learnt"))
    config: Any = rpu_configuration(hardware, recipe).to_object()
    assert config.pre_post.input_range.init_from_data == 3
    theirs: Any = import_module("aihwkit_lightning.nn").AnalogLinear.from_digital(layer_of(), config).train()
    noisy = inject(layer_of(), recipe, hardware).train()
    torch.manual_seed(1)
    batches = [torch.randn(32, 60) * (1 + n) for n in range(5)]
    for batch in batches:
        for module in (noisy, theirs):
            module.zero_grad()
            module(batch.clone()).sum().backward()
        torch.testing.assert_close(noisy.input_bound.detach(), theirs.input_range.detach()[0])
    gentle = torch.randn(32, 60) * 0.1
    for module in (noisy, theirs):
        module.zero_grad()
        module(gentle.clone()).sum().backward()
    assert float(noisy.input_bound.grad) == pytest.approx(0.01 * float(noisy.input_bound.detach()), rel=1e-5)
    assert float(theirs.input_range.grad[0]) == pytest.approx(float(noisy.input_bound.grad), rel=1e-5)


def test_distillation_is_hintons_loss() -> None:
    """Equation of arXiv:1503.02531, section 2, written out: T²·Σ p·ln(p/q), the mean of a batch."""
    torch.manual_seed(0)
    student, teacher = torch.randn(6, 5, requires_grad=True), torch.randn(6, 5)
    loss = distillation_loss(student, teacher, Distillation(temperature=3.0))
    p, q = (torch.softmax(one / 3.0, -1) for one in (teacher, student))
    torch.testing.assert_close(loss, 9.0 * (p * (p / q).log()).sum(-1).mean())
    assert float(distillation_loss(teacher, teacher, Distillation(3.0))) == pytest.approx(0.0, abs=1e-6)
    labels = torch.tensor(2.0)
    mixed = distillation_loss(student, teacher, Distillation(3.0, 0.25), labels)
    torch.testing.assert_close(mixed, 0.25 * loss + 0.75 * labels)
    for bad in (Distillation(0.0), Distillation(1.0, 1.5), Distillation(1.0, 0.5)):
        with pytest.raises(StudyError, match="distillation"):
            distillation_loss(student, teacher, bad)


@pytest.mark.parametrize("each", ["column", "tile"])
def test_learnt_scales_of_outputs_are_factors_behind_each_tile(each: Any) -> None:
    # y_j = Σ_k α_kj·(Σ_i w_ij·x_i of tile k + noise): `TileModule.forward` of aihwkit 1.1.0 multiplies its output by
    # `out_scaling_alpha` (simulator/tiles/base.py, `apply_out_scaling`), which begins at 1.
    torch.manual_seed(0)
    layer, x = nn.Linear(10, 6), torch.randn(5, 10)
    hardware = replace(EXACT, tile=TileShape(4, 3), scale="column")
    recipe = HwaRecipe(learnt_output_scales=each)
    noisy = inject(nn.Sequential(layer), recipe, hardware)
    torch.testing.assert_close(noisy(x), layer(x))
    scales = noisy[0].output_scales
    assert scales.shape == ((3, 6) if each == "column" else (3, 2))
    with torch.no_grad():
        scales.copy_(torch.rand_like(scales) + 0.5)
    wide = (scales if each == "column" else scales.repeat_interleave(3, dim=1)).detach().requires_grad_()
    rows = (slice(0, 4), slice(4, 7), slice(7, 10))  # even parts
    parts = [x[:, part] @ layer.weight[:, part].T for part in rows]
    expected = sum(part * wide[k] for k, part in enumerate(parts)) + layer.bias
    torch.testing.assert_close(noisy(x), expected)
    noisy(x).square().sum().backward()
    expected.square().sum().backward()
    wanted = wide.grad if each == "column" else wide.grad.unflatten(1, (2, 3)).sum(2)
    torch.testing.assert_close(scales.grad, wanted)
    kept = finished(noisy)
    assert type(kept[0]) is nn.Linear
    torch.testing.assert_close(kept(x), expected)
    torch.testing.assert_close(noisy.eval()(x), expected)


def test_learnt_scales_go_into_a_sheet_and_to_aihwkit_and_not_where_a_tile_has_one_largest_weight() -> None:
    recipe = HwaRecipe(learnt_output_scales="column")
    assert section_of(recipe) == {"output_scales": "learnt, per column"}
    made = rpu_configuration(EXACT, recipe, "aihwkit")
    assert made.values["mapping"]["learn_out_scaling"]
    assert made.values["mapping"]["out_scaling_columnwise"]
    with pytest.raises(StudyError, match="scaled by the tile"):
        inject(nn.Linear(4, 3), recipe, replace(EXACT, scale="tile"))
