"""How a key of the sheet is written for people: `hwa_training` becomes "HWA training"."""

from __future__ import annotations

_WORDS = {
    "adc": "ADC",
    "arxiv": "arXiv",
    "cpu": "CPU",
    "doi": "DOI",
    "gpu": "GPU",
    "hwa": "HWA",
    "id": "id",
    "ids": "ids",
    "pcm": "PCM",
    "qkv": "Q/K/V",
    "url": "URL",
}
_WHOLE = {
    "factsheet": "Schema version",
    "parameters": "Parameters and inference attributes",
    "model_architecture": "Model architecture",
    "seq_len": "Sequence length",
    "max_seq_len": "Longest sequence",
    "batch": "Batch size",
    "on": "Date",
    "by": "Supplied by",
    "at": "Operating point",
}


def label(key: str) -> str:
    """The words for a key, sentence case, with the field's acronyms in capitals."""
    if key in _WHOLE:
        return _WHOLE[key]
    words = [_WORDS.get(word, word) for word in key.split("_")]
    first = words[0]
    words[0] = first if first in _WORDS.values() else first[:1].upper() + first[1:]
    return " ".join(words)
