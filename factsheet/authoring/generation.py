"""Say of a network that generates tokens that figures of one pass over all of them are none of generating them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.errors import WorkloadError
from factsheet.networks.declared import declared_family

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.authoring.found import Found
    from factsheet.networks.family import Family
    from factsheet.recompute.points import ChosenPoint
    from factsheet.sheet.model import SheetFields

OF_A_PASS = frozenset(
    {"chip.latency", "chip.throughput", "chip.energy", "chip.energy_per_inference", "chip.energy_efficiency"}
)
"""Figures of the cost model that a pass for each token changes."""
_GENERATING = frozenset(
    [
        "text-generation",
        "text2text-generation",
        "translation",
        "summarization",
        "automatic-speech-recognition",
        "image-to-text",
        "image-text-to-text",
        "audio-text-to-text",
        "video-text-to-text",
        "any-to-any",
        "conversational",
    ]
)
"""The Hub's words for tasks whose answer is a text that is written token by token."""
_IN_ONE_PASS = frozenset(
    [
        "text-classification",
        "token-classification",
        "zero-shot-classification",
        "image-classification",
        "audio-classification",
        "feature-extraction",
        "sentence-similarity",
        "text-ranking",
        "fill-mask",
    ]
)
"""Those whose answer one pass gives, whatever the network is."""
_CROSS_ATTENTION = re.compile(r"(?:^|\.)(?:encoder_attn|EncDecAttention|crossattention|cross_attn)(?:\.|$)")
"""What models call the attention of a decoder on what an encoder gives."""
_END = "estimates the last of them"
_SAID = re.compile(f"one pass over all .*?{_END}", re.IGNORECASE | re.DOTALL)


def pass_in_words(sheet: SheetFields, point: ChosenPoint) -> str:
    """Return what is to be said of a time at an operating point; empty where the network does not generate."""
    tokens = point.seq_len
    if tokens is None or tokens == 1 or point.without_length:
        return ""
    try:
        family = declared_family(sheet.model_architecture)
    except WorkloadError:
        return ""
    if family is None or not _generates(sheet, family):
        return ""
    # Only a family that knows a cache can run one step of the sheet's own network.
    model = "" if family.cache else "--model config.json "
    return (
        f"one pass over all {tokens:,} tokens at once; generating takes a pass for each token:"
        f" `factsheet derive {model}--cache-length {tokens - 1}` {_END}"
    )


def said_of_passes(facts: Iterable[Found]) -> str | None:
    """Return what the notes of facts say of passes, as a sentence; `None` where none says anything."""
    found = next((match for one in facts if (match := _SAID.search(one.note))), None)
    return None if found is None else f"times are of {found[0][:1].lower()}{found[0][1:]}"


def _generates(sheet: SheetFields, family: Family) -> bool:
    stated = None if sheet.purpose is None else sheet.purpose.task_ids
    tasks = set() if stated is None else {task.strip().lower() for task in stated.items}
    if tasks and tasks <= _IN_ONE_PASS:
        return False
    if family.cache:
        return True
    names = list(_taking_tokens(sheet))
    return bool(names) and (bool(tasks & _GENERATING) or any(_CROSS_ATTENTION.search(name) for name in names))


def _taking_tokens(sheet: SheetFields) -> Iterator[str]:
    """Yield the names of operators, if the network looks tokens up: one that hears or sees alone writes in one pass."""
    architecture = sheet.model_architecture
    rows = [
        one
        for row in (architecture and architecture.operators) or ()
        for one in (row.operators if row.operators is not None else (row,))
    ]
    if any(one.does == "lookup" and one.each == "token" for one in rows):
        yield from (one.name for one in rows)
