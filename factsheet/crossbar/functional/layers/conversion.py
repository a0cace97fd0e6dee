"""Put a network on crossbars, and report which layers go there, which stay digital, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from torch import nn
from torch.nn.utils import parametrize

from factsheet.crossbar.functional.layers.analog_layers import AnalogLayer, AnalogLinear
from factsheet.crossbar.functional.layers.composite_layers import (
    CompositeLayer,
    HeldMatrix,
    held_matrices,
    is_composite,
)
from factsheet.crossbar.functional.layers.equivalence import plain_copy, why_beside, why_digital
from factsheet.crossbar.functional.layers.substitutes import (
    can_convert,
    check_shared,
    composed,
    matrix_of,
    substitute,
    take_bounds,
)
from factsheet.crossbar.functional.tiles.analog_matrix import AnalogMatrix
from factsheet.errors import AnalogError
from factsheet.networks.policy import Policy, fits
from factsheet.networks.regions import region_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.networks.operators import Network

_NOTE = "_factsheet_conversion"


class Converted(NamedTuple):
    """A layer that is on crossbars."""

    name: str
    rows: int
    cols: int
    tiles: int
    shares_with: str
    """The layer whose conductances it uses; empty if it has its own."""
    part_of: str = ""
    """The layer that holds the matrix among others: a recurrent one, or attention."""


class LeftDigital(NamedTuple):
    """A module with weights that stays as it is."""

    name: str
    kind: str
    reason: str


class Conversion(NamedTuple):
    """The outcome for every module with weights."""

    analog: tuple[Converted, ...]
    digital: tuple[LeftDigital, ...]

    @property
    def tiles(self) -> int:
        """Tiles in all; shared weights count once."""
        return sum(layer.tiles for layer in self.analog if not layer.shares_with)

    @property
    def text(self) -> str:
        """One line for each module."""
        lines = [
            f"{layer.name or '(the module)'}: {layer.rows}×{layer.cols} on "
            + (f"the tiles of {layer.shares_with}" if layer.shares_with else f"{layer.tiles} tiles")
            for layer in self.analog
        ]
        lines += [
            f"{layer.name or '(the module)'}: digital, {layer.kind}: {layer.reason}" for layer in self.digital
        ]
        return "\n".join(lines)


def convert_to_analog(
    module: nn.Module, hardware: AnalogHardware, policy: Policy | None = None, *, inplace: bool = False
) -> nn.Module:
    """Return a copy of the module with its layers on crossbars, still to be programmed.

    Dense layers, convolutions, recurrent layers and attention are converted (adapters of PEFT stay digital
    beside them), each only if a probe input shows that on
    ideal hardware it computes the same; everything else stays digital, and `conversion_of` lists it with the reason.
    What `torch.compile` made of a part that has layers on crossbars is undone.

    Args:
        module: a network in floating point.
        hardware: what its layers are put on; `hardware.layers` says where some of them differ.
        policy: which layers stay digital, by names as in `factsheet derive`; None: none that can be converted.
        inplace: convert the module itself, which saves the memory of a copy.

    Raises:
        AnalogError: a pattern of the policy or the hardware fits no layer, or asks for one on tiles that cannot be
            converted; a weight is NaN or infinite; nothing is left to convert.
    """
    policy = policy or Policy()
    if not inplace:
        module = plain_copy(module)
    names, reasons = _sides(module, policy)
    matrices: dict[tuple[int, int, bool], AnalogMatrix] = {}
    done: dict[int, AnalogLayer] = {}
    report: list[Converted] = []
    for name in names:
        layer = module.get_submodule(name)
        # The same module under two names: already replaced in its parent.
        if isinstance(layer, AnalogLayer | CompositeLayer):
            continue
        if is_composite(layer):
            module = _put(
                module, name, _composite(module, name, hardware, policy, matrices=matrices, report=report)
            )
            continue
        if id(layer) not in done:
            done[id(layer)] = substitute(layer, matrix_of(layer, hardware, name, matrices))
        new = done[id(layer)]
        mapped = new.matrix.mapped
        own = new.matrix.name
        report.append(
            Converted(name, mapped.matrix.rows, mapped.matrix.cols, mapped.tiles, "" if own == name else own)
        )
        module = _put(module, name, new)
    if not report:
        raise AnalogError(
            "no layer of the module can be put on crossbars",
            "the simulation would be the digital network",
            "; ".join(sorted({one.reason for one in reasons})) or "it has no weights",
        )
    check_patterns(hardware, [one.name for one in report])
    _close_shortcuts(module)
    module = _uncompiled(module)
    setattr(module, _NOTE, Conversion(tuple(report), tuple(reasons)))
    return module


def check_patterns(hardware: AnalogHardware, names: Iterable[str]) -> None:
    """Refuse hardware of layers that none of those on tiles is.

    Args:
        hardware: has patterns of names.
        names: of the layers on tiles.

    Raises:
        AnalogError: a pattern fits none of them.
    """
    for layer in hardware.layers:
        if not any(fits(layer.pattern, name) for name in names):
            raise AnalogError(
                f"hardware of the layers `{layer.pattern}`: the pattern fits no layer on tiles",
                "hardware without effect would go unnoticed in the figures",
                f"layers on tiles are {', '.join(list(names)[:8])}; `*` stands for any part of a name",
            )


def _put(module: nn.Module, name: str, new: nn.Module) -> nn.Module:
    """Put a layer in the place of the one of that name, which may be the module itself."""
    if not name:
        return new
    parent, _, child = name.rpartition(".")
    setattr(module.get_submodule(parent), child, new)
    return module


def _composite(
    module: nn.Module,
    name: str,
    hardware: AnalogHardware,
    policy: Policy,
    *,
    matrices: dict[tuple[int, int, bool], AnalogMatrix],
    report: list[Converted],
) -> nn.Module:
    """Return a layer of several matrices with those on crossbars that the policy does not leave digital."""
    layer = module.get_submodule(name)
    products: dict[str, nn.Module] = {}
    for held in _held(module, name):
        full = _full(name, held)
        if any(fits(pattern, full) for pattern in policy.digital):
            plain = nn.Linear(
                held.weight.shape[1], held.weight.shape[0], held.bias is not None, device="meta"
            )
            plain.weight = held.weight
            if held.bias is not None:
                plain.bias = held.bias
            products[held.name] = plain
            continue
        key = (id(held.weight), 1, False)
        matrix = matrices.setdefault(key, AnalogMatrix(held.weight, hardware.of(full), full))
        check_shared(matrix, hardware.of(full), full)
        take_bounds(matrix, *getattr(layer, "matrix_bounds", {}).get(held.name, (None, None)))
        products[held.name] = AnalogLinear(matrix, held.bias)
        sizes, shared = matrix.mapped.matrix, "" if matrix.name == full else matrix.name
        report.append(
            Converted(full, sizes.rows, sizes.cols, matrix.mapped.tiles, shared, name or "(the module)")
        )
    return composed(layer, products)


def _held(module: nn.Module, name: str) -> list[HeldMatrix]:
    """Return the matrices of a composite layer; attention to a decoder's memory has queries from elsewhere."""
    return list(held_matrices(module.get_submodule(name), of_memory=_is_of_memory(module, name)))


def _is_of_memory(module: nn.Module, name: str) -> bool:
    parent, _, child = name.rpartition(".")
    return child == "multihead_attn" and isinstance(module.get_submodule(parent), nn.TransformerDecoderLayer)


def _full(name: str, held: HeldMatrix) -> str:
    """Return the name of a matrix in the whole network, as `factsheet inspect` has it."""
    own = held.stored_as or held.name
    return f"{name}.{own}" if name else own


def conversion_of(analog: nn.Module) -> Conversion:
    """Return what `convert_to_analog` did with each module.

    Raises:
        AnalogError: the module does not come from `convert_to_analog`.
    """
    found = getattr(analog, _NOTE, None)
    if not isinstance(found, Conversion):
        raise AnalogError(
            "the module was not converted", "there is nothing to report", "see `convert_to_analog`"
        )
    return found


def analog_layers(module: nn.Module) -> dict[str, AnalogLayer]:
    """Return the layers on crossbars, by name."""
    return {name: one for name, one in module.named_modules() if isinstance(one, AnalogLayer)}


def left_digital(module: nn.Module, policy: Policy) -> tuple[LeftDigital, ...]:
    """Return what of a network would stay digital, and why.

    Raises:
        AnalogError: the policy names what is not there, or cannot be done.
    """
    return tuple(_sides(module, policy)[1])


def not_simulated(module: nn.Module, network: Network) -> Iterator[str]:
    """Yield what of a network's matrices on tiles a simulation of the module leaves digital, and why.

    Args:
        module: the module that the network was traced from.
        network: its operators.
    """
    on_tiles = {region_of(name).tensor for matrix in network.analog for name in (matrix.storage, matrix.name)}
    for one in left_digital(module, Policy()):
        if one.name in on_tiles:  # a layer, or a matrix of a layer of several
            yield f"`simulate` leaves {one.name} digital, of {one.kind}: {one.reason}"
            continue
        held = [
            f"{one.name}.{name}" if one.name else name
            for name, _ in module.get_submodule(one.name).named_parameters(recurse=False)
        ]
        lost = [name for name in held if name in on_tiles or name.removesuffix(".weight") in on_tiles]
        if lost:
            yield f"`simulate` leaves {', '.join(lost)} digital, of {one.kind}: {one.reason}"
    for name, part in module.named_modules():
        if not isinstance(part, nn.MultiheadAttention):
            continue
        own = f"{name}.in_proj_weight" if name else "in_proj_weight"
        used = [m.storage for m in network.analog_stored if region_of(m.storage).tensor == own]
        held = [full for one in _held(module, name) if region_of(full := _full(name, one)).tensor == own]
        if used and held and set(used) != set(held):
            yield (
                f"`simulate` puts {', '.join(held)} on tiles, since it does not see this run, which multiplies by "
                f"{', '.join(used)}: tiles are counted for these"
            )


def _sides(module: nn.Module, policy: Policy) -> tuple[list[str], list[LeftDigital]]:
    """Return the names of the layers to convert, and what is left digital."""
    names: list[str] = []
    reasons: list[LeftDigital] = []
    used: set[str] = set()
    closed: tuple[str, ...] = ()
    moved = _by_policy(module, policy, used)
    beside = why_beside(module)
    # A module that is in two places is converted in both: duplicates stay in.
    for name, one in module.named_modules(remove_duplicate=False):
        if closed and any(name == above or name.startswith(above + ".") for above in closed):
            continue
        kind = type(one).__name__
        if is_composite(one):
            closed = (*closed, name) if name else closed
            held = [_full(name, matrix) for matrix in _held(module, name)]
            left = [matrix for matrix in held if moved.get(matrix) == "digital"]
            reasons += [LeftDigital(matrix, kind, "the policy says so") for matrix in left]
            whole = why_digital(one, of_memory=_is_of_memory(module, name)) if len(left) < len(held) else ""
            reasons += [LeftDigital(matrix, kind, whole) for matrix in held if whole and matrix not in left]
            names += [name] if len(left) < len(held) and not whole else []
            if not name:
                break
        elif can_convert(one):
            closed = (
                *closed,
                f"{name}.parametrizations" if name else "parametrizations",
            )  # part of the layer
            if moved.get(name) == "digital":
                reasons.append(LeftDigital(name, kind, "the policy says so"))
            elif moved.get(name) != "analog" and name in beside:
                reasons.append(LeftDigital(name, kind, beside[name]))
            elif reason := why_digital(one):
                reasons.append(LeftDigital(name, kind, reason))
            else:
                names.append(name)
        elif any(True for _ in one.parameters(recurse=False)):
            reasons.append(LeftDigital(name, kind, "no layer of this kind is simulated"))
    _all_of_use(policy, used, reasons, moved)
    return names, reasons


def _all_of_use(policy: Policy, used: set[str], reasons: list[LeftDigital], moved: dict[str, str]) -> None:
    for pattern in (*policy.digital, *policy.analog):
        if pattern not in used:
            raise AnalogError(
                f"`{pattern}` fits the name of no layer with a matrix",
                "a pattern without effect would go unnoticed in the figures",
                "`factsheet inspect` lists the names; `*` stands for any part of one",
            )
    for one in reasons:
        if any(fits(pattern, one.name) for pattern in policy.analog) and moved.get(one.name) != "digital":
            raise AnalogError(
                f"{one.name}, a {one.kind}, is asked for on tiles", one.reason, "leave it digital"
            )


def _by_policy(module: nn.Module, policy: Policy, used: set[str]) -> dict[str, str]:
    """Return the side that the policy asks for, by name; layers that share weights move together."""
    every = list(module.named_modules(remove_duplicate=False))
    composite = [(name, one) for name, one in every if is_composite(one)]
    within = {id(part) for _, one in composite for part in one.modules()}
    layers = [
        (name, one)
        for name, one in every
        if id(one) not in within and (can_convert(one) or any(True for _ in one.parameters(recurse=False)))
    ]
    # Names of matrices, with what tells shared ones; `None` where a pattern may fit and nothing can be moved.
    named: list[tuple[str, int | None]] = [
        (name, id(_stored(one)) if can_convert(one) else None) for name, one in layers
    ]
    several = [(_full(name, held), held.weight) for name, _ in composite for held in _held(module, name)]
    named += [(name, id(weight)) for name, weight in several]
    sides: dict[int, str] = {}
    for side, patterns in (("digital", policy.digital), ("analog", policy.analog)):
        for pattern in patterns:
            for name, weight in named:
                if not fits(pattern, name):
                    continue
                used.add(pattern)
                if weight is not None and sides.setdefault(weight, side) != side:
                    raise AnalogError(
                        f"{name} is asked for on tiles and digitally",
                        "a matrix is on one side",
                        "make one of the patterns narrower",
                    )
    return {name: sides[weight] for name, weight in named if weight in sides}


def _stored(layer: nn.Module) -> object:
    """Return what layers with the same weights share; weights that are made anew at each look are nobody else's."""
    return layer if parametrize.is_parametrized(layer) else layer.weight


def _uncompiled(module: nn.Module) -> nn.Module:
    """Return the module without what torch compiled of its parts on crossbars: that would compute digitally."""
    for name, one in list(module.named_modules(remove_duplicate=False)):
        # Its class is known by name: importing it takes seconds where nothing is compiled.
        if type(one).__name__ == "OptimizedModule" and hasattr(one, "_orig_mod") and analog_layers(one):
            module = _put(module, name, one._orig_mod)  # noqa: SLF001  has no public name
    for one in module.modules():
        if one._compiled_call_impl is not None and analog_layers(one):  # noqa: SLF001  has no public name
            one._compiled_call_impl = None  # noqa: SLF001
    return module


def _close_shortcuts(module: nn.Module) -> None:
    """Torch's transformer layers compute with the weights of their parts in evaluation mode; make them call those."""
    for one in module.modules():
        if isinstance(one, nn.TransformerEncoderLayer):
            # The first condition that their `forward` looks at and that changes nothing else.
            one.activation_relu_or_gelu = 0
