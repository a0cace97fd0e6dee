"""Tables that refuse a name given twice, and operators that are of one kind only."""

from __future__ import annotations

from itertools import combinations

import pytest

from factsheet.networks.from_models.graph import nodes
from factsheet.networks.from_models.graph import products as graph_products
from factsheet.networks.from_models.tracing import elementwise_kinds
from factsheet.networks.from_models.tracing.product_operators import PRODUCT_OPERATORS
from factsheet.networks.tables import each, unique_table


def test_a_name_that_is_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="`gelu` is given twice as an activation"):
        unique_table("an activation", each(("relu", "gelu"), 1), [("gelu", 2)])


def test_a_table_holds_every_name_and_cannot_be_changed() -> None:
    table = unique_table("a letter", each("ab", 1), [("c", 2)])
    assert table == {"a": 1, "b": 1, "c": 2}
    assert not hasattr(table, "__setitem__")


def test_an_aten_operator_is_of_one_kind() -> None:
    kinds = [
        elementwise_kinds.ADDITIONS,
        elementwise_kinds.PRODUCTS,
        frozenset(elementwise_kinds.KIND_OF),
        elementwise_kinds.REDUCTIONS,
        elementwise_kinds.COPIES,
        elementwise_kinds.SELECTIONS,
        elementwise_kinds.UNCOUNTED,
        frozenset(PRODUCT_OPERATORS),
    ]
    assert not [first & second for first, second in combinations(kinds, 2) if first & second]


def test_an_onnx_operator_is_of_one_kind() -> None:
    kinds = [
        frozenset(nodes.KINDS),
        nodes.COPIES,
        nodes.UNCOUNTED,
        frozenset(graph_products.MATMULS),
        frozenset(graph_products.CONVOLUTIONS),
        frozenset(graph_products.PACKED),
        frozenset(graph_products.GATES),
    ]
    assert not [first & second for first, second in combinations(kinds, 2) if first & second]
