"""Derived facts: what a sheet's structure and claims imply, and how that stands to what it claims."""

from factsheet.derive.chip import ChipEstimate
from factsheet.derive.context import Setting
from factsheet.derive.derivation import ConventionTotal, Derivation, Layer, Totals
from factsheet.derive.derive import derive
from factsheet.derive.errors import DeriveError
from factsheet.derive.explain import explain
from factsheet.derive.facts import DerivedFact, Input
from factsheet.derive.inspection import inspect
from factsheet.derive.json_shape import to_json
from factsheet.derive.placing import Placing
from factsheet.derive.point import OperatingPoint
from factsheet.derive.verdict import VERDICTS, Verdict

__all__ = [
    "VERDICTS",
    "ChipEstimate",
    "ConventionTotal",
    "Derivation",
    "DeriveError",
    "DerivedFact",
    "Input",
    "Layer",
    "OperatingPoint",
    "Placing",
    "Setting",
    "Totals",
    "Verdict",
    "derive",
    "explain",
    "inspect",
    "to_json",
]
