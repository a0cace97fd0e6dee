"""Networks that a sheet writes out layer by layer: every value of every family is on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.facts.fact import Fact
from factsheet.facts.section import Record
from factsheet.pages.assembly import build_page, texts_of
from factsheet.pages.model import TableBlock
from factsheet.readers.roles import VIEW_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from factsheet.pages.model import Page
    from factsheet.readers.roles import ViewName
    from factsheet.sheet.model import SheetFields

HEAD = """\
factsheet: 1
overview: {name: A sheet, model: A model}
model_architecture:
"""
FAMILIES = {
    "convolutional": """\
  convolutional:
    image_size: 31
    channels: 3
    layers:
      - {kind: conv, name: stem, channels: 17, kernel: 7, stride: 2, padding: 3, bias: true, normalisation: batch_norm}
      - {kind: max_pool, kernel: [3, 5], stride: 2, padding: 1}
      - {kind: conv, channels: 19, kernel: 3, groups: 11, dilation: 4, activation: true, input: stem, adds: stem}
      - {kind: transposed_conv, channels: 23, kernel: 2, output_padding: 1}
      - {kind: linear, channels: 10}
""",
    "operators": """\
  operators:
    - {name: body.up, rows: 768, cols: 3072, calls: 13, each: token, bias: true, side: analog}
    - {name: body.scores, does: product, rows: 64, cols: 29, calls: 12}
    - {name: body.experts, rows: 77, cols: 88, matrices: 8, active: 2, side: digital, stored_as: body.up}
""",
    "mlp": "  mlp: {sizes: [784, 256, 10]}\n",
    "recurrent": "  recurrent: {cell: lstm, input_size: 41, hidden_size: 257, layers: 2}\n",
    "transformer_decoder": """\
  transformer_decoder: {layers: 31, hidden_size: 4096, heads: 32, intermediate_size: 11008, vocabulary: 32000}
""",
    "encoder_decoder": """\
  encoder_decoder:
    {encoder_layers: 5, decoder_layers: 7, hidden_size: 512, heads: 8, intermediate_size: 2048, vocabulary: 37000}
""",
    "vision_transformer": """\
  vision_transformer:
    {image_size: 224, patch_size: 16, layers: 12, hidden_size: 768, heads: 12, intermediate_size: 3072, channels: 3}
""",
}


def values(node: object) -> Iterator[str]:
    """Every answer of a network as the page writes it."""
    if isinstance(node, Fact):
        yield from node.items or (f"{node.whole:,}" if node.whole is not None else node.words(),)
    elif isinstance(node, Record):
        for value in vars(node).values():
            yield from values(value)
    elif isinstance(node, tuple) and node and isinstance(node[0], Record):
        for value in node:
            yield from values(value)
    elif isinstance(node, tuple):
        yield f"{node[0]}" if node[0] == node[1] else f"{node[0]} × {node[1]}"
    elif isinstance(node, bool):
        yield "yes" if node else "no"
    elif isinstance(node, int):
        yield f"{node:,}"
    elif isinstance(node, str):
        yield WORDS.get(node, node)


WORDS = {
    "transposed_conv": "transposed conv",
    "max_pool": "max pool",
    "batch_norm": "batch norm",
    "product": "computed each time",
    "analog": "on tiles",
    "digital": "digitally",
}


def architecture(page: Page) -> list[TableBlock]:
    sections = [
        section for section in (*page.sections, *page.whole.sections) if section.key == "architecture"
    ]
    return [block for section in sections for block in section.blocks if isinstance(block, TableBlock)]


@pytest.mark.parametrize("view", VIEW_NAMES)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_value_of_a_network_is_on_the_page(
    make_sheet: Callable[[str], SheetFields], family: str, view: ViewName
) -> None:
    sheet = make_sheet(HEAD + FAMILIES[family])
    page = build_page(sheet, view)
    told = list(texts_of((page.sections, page.whole)))
    said = {cell for text in told for cell in (text, *text.split(", "))}
    written = list(values(getattr(sheet.model_architecture, family)))
    assert written
    assert [value for value in written if value not in said] == []


def test_layers_are_rows_in_their_order(make_sheet: Callable[[str], SheetFields]) -> None:
    (table,) = architecture(
        build_page(make_sheet(HEAD + FAMILIES["convolutional"]), "hardware-researcher", whole=False)
    )
    assert table.header[:5] == ("No.", "Name", "Kind", "Channels", "Kernel")
    assert [row[2] for row in table.rows] == ["conv", "max pool", "conv", "transposed conv", "linear"]
    assert table.rows[1][1:5] == ("–", "max pool", "–", "3 × 5")
    assert table.paths == ("model_architecture.convolutional.layers",)


def test_no_calls_say_that_they_are_not_known(make_sheet: Callable[[str], SheetFields]) -> None:
    sheet = make_sheet(
        HEAD + "  operators: [{name: a, rows: 2, cols: 3, calls: 0}, {name: b, rows: 2, cols: 3, calls: 4}]\n"
    )
    (table,) = architecture(build_page(sheet, "full"))
    assert [row[-1] for row in table.rows] == ["not known", "4"]


def test_a_name_that_is_a_word_of_ours_stays_a_name(make_sheet: Callable[[str], SheetFields]) -> None:
    sheet = make_sheet(HEAD + "  operators: [{name: analog, rows: 2, cols: 3, side: analog}]\n")
    (table,) = architecture(build_page(sheet, "full"))
    assert table.rows == (("1", "analog", "2", "3", "on tiles"),)


def test_long_lists_are_whole_in_the_folded_sheet(make_sheet: Callable[[str], SheetFields]) -> None:
    rows = "\n".join(f"    - {{name: b.{number}, rows: 2, cols: 3}}" for number in range(500))
    page = build_page(make_sheet(f"{HEAD}  operators:\n{rows}\n"), "data-scientist")
    assert [len(table.rows) for table in architecture(page)][-1] == 500
