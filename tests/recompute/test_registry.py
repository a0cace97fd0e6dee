"""The register of derivations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.recompute.engine import DERIVATIONS, recompute
from factsheet.recompute.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.recompute.context import PointContext
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields


def nothing(_: PointContext) -> Iterable[DerivedFact]:
    return ()


def test_a_fact_is_derived_by_one_function_only() -> None:
    registry = Registry()
    assert registry.derives("tiles")(nothing) is nothing
    with pytest.raises(ValueError, match="`tiles` is derived twice"):
        registry.derives("tiles")(nothing)


def test_registers_are_put_together_in_order() -> None:
    first, second = Registry(), Registry()
    first.derives("a")(nothing)
    second.derives("b")(nothing)
    assert Registry(first, second).names == ("a", "b")
    with pytest.raises(ValueError, match="`a` is derived twice"):
        Registry(first, second, first)


def test_every_fact_belongs_to_a_derivation_of_its_name(bert: SheetFields) -> None:
    names = {fact.name.partition(".")[0] for fact in recompute(bert).facts}
    assert names == set(DERIVATIONS.names)


def test_no_place_is_derived_twice(bert: SheetFields) -> None:
    paths = [fact.path for fact in recompute(bert).facts]
    assert len(paths) == len(set(paths))
