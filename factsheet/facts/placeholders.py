"""Words that stand where an answer should be, and are none."""

from __future__ import annotations

from functools import cache, lru_cache

_WHOLE_ANSWERS = """
n/a|na|n.a|not available|unknown|not known|coming soon|to come|to follow|soon|later|pending|wip
work in progress|tbd|tba|tbc|todo|to do|to be done|to be determined|to be announced|to be added|to be defined
to be completed|to be confirmed|to be decided|to be filled in|to be written|fill in|fill me in|fill this in
please fill in|xxx|placeholder|dummy|asdf|lorem ipsum|see above|see below|-|--|---|–|—|…|?|??|???|_|__|/
more information needed|more info needed|information needed|not specified|unspecified
"""
LONGEST = 26
"""No shorter than the longest of these with what may be around it."""


@lru_cache(maxsize=4096)
def is_placeholder(text: str) -> bool:
    """Return whether a whole answer says nothing: `TBD`, `n/a`, `[More Information Needed]`."""
    if len(text) > LONGEST:
        return False
    return text.casefold().strip(" .!()[]<>{}*_`\"'\n") in _empty() or not text.strip(" .")


@cache
def _empty() -> frozenset[str]:
    return frozenset(("", *_WHOLE_ANSWERS.strip().replace("\n", "|").split("|")))
