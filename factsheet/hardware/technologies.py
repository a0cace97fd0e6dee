"""Kinds of memory devices, by the words that people call them."""

from __future__ import annotations

import re

_WORDS: dict[str, str] = {
    "phase-change memory": r"phase[- ]change|\bp(?:c|cr)m\b|\bp-?cm\b|\bgst\b|ge2sb2te5",
    "resistive memory": r"resistive|\bre?-?ram\b|\brram\b|\boxram\b|\bcbram\b|filament|\bhfo|\btao",
    "flash memory": r"\bflash\b|\bsonos\b|floating[- ]gate|charge[- ]trap",
    "magnetic memory": r"\bmram\b|\bstt\b|\bsot\b|magneti[cz]|magnetoresist|spin[- ]",
    "ferroelectric memory": r"ferroelectric|\bfe-?fets?\b|\bfe-?ram\b|\bftj\b",
    "electrochemical memory": r"\becram\b|electrochemical",
    "static memory": r"\bsram\b",
    "dynamic memory": r"\be?dram\b|gain[- ]cell",
}
OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "phase-change memory": ("PCM", "PRAM", "PCRAM"),
    "resistive memory": ("ReRAM", "RRAM", "memristor"),
    "flash memory": ("floating gate",),
    "magnetic memory": ("MRAM", "STT-MRAM"),
    "ferroelectric memory": ("FeFET", "FeRAM"),
    "electrochemical memory": ("ECRAM",),
    "static memory": ("SRAM",),
    "dynamic memory": ("DRAM", "eDRAM"),
}
"""What else people call each kind, for who looks for one."""
_UMBRELLA = r"memrist"
"""Of resistive memory in the narrow sense, and by some of every device whose conductance is programmed."""
_PROGRAMMED = frozenset({"phase-change memory", "resistive memory", "electrochemical memory"})


def technologies_in(text: str) -> frozenset[str]:
    """Return the kinds of memory that a text names, empty where it names none that is known."""
    folded = text.casefold()
    found = {kind for kind, words in _WORDS.items() if re.search(words, folded)}
    if not found and re.search(_UMBRELLA, folded):
        return _PROGRAMMED
    return frozenset(found)
