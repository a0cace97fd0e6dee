"""What a network computes: its operators, and how many operations they make."""

from factsheet.workload.conventions import CONVENTIONS, CountingConvention, convention_named
from factsheet.workload.counting import Explanation, OpCount, Work, count_ops, explain_total, work_of
from factsheet.workload.declared import declared_network
from factsheet.workload.encoder import EncoderShape, transformer_encoder
from factsheet.workload.errors import WorkloadError
from factsheet.workload.operators import (
    DynamicMatmul,
    Elementwise,
    Lookup,
    Network,
    Operator,
    StaticMatmul,
    Unknown,
)

__all__ = [
    "CONVENTIONS",
    "CountingConvention",
    "DynamicMatmul",
    "Elementwise",
    "EncoderShape",
    "Explanation",
    "Lookup",
    "Network",
    "OpCount",
    "Operator",
    "StaticMatmul",
    "Unknown",
    "Work",
    "WorkloadError",
    "convention_named",
    "count_ops",
    "declared_network",
    "explain_total",
    "transformer_encoder",
    "work_of",
]
