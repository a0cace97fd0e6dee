"""Hardware-aware training: a model whose layers are noisy while they are trained, and are themselves otherwise.

The loop stays the user's own: `noisy = inject(model, recipe, hardware)`, any optimiser and loss on `noisy`, and
`finished(noisy)` for the model to keep. Method: Joshi et al., Nature Communications 11, 2473 (2020): noise is added to
the weights of each forward pass, while gradients and updates are those of the weights themselves.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import torch
from torch import nn

from factsheet.crossbar.functional.layers.conversion import conversion_of, convert_to_analog
from factsheet.crossbar.functional.layers.substitutes import TRANSPOSED
from factsheet.crossbar.functional.training.noisy_layers import (
    HwaConv1d,
    HwaConv2d,
    HwaCore,
    HwaLinear,
    Injection,
    scaled_weight,
)
from factsheet.crossbar.functional.training.recipe import Distillation, HwaRecipe, Strength, TrainedDrift
from factsheet.errors import StudyError

if TYPE_CHECKING:
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.networks.policy import Policy

_NOISY: dict[type[nn.Module], type[nn.Module]] = {
    nn.Linear: HwaLinear,
    nn.Conv1d: HwaConv1d,
    nn.Conv2d: HwaConv2d,
}
_PLAIN = {noisy: plain for plain, noisy in _NOISY.items()}


def inject(
    module: nn.Module,
    recipe: HwaRecipe,
    hardware: AnalogHardware,
    policy: Policy | None = None,
    *,
    seed: int = 0,
) -> nn.Module:
    """Return a copy of a model whose layers on tiles are noisy while it is in training mode.

    In evaluation mode it computes as the model does. What a recipe leaves out is taken from the hardware if it is a
    converter, and left out if it is noise. Matrices of recurrent layers, of attention, and of convolutions that are
    transposed or over three axes, are trained without noise.

    Args:
        module: a network in floating point; it is left as it is.
        recipe: strengths of noise, bounds and bits, with every question answered.
        hardware: tiles, scaling, devices and converters.
        policy: which layers are on tiles, as for `convert_to_analog`.
        seed: of all noise.

    Raises:
        StudyError: the recipe leaves something open, or a layer of its kind cannot be trained so.
        AnalogError: no layer can be put on tiles, or the policy is off.
    """
    recipe = recipe.settled()
    converted = conversion_of(convert_to_analog(module, hardware, policy)).analog
    chosen = [layer.name for layer in converted if not layer.part_of]
    noisy = copy.deepcopy(module)
    scales: dict[int, nn.Parameter] = {}  # one set for weights that layers share
    for name in chosen:
        layer = noisy.get_submodule(name)
        # One module in two places; or a kind that is trained without noise.
        if isinstance(layer, (*_PLAIN, nn.Conv3d, *TRANSPOSED)):
            continue
        if type(layer) not in _NOISY:
            raise StudyError(
                f"{name or 'the module'}, a {type(layer).__name__}, cannot be trained with noise",
                "its forward pass is its own",
                "leave it digital by the policy, or use Linear, Conv1d or Conv2d",
            )
        weight: torch.Tensor = layer.weight
        layer.__class__ = _NOISY[type(layer)]
        layer.hwa = HwaCore(Injection(recipe, hardware.of(name), name, seed), weight)
        learns = recipe.learnt_input_bound or hardware.of(name).dac.bound == "learnt"
        layer.input_bound = nn.Parameter(weight.detach().new_zeros(())) if learns else None
        if recipe.learnt_output_scales and id(weight) not in scales:
            scales[id(weight)] = _unit_scales(layer, recipe, hardware.of(name), name)
        layer.output_scales = scales.get(id(weight))
    return noisy


def _unit_scales(layer: nn.Module, recipe: HwaRecipe, hardware: AnalogHardware, name: str) -> nn.Parameter:
    """Return learnt scales of a layer's outputs, all 1 as aihwkit begins: tiles below each other down, outputs across.

    Raises:
        StudyError: each column is to have one, and the largest weight is that of the whole tile.
    """
    weight: torch.Tensor = layer.weight
    outputs = len(weight)
    if recipe.learnt_output_scales == "column" and hardware.scale != "column":
        raise StudyError(
            f"scales learnt for each output of {name or 'the module'}, whose weights are scaled by the tile",
            "its noise and bounds would be scaled with the largest of them",
            "give hardware with `scale: column`, or learn a scale for each tile",
        )
    if recipe.learnt_output_scales == "tile":
        groups = int(getattr(layer, "groups", 1))
        outputs = groups * len(hardware.col_parts(outputs // groups))
    return nn.Parameter(weight.detach().new_ones((len(hardware.row_parts(weight[0].numel())), outputs)))


@torch.no_grad()
def clip_weights(noisy: nn.Module, sigmas: float | None = None) -> None:
    """Clip the weights of noisy layers; for after each step of the optimiser.

    Noise is relative to the largest weight, so that one outlier makes it larger for all others. Joshi et al. clip in
    the same way; per channel, it is aihwkit-lightning's `LAYER_GAUSSIAN_PER_CHANNEL`.

    Args:
        noisy: what `inject` returned.
        sigmas: so many standard deviations of each layer, above 0; 1.5 to 3 are usual. If left out, the recipe's
            `weight_clip`.

    Raises:
        StudyError: it is not above 0, or neither it nor the recipe says where.
    """
    if sigmas is not None and not sigmas > 0:
        raise StudyError(
            f"weights clipped to {sigmas} standard deviations", "nothing would be left", "give 2"
        )
    given = None if sigmas is None else Strength(sigmas, "weight_std")
    for layer in noisy.modules():
        if isinstance(layer, HwaLinear | HwaConv1d | HwaConv2d):
            clip = given or layer.hwa.injection.recipe.weight_clip
            if clip is None:
                raise StudyError(
                    "weights are to be clipped, and nothing says where",
                    "the recipe has no `weight_clip`",
                    "give standard deviations, such as `clip_weights(noisy, 2.0)`",
                )
            limit: torch.Tensor | float = clip.value
            if clip.relative_to == "weight_std":
                weight = layer.weight
                each = weight.flatten(1).std(1).view(-1, *(1,) * (weight.dim() - 1))
                limit = clip.value * (each if clip.per == "channel" else weight.std())
            layer.weight.copy_(torch.clamp(layer.weight, -torch.as_tensor(limit), torch.as_tensor(limit)))


def distillation_loss(
    student: torch.Tensor,
    teacher: torch.Tensor,
    distillation: Distillation,
    of_labels: torch.Tensor | None = None,
) -> torch.Tensor:
    """Return the loss of a student towards a teacher: T²·KL(softmax(teacher/T) ‖ softmax(student/T)), mean of a batch.

    G. Hinton, O. Vinyals, J. Dean, "Distilling the knowledge in a neural network", arXiv:1503.02531, section 2.

    Args:
        student: logits of the noisy model, classes last.
        teacher: logits of the model in floating point; no gradient passes to it.
        distillation: temperature, and the share of the loss that is the teacher's.
        of_labels: the loss with the labels, where that share is below 1.

    Raises:
        StudyError: a temperature is not above 0, a share not between 0 and 1, or the loss with the labels is missing.
    """
    temperature, share = distillation.temperature, distillation.share
    if not 0 < temperature < float("inf") or not 0 <= share <= 1 or (share < 1 and of_labels is None):
        raise StudyError(
            f"distillation at a temperature of {temperature:g} with a share of {share:g}",
            "a temperature is above 0, a share between 0 and 1, and below 1 the rest is the loss with the labels",
            "correct the value, or give `of_labels`",
        )
    wanted = (teacher.detach() / temperature).flatten(0, -2).log_softmax(-1)
    found = (student / temperature).flatten(0, -2).log_softmax(-1)
    loss = temperature**2 * nn.functional.kl_div(found, wanted, reduction="batchmean", log_target=True)
    return loss if of_labels is None else share * loss + (1 - share) * of_labels


def finished(noisy: nn.Module) -> nn.Module:
    """Return the model to keep: a copy with ordinary layers and the trained weights.

    Learnt scales of outputs are multiplied into the weights. A bound that was learnt stays on its layer as the number
    `input_bound`, where `convert_to_analog` finds it.
    """
    plain = copy.deepcopy(noisy)
    merged: set[int] = set()
    for layer in plain.modules():
        if not isinstance(layer, HwaLinear | HwaConv1d | HwaConv2d):
            continue
        bound = layer.input_bound
        if id(layer.weight) not in merged:
            merged.add(id(layer.weight))
            with torch.no_grad():
                layer.weight.copy_(scaled_weight(layer))
        del layer.hwa, layer.input_bound, layer.output_scales
        layer.__class__ = _PLAIN[type(layer)]
        if bound is not None:
            layer.input_bound = float(bound.detach())
    return plain


def recipe_for(hardware: AnalogHardware, drift_at_s: tuple[float, ...] = ()) -> HwaRecipe:
    """Return the recipe that trains a model for exactly what a hardware does to it.

    Args:
        hardware: its device, noise and converters.
        drift_at_s: seconds after programming that training draws from; none leaves drift out.
    """
    return HwaRecipe(
        weight_noise=Strength(1.0, "device_model"),
        read_noise=Strength(1.0, "device_model"),
        adc_noise=Strength(hardware.output_noise, "w_max") if hardware.output_noise else None,
        input_noise=Strength(hardware.input_noise, "input_bound") if hardware.input_noise else None,
        drift=TrainedDrift(type(hardware.device).__name__, at_s=drift_at_s) if drift_at_s else None,
    )
