"""Figures that texts repeat: the smallest that count, the words around them, and the sections that they are in."""

from __future__ import annotations

import pytest
from one_rule import findings, messages

from factsheet.checks.rules.wording.prose_figure_against_field import RULE


def said(what: str) -> str:
    """Return the message, of its two figures."""
    written, stated = what.split(" | ")
    return f"the text says {written}, and the sheet states {stated}"


def layers_of(*kinds: str) -> str:
    sizes = {"conv": "channels: 8, kernel: 3", "linear": "channels: 10"}
    listed = ", ".join(f"{{kind: {kind}, {sizes[kind]}}}" for kind in kinds)
    return f"model_architecture: {{convolutional: {{image_size: 28, channels: 1, layers: [{listed}]}}}}\n"


def encoder(layers: str = "12", hidden: str = "768", heads: str = "16", wide: str = "3072") -> str:
    return (
        f"model_architecture: {{transformer_encoder: {{layers: {layers}, hidden_size: {hidden}, heads: {heads},"
        f" intermediate_size: {wide}}}}}\n"
    )


def mlp(sizes: str) -> str:
    return f"model_architecture: {{mlp: {{sizes: {sizes}}}}}\n"


def rows(*classes: int) -> str:
    tasks = ", ".join(
        f"{{task: {name}, classes: {number}, scores: {{c: 90 %}}}}"
        for name, number in zip("ABCDE", classes, strict=False)
    )
    return (
        "performance:\n  results: [{name: T, metric: accuracy, systems: [{id: c, name: Chip}],"
        f" tasks: [{tasks}]}}]\n"
    )


def points(*batches: str) -> str:
    listed = ", ".join(f"{{seq_len: 32, batch: {batch}, total_ops: 1 G ops}}" for batch in batches)
    return f"  operating_points: [{listed}]\n"


DECODER = (
    "model_architecture: {transformer_decoder: {layers: 2, hidden_size: 64, heads: 8, kv_heads: 4,"
    " intermediate_size: 256, vocabulary: 1000, experts: 6, active_experts: 2}}\n"
)
LSTM = "model_architecture: {recurrent: {cell: lstm, input_size: 40, hidden_size: 256, layers: 3}}\n"
NOTED = "parameters: {parameters: 110 million, notes: "
BLOCK = "parameters:\n  parameters: 110 million\n  notes: |\n"
UNSAID = "{not_disclosed: It is not published.}"
SETS = "training_data: {name: D, size: 60000}\ntest_data: {name: E, size: 10000%s}\n"


@pytest.mark.parametrize(
    ("fields", "sentence", "found"),
    [
        # One layer is often one of them; two are said of all.
        (encoder(), "The network has 1 layers.", []),
        (encoder(), "The network has 2 layers.", ["2 layers | 12"]),
        (encoder(), "It has 1 encoder layers.", []),
        (encoder(), "It has 2 encoder layers.", ["2 encoder layers | 12"]),
        (encoder(), "Its embeddings go through 2 encoder layers.", ["2 encoder layers | 12"]),
        (encoder(), "It is a 1-layer network.", []),
        (encoder(), "It is a 2-layer network.", ["2-layer | 12"]),
        (encoder(), "It has 1 encoder blocks.", []),
        (encoder(), "It has 2 encoder blocks.", ["2 encoder blocks | 12"]),
        (encoder(), "The encoder has 1 blocks.", []),
        (encoder(), "The encoder has 2 blocks.", ["2 blocks | 12"]),
        # Heads of one layer, of all, or those that keys and values share; none follows from what is not said.
        (encoder(heads="1"), "It has 12 attention heads.", []),
        (encoder(heads="1"), "The network has 3 heads.", ["3 heads | 1 and 12"]),
        (encoder(heads=UNSAID), "It has 24 attention heads.", []),
        (encoder(heads=UNSAID), "The network has 24 heads.", []),
        (encoder(layers=UNSAID), "It has 24 attention heads.", ["24 attention heads | 16"]),
        (DECODER, "It has 8 attention heads.", []),
        (DECODER, "It has 4 attention heads.", []),
        (DECODER, "It has 16 attention heads.", []),  # 2 layers of 8
        (DECODER, "It has 6 attention heads.", ["6 attention heads | 8 and 4 and 16"]),
        (DECODER, "It has 6 experts.", []),
        # Of a mixture as of parts: `expert` is a word of what not all of a model is.
        (DECODER, "It has a vocabulary of 2,000.", ["2,000 | 1000"]),
        (LSTM, "The network has 2 layers.", ["2 layers | 3"]),
        (LSTM, "The network has 3 LSTM layers.", []),
        (LSTM, "It takes 20 coefficients.", ["20 coefficients | 40"]),
        (LSTM, "It has 4 attention heads.", []),
        # The factor of the widths, also where a part of the model is said to have it.
        (
            encoder(),
            "Only its feed-forward width is 3 times the hidden size.",
            ["3 times the hidden size | 4"],
        ),
        (encoder(), "Its feed-forward width is 4 times the hidden size.", []),
        (encoder(wide="3000"), "Its feed-forward width is 3 times the hidden size.", []),
        (encoder(wide=UNSAID), "Its feed-forward width is 3 times the hidden size.", []),
        (encoder(hidden=UNSAID), "Its feed-forward width is 3 times the hidden size.", []),
        # Of widths: their number less one are layers, less two hidden ones.
        (mlp("[784, 128, 64, 10]"), "It has 1 dense layers.", []),
        (mlp("[784, 128, 64, 10]"), "It has 2 dense layers.", ["2 dense layers | 3"]),
        (mlp("[784, 128, 64, 10]"), "The network has 1 layers.", []),
        (mlp("[784, 128, 64, 32, 10]"), "The network has 2 layers.", ["2 layers | 4 and 3"]),
        (mlp("[784, 128, 64, 10]"), "The network has 1 input features.", []),
        (mlp("[784, 128, 64, 10]"), "The network has 2 input features.", ["2 input features | 784"]),
        (mlp("[784, 10]"), "The network has 12 outputs.", ["12 outputs | 10"]),
        (mlp("[784, 10]"), "The network has 3 layers.", ["3 layers | 1 and 0"]),
        (mlp("[784]"), "The network has 3 layers and 12 outputs.", []),
        (mlp(UNSAID), "The network has 3 layers and 12 outputs.", []),
        (
            layers_of("conv", "conv", "linear", "linear", "linear"),
            "It has 2 convolutions and 3 dense layers.",
            [],
        ),
        (layers_of("conv", "conv", "conv", "linear"), "It has 1 convolutions.", []),
        (layers_of("conv", "conv", "conv", "linear"), "It has 2 convolutions.", ["2 convolutions | 3"]),
        (layers_of("conv", "linear", "linear", "linear"), "It has 1 dense layers.", []),
        (layers_of("conv", "linear", "linear", "linear"), "It has 2 dense layers.", ["2 dense layers | 3"]),
        # Fewer than 10,000 are those of a row or a column.
        ("parameters: {parameters: 110 million}\n", "It has 9,999 parameters.", []),
        (
            "parameters: {parameters: 110 million}\n",
            "It has 10,000 parameters.",
            ["10,000 parameters | 110 million"],
        ),
        # Weights are compared with parameters as well, where the sheet says which of them are analog.
        (
            "parameters: {parameters: 110 million, analog_weights: 85 million}\n",
            "It has 110 million weights.",
            [],
        ),
        (
            "parameters: {parameters: 110 million, analog_weights: 85 million}\n",
            "It has 85 million parameters.",
            [],
        ),
        ("parameters: {parameters: 110 million}\n", "It has 85 million weights.", []),
        ("parameters: {analog_weights: 85 million}\n", "It has 90 million parameters.", []),
        (
            "parameters: {analog_weights: 85 million}\n",
            "Of its weights, 120 million of them are there.",
            ["120 million of them | 85 million"],
        ),
        ("parameters: {analog_weights: 85 million}\n", "Of its cells, 120 million of them are there.", []),
        (
            "hardware: {inference: {chip: A chip, tiles: 64}}\nparameters: {tiles: 480}\n",
            "They go to the chip with 480 tiles.",
            ["480 tiles | 64"],
        ),
        ("parameters: {tiles: 480}\n", "They go to a chip with 64 tiles.", []),
        (
            "hardware: {inference: {chip: A chip, tiles: 64}}\nparameters: {tiles: 480}\n",
            "The chip has 480 tiles.",
            [],
        ),
        (
            "hwa_training: {seeds: 5}\n",
            "The scores are means of 3 seeds.",
            ["3 seeds | 5"],
        ),
        # What hardware is designed for is compared end by end, also where the range is that of a part.
        ("parameters: {optimum: {seq_len: up to 128}}\n", "The chip is designed for up to 128 tokens.", []),
        (
            "parameters: {optimum: {seq_len: up to 128}}\n",
            "The chip is designed for up to 64 tokens.",
            ["up to 64 tokens | up to 128"],
        ),
        (
            "parameters: {optimum: {seq_len: up to 128}}\n",
            "Only the chip is designed for up to 64 tokens.",
            ["up to 64 tokens | up to 128"],
        ),
        ("parameters: {optimum: {seq_len: up to 128}}\n", "Texts have up to 64 tokens.", []),
        ("parameters: {optimum: {batch: 1 to 4}}\n", "The chip is best at batches of 1 to 4.", []),
        (
            "parameters: {optimum: {batch: 1 to 4}}\n",
            "The chip is best at batches of 2 to 4.",
            ["2 to 4 | 1 to 4"],
        ),
        (
            "parameters: {optimum: {batch: 1 to 4}}\n",
            "The chip is best at batches of 1 to 3.",
            ["1 to 3 | 1 to 4"],
        ),
        (
            "parameters: {optimum: {batch: 1 to 4}}\n",
            "Only the chip is best at batches of 3.",
            ["3 | 1 to 4"],
        ),
        ("parameters: {optimum: {batch: 1 to 4}}\n", "The chip is best at batches of 4.", []),
        # Data: their sizes are those of the whole, whatever part the sentence is about.
        (SETS % "", "Only half of them are 10,000 training images.", ["10,000 training images | 60000"]),
        (SETS % "", "Only half of them are 60,000 test images.", ["60,000 test images | 10000"]),
        (SETS % "".replace("60000", "x"), "There are 60,000 training rows and 10,000 test rows.", []),
        (SETS.replace("60000", "50 to 60000") % "", "There are 10,500 training images.", []),
        (SETS.replace("10000", "50 to 10000") % "", "There are 60,500 training images.", []),
        # Tasks and classes: one is one of them.
        (rows(7, 7, 7), "It was tested on all 1 tasks.", []),
        (rows(7, 7, 7), "It was tested on all 2 tasks.", ["2 tasks | 3"]),
        (
            rows(7, 7, 7),
            "Only all 2 language understanding tasks count.",
            ["2 language understanding tasks | 3"],
        ),
        (rows(7, 7), "It was tested on all 3 tasks.", ["3 tasks | 2"]),
        (rows(7), "It was tested on all 3 tasks.", []),
        ("training_data: {name: D, task_count: 4}\n", "It was tested on all 3 tasks.", ["3 tasks | 4"]),
        ("test_data: {name: D, tasks: [A, B]}\n", "It was tested on all 3 tasks.", ["3 tasks | 2"]),
        (rows(7, 3), "It sorts them into 1 classes.", []),
        (rows(7, 3), "It sorts them into 2 classes.", ["2 classes | 7 and 3"]),
        (rows(7, 3), "It sorts them into 3 classes.", []),
        (rows(7, 7), "It sorts them into 4 classes.", ["4 classes | 7"]),
    ],
)
def test_a_figure_in_a_summary(fields: str, sentence: str, found: list[str]) -> None:
    text = f"{fields}purpose: {{summary: '{sentence}'}}\n"
    assert messages(RULE, text) == list(map(said, found))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (mlp("[784, 10]") + "setup: {interface: '12 scores for an image.'}\n", ["12 scores | 10"]),
        (mlp("[784, 10]") + "setup: {interface: '10 scores for an image.'}\n", []),
        (mlp("[784, 10]") + "purpose: {summary: '12 scores for an image.'}\n", []),
        (
            "parameters:\n  notes: It holds at a batch of 8.\n" + points("1", "4"),
            ["8 | 1 and 4"],
        ),
        ("parameters:\n  notes: It holds at a batch of 4.\n" + points("1", "4"), []),
        ("parameters:\n  notes: It holds at a batch of 8.\n" + points("not stated"), []),
        (
            "parameters:\n  notes: It holds at a batch of 8.\n  optimum: {batch: 2}\n" + points("1"),
            ["8 | 1 and 2"],
        ),
        ("parameters:\n  notes: It holds at a batch of 8.\n  optimum: {batch: 2}\n", []),
        ("purpose: {summary: It holds at a batch of 8.}\nparameters:\n" + points("1", "4"), []),
        # Epochs are those with noise.
        ("hwa_training: {epochs: 20, notes: It was trained on for 30 epochs.}\n", ["30 epochs | 20"]),
        ("hwa_training: {epochs: 20, notes: It was trained for 30 epochs.}\n", []),
        ("hwa_training: {epochs: 20, notes: It was trained on for 30 epochs without noise.}\n", []),
        # Accelerators, also where the sentence is about a part of them.
        ("hardware: {training: {accelerator_count: 4}, notes: It ran on 8 GPUs.}\n", ["8 GPUs | 4"]),
        (
            "hardware: {training: {accelerator_count: 4}, notes: Only it ran on 8 NVIDIA GPUs.}\n",
            ["8 NVIDIA GPUs | 4"],
        ),
        ("hardware: {training: {accelerator_count: 4}, notes: It ran on 4 GPUs.}\n", []),
        ("hardware: {training: {accelerator_count: 4}}\npurpose: {summary: It ran on 8 GPUs.}\n", []),
        # What data are for is said in their own sections, of every part of them.
        (
            "training_data: {name: D, size: 60000, notes: 'Of them, only 5,000 to train on.'}\n",
            ["5,000 to train on | 60000"],
        ),
        ("training_data: {name: D, size: 60000, notes: 'They are 60,000 to train on.'}\n", []),
        ("training_data: {name: D, size: 60000}\npurpose: {summary: 'They are 5,000 to train on.'}\n", []),
        (SETS % ", notes: 'Of them, only 5,000 to test on.'", ["5,000 to test on | 10000"]),
        (SETS % ", notes: 'Of them, only 5,000 for the scores.'", ["5,000 for the scores | 10000"]),
        (SETS % ", notes: 'Only the test split of 5,000 images.'", ["5,000 images | 10000"]),
        (SETS % ", notes: 'Only the box of 5,000 images.'", []),
        (SETS % "" + "purpose: {summary: 'Only the test split of 5,000 images.'}\n", []),
        (SETS % ", notes: 'Only 60,000 images for testing.'", ["60,000 images for testing | 10000"]),
        # A heading, a table and a list of sizes state nothing of this model.
        (
            NOTED + "'It has 340 million parameters.'}\n",
            ["340 million parameters | 110 million"],
        ),
        (NOTED + "'# It has 340 million parameters.'}\n", []),
        (
            BLOCK + "    # Size\n    It has 340 million parameters.\n",
            ["340 million parameters | 110 million"],
        ),
        (
            BLOCK + "    | It has 340 million parameters.\n    Nothing else.\n",
            [],
        ),
        (
            BLOCK + "    | Size\n    It has 340 million parameters.\n    | Size\n",
            ["340 million parameters | 110 million"],
        ),
        (
            NOTED + "'It has 340M params, 110M params and 340 million parameters.'}\n",
            [],
        ),
        (
            "hardware: {notes: It has 340 million parameters.}\nparameters: {parameters: 110 million}\n",
            [],
        ),
    ],
)
def test_a_figure_in_a_section_of_its_own(text: str, found: list[str]) -> None:
    assert messages(RULE, text) == list(map(said, found))


@pytest.mark.parametrize(
    ("text", "help"),
    [
        (encoder() + "purpose: {summary: The network has 24 layers.}\n", "this sentence, or `layers`"),
        (rows(7, 7, 7) + "purpose: {summary: It was tested on all 4 tasks.}\n", "this sentence, or `tasks`"),
        # Of a path, the last key: `batch` of a point, and not its number.
        ("parameters:\n  notes: It holds at a batch of 8.\n" + points("1", "4"), "this sentence, or `batch`"),
        (mlp("[784, 10]") + "purpose: {summary: The network has 12 outputs.}\n", "this sentence, or `sizes`"),
        (
            DECODER + "purpose: {summary: It has 6 attention heads.}\n",
            "this sentence, or `heads` or `kv_heads`",
        ),
    ],
)
def test_what_may_be_wrong_is_named(text: str, help: str) -> None:  # noqa: A002 - as findings call it
    (finding,) = findings(RULE, text)
    assert finding.help == f"correct whichever is wrong: {help}"
