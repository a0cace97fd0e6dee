"""Which sizes an ONNX graph is read at: by the names of its axes and by what reads them, said, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
import pytest
from onnx import TensorProto
from onnx_cases import dynamic_image, given, ints, model, node, sequence_first, zeros
from onnx_weight_cases import chosen_by_a_shape, chosen_by_the_data

from factsheet.errors import WorkloadError
from factsheet.networks.family import Run
from factsheet.networks.from_models import onnx_graph
from factsheet.networks.operators import Size

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import DTypeLike

    from factsheet.networks.operators import Network

INT64 = TensorProto.INT64
ASKED = frozenset({"seq_len"})


def read(made: onnx.ModelProto, folder: Path, run: Run) -> Network:
    onnx.save(made, folder / "net.onnx")
    return onnx_graph.read(folder / "net.onnx", run)


def calls(network: Network) -> list[int]:
    return [matrix.calls for matrix in network.static]


def with_cache() -> onnx.ModelProto:
    nodes = [
        node("Gather", "t ids", "e"),
        node("MatMul", "e k", "new"),
        node("Reshape", "new s", "heads"),
        node("Transpose", "heads", "moved", perm=[0, 2, 1, 3]),
        node("Concat", "past moved", "all", axis=2),
        node("Transpose", "all", "turned", perm=[0, 1, 3, 2]),
        node("MatMul", "moved turned"),
    ]
    past = given("past", "batch_size", 4, "past_sequence_length", 16)
    inputs = [given("ids", "batch_size", "sequence_length", kind=INT64), past]
    return model(nodes, inputs, [zeros("t", 100, 64), zeros("k", 64, 64), ints("s", [0, 0, 4, 16])])


def test_a_cache_is_not_taken_for_an_image_of_four_axes(tmp_path: Path) -> None:
    network = read(with_cache(), tmp_path, Run(12, asked=ASKED))
    assert [product.macs for product in network.dynamic] == [4 * 12 * 16 * 12]
    assert Size("sequence length", "12", "asked") in network.sizes
    assert Size("past_sequence_length", "0", "assumed") in network.sizes


def test_an_axis_is_given_by_its_name(tmp_path: Path) -> None:
    network = read(with_cache(), tmp_path, Run(1, dims=(("past_sequence_length", 30),), asked=ASKED))
    assert [product.macs for product in network.dynamic] == [4 * 1 * 16 * 31]
    assert Size("past_sequence_length", "30", "asked") in network.sizes


@pytest.mark.parametrize("names", [("h", "w"), ("height", "width"), ("x[2]", "x[3]")])
def test_an_image_is_not_square(names: tuple[str, str], tmp_path: Path) -> None:
    dims = tuple(zip(names, (48, 320), strict=True))
    network = read(dynamic_image(), tmp_path, Run(dims=dims))
    assert calls(network) == [48 * 320]
    assert network.sizes == (Size("image", "48 x 320", "asked"),)
    assert calls(read(dynamic_image(), tmp_path, Run(image_size=(48, 320)))) == [48 * 320]


def test_a_name_that_no_axis_has_is_refused_with_those_that_some_have(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError) as caught:
        read(dynamic_image(), tmp_path, Run(dims=(("depth", 3),)))
    assert "`h`, `n`, `w`" in caught.value.help


def test_a_batch_is_one_wherever_its_axis_is(tmp_path: Path) -> None:
    assert calls(read(sequence_first(), tmp_path, Run(7, asked=ASKED))) == [7, 7]


def without_names(kind: str) -> onnx.ModelProto:
    """A graph none of whose axes has a name; what reads them says what they are."""
    if kind == "image":
        nodes = [node("Transpose", "x", "t", perm=[0, 3, 1, 2]), node("Conv", "t w")]
        return model(nodes, [given("x", None, None, None, 3)], [zeros("w", 8, 3, 1, 1)])
    nodes = [node("LSTM", "x w r", hidden_size=4)]
    return model(nodes, [given("x", None, None, 8)], [zeros("w", 1, 16, 8), zeros("r", 1, 16, 4)])


def test_a_convolution_says_which_axes_are_those_of_an_image(tmp_path: Path) -> None:
    network = read(
        without_names("image"), tmp_path, Run(image_size=(10, 20), asked=frozenset({"image_size"}))
    )
    assert calls(network) == [200]
    assert network.sizes == (Size("image", "10 x 20", "asked"),)


def test_a_recurrent_cell_says_which_axis_is_the_sequence(tmp_path: Path) -> None:
    network = read(without_names("cell"), tmp_path, Run(9, asked=ASKED))
    assert calls(network) == [9, 9]
    assert network.sizes == (Size("sequence length", "9", "asked"),)


def test_what_nothing_says_is_said_to_be_assumed(tmp_path: Path) -> None:
    made = model([node("Relu", "x", "a"), node("Relu", "a")], [given("x", None, None, 5)])
    network = read(made, tmp_path, Run(6))
    assert Size("x[1]", "6", "assumed") in network.sizes
    assert "--dim 'x[1]=" in " ".join(network.notes)


def fixed(*shape: int) -> onnx.ModelProto:
    weight = zeros("w", 8, 3, 1, 1) if len(shape) == 4 else zeros("w", shape[-1], 4)
    return model([node("Conv" if len(shape) == 4 else "MatMul", "x w")], [given("x", *shape)], [weight])


def test_a_length_that_the_file_does_not_take_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match="is 10 in the file, and 12 is asked for"):
        read(fixed(1, 10, 64), tmp_path, Run(12, asked=ASKED))
    assert read(fixed(1, 10, 64), tmp_path, Run(128)).sizes == (
        Size("sequence length", "10", "fixed in the file"),
    )


def test_an_image_that_the_file_does_not_take_is_refused(tmp_path: Path) -> None:
    asked = frozenset({"image_size"})
    with pytest.raises(WorkloadError, match="height of the image is 8 in the file, and 48 is asked for"):
        read(fixed(1, 3, 8, 8), tmp_path, Run(image_size=(48, 8), asked=asked))
    with pytest.raises(WorkloadError, match="takes no image"):
        read(fixed(1, 10, 64), tmp_path, Run(image_size=(48, 8), asked=asked))


def test_more_tokens_than_positions_are_refused(tmp_path: Path) -> None:
    nodes = [
        node("Shape", "ids", "s"),
        node("Gather", "s one", "n", axis=0),
        node("Range", "zero n one", "places"),
        node("Gather", "p places", "e"),
        node("Gather", "t ids", "w"),
        node("Add", "w e"),
    ]
    stored = [zeros("p", 16, 8), zeros("t", 100, 8), ints("zero", 0), ints("one", 1)]
    made = model(nodes, [given("ids", "batch", "sequence", kind=INT64)], stored)
    assert read(made, tmp_path, Run(16)).parameters == 116 * 8
    with pytest.raises(WorkloadError, match="row 16 of a table of 16"):
        read(made, tmp_path, Run(17))


def test_shapes_that_do_not_fit_are_refused_with_the_node(tmp_path: Path) -> None:
    made = model([node("Add", "x b")], [given("x", "batch", "sequence", 8)], [zeros("b", 16, 8)])
    with pytest.raises(WorkloadError, match=r"'add\.1' \(Add\) cannot run on 1 x 17 x 8 and 16 x 8"):
        read(made, tmp_path, Run(17))


def test_a_branch_that_is_not_counted_is_named(tmp_path: Path) -> None:
    network = read(chosen_by_the_data(), tmp_path, Run(1))
    assert calls(network) == [0, 0, 10]
    assert "the else branch (61,440 MACs) is counted" in network.notes[0]


def test_a_matrix_that_the_run_does_not_reach_is_named(tmp_path: Path) -> None:
    assert read(chosen_by_a_shape(), tmp_path, Run(1)).unreached == {"u": 2048}


def test_a_node_that_nobody_knows_keeps_the_shapes_that_the_file_declares(tmp_path: Path) -> None:
    nodes = [node("Mystery", "x", "m", domain="own"), node("MatMul", "m w")]
    made = model(nodes, [given("x", "batch", "sequence", 8)], [zeros("w", 8, 4)])
    network = read(made, tmp_path, Run(5))
    assert network.unknown[0].what == "onnx::Mystery"
    assert network.analog_weights == 32  # stored, though nobody knows how often it is used
    made.graph.value_info.append(given("m", "batch", "sequence", 8))
    network = read(made, tmp_path, Run(5))
    assert [one.what for one in network.unknown] == ["onnx::Mystery"]
    assert calls(network) == [5]


def test_sines_of_positions_are_no_parameters(tmp_path: Path) -> None:
    angles = np.arange(20)[:, None] / 100 ** (np.arange(4)[None] / 4)
    table = onnx.numpy_helper.from_array(
        np.concatenate([np.sin(angles), np.cos(angles)], 1).astype(np.float32), "p"
    )
    nodes = [node("Slice", "p zero ten", "s"), node("Add", "x s")]
    made = model(nodes, [given("x", 1, 10, 8)], [table, ints("zero", [0]), ints("ten", [10])])
    assert read(made, tmp_path, Run(10)).parameters == 0


def points(name: str) -> onnx.ModelProto:
    nodes = [node("Transpose", "x", "t", perm=[0, 2, 1]), node("MatMul", "t w")]
    return model(nodes, [given("x", "batch", 64, name)], [zeros("w", 64, 96)])


def test_an_axis_whose_name_says_something_else_is_no_sequence(tmp_path: Path) -> None:
    network = read(points("num_points"), tmp_path, Run(7, asked=ASKED))
    assert Size("num_points", "7", "assumed") in network.sizes
    assert any("--dim 'num_points=" in note for note in network.notes)
    for name in ("sequence_length", "unk__7", "d1"):
        assert (
            Size("sequence length", "7", "asked") in read(points(name), tmp_path, Run(7, asked=ASKED)).sizes
        )


@pytest.mark.parametrize(
    ("made", "run", "said"),
    [
        (
            dynamic_image,
            Run(image_size=(64, 64), dims=(("height", 48),), asked=frozenset({"image_size"})),
            "the height of the image is asked for as 48 and as 64",
        ),
        (
            lambda: points("sequence_length"),
            Run(7, dims=(("sequence_length", 9),), asked=ASKED),
            "the sequence length is asked for as 9 and as 7",
        ),
        (
            lambda: points("num_points"),
            Run(dims=(("num_points", 9), ("x[2]", 8))),
            "`num_points` is asked for as 9 and as 8",
        ),
    ],
)
def test_two_sizes_of_one_axis_are_refused(
    made: Callable[[], onnx.ModelProto], run: Run, said: str, tmp_path: Path
) -> None:
    with pytest.raises(WorkloadError, match=said):
        read(made(), tmp_path, run)


def test_a_length_that_another_input_takes_may_stand_beside_a_named_one(tmp_path: Path) -> None:
    nodes = [node("MatMul", "a w", "b"), node("MatMul", "x w", "c"), node("Concat", "b c", axis=1)]
    inputs = [given("a", "batch", "source_length", 64), given("x", "batch", "target_length", 64)]
    made = model(nodes, inputs, [zeros("w", 64, 96)])
    network = read(made, tmp_path, Run(7, dims=(("source_length", 9),), asked=ASKED))
    assert sorted(calls(network)) == [7, 9]


def test_a_side_that_was_asked_for_is_not_called_assumed(tmp_path: Path) -> None:
    network = read(dynamic_image(), tmp_path, Run(dims=(("height", 48),)))
    assert Size("image height", "48", "asked") in network.sizes
    assert Size("image width", "224", "assumed") in network.sizes
    assert not network.takes_length


def test_a_first_axis_that_may_be_a_batch_is_named(tmp_path: Path) -> None:
    network = read(
        model([node("MatMul", "x w")], [given("x", 4, 10, 64)], [zeros("w", 64, 96)]), tmp_path, Run()
    )
    assert calls(network) == [40]
    assert any(
        "fixes axis 0 of `x` at 4" in note and "not for one of a batch" in note for note in network.notes
    )
    one = model([node("MatMul", "x w")], [given("x", 1, 10, 64)], [zeros("w", 64, 96)])
    assert not read(one, tmp_path, Run()).notes


@pytest.mark.parametrize(("kind", "missing"), [(np.uint8, True), (np.int32, True), (np.float32, False)])
def test_whole_numbers_that_an_unknown_node_reads_may_be_several_weights_each(
    kind: DTypeLike, missing: bool, tmp_path: Path
) -> None:
    made = model([node("Mystery", "x w", domain="own")], [given("x", 1, 8)], [zeros("w", 8, 4, kind=kind)])
    assert read(made, tmp_path, Run()).parameters_missing is missing
