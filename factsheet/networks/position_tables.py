"""Know a table of positions, which limits how many tokens a network takes, by what models call it."""

from __future__ import annotations

import re

_TABLE = re.compile(
    r"(wpe|position_emb\w*|embed_positions|position_embeddings?|pos_emb\w*|positional_embedding)"
)
_OF_OTHERS = re.compile(r"vision|visual|image|audio|relative|\brel_|patch|qformer|perceiver|speech")


def is_position_table(name: str) -> bool:
    """Return whether a full name is that of a table with one vector for each position of a token."""
    return _TABLE.fullmatch(name.rpartition(".")[2]) is not None and _OF_OTHERS.search(name) is None
