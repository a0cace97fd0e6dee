"""Words that stand where an answer should be, and are none: `TBD`, and what a template leaves to be replaced."""

from __future__ import annotations

import re
from functools import cache, lru_cache

_WHOLE_ANSWERS = """
n/a|na|n.a|not available|unknown|not known|coming soon|to come|to follow|soon|later|pending|wip
work in progress|tbd|tba|tbc|todo|to do|to be done|to be determined|to be announced|to be added|to be defined
fixme|to be completed|to be confirmed|to be decided|to be filled in|to be written|fill in|fill me in|fill this in
please fill in|xxx|placeholder|dummy|asdf|lorem ipsum|see above|see below|-|--|---|–|—|…|?|??|???|_|__|/
more information needed|more info needed|information needed|not specified|unspecified|not provided
not applicable|not disclosed|not evaluated|not_applicable|not_disclosed|not_evaluated|this is a placeholder
model id|model name|model card for model id|dataset name|name of the model|name of model|john doe|jane doe
summary|description|placeholder text|insert|missing|null|nan|undefined|unset|coming|in progress|foo|foo bar|foobar|bla
xx|blah|lipsum|lorem|qwerty|2be done|n / a|t.b.d|t.b.a|t.b.c|xxxx|xxxxx
noch offen|folgt|k.a|k. a|keine angabe|keine angaben|unbekannt|à compléter|inconnu|inconnue|non renseigné|a completar
por definir|desconocido|da definire|sconosciuto|待定|待补充|未知|未定|無回答
"""
LONGEST = 26
"""No shorter than the longest of these with what may be around it."""
_SIGNS = (
    "{",
    "<",
    "[",
    "@",
    "$",
    "://",
    "www.",
    "orem ",
    "OREM ",
    "our",
    "OUR",
    "here",
    "HERE",
    "XXXX",
    "__",
    "path/to",
)
"""What every template's mark has at least one of: most texts have none, and are not searched."""
_FEW_WORDS = 4
"""With no more words than these around it, a mark is the answer: `Contact: <your name>`."""
_LONGEST_WHOLE = 200
_LONGEST_PHRASE = 64
_NOTES_TO_SELF = re.compile(r"(?:TODO|FIXME|TBD)(?!['’]?s\b)")
"""What authors leave themselves, with a few words on what is to come: `TODO describe the data`."""
_ELEMENTS = (
    r"(?:A[cglmrstu]|B[aeikr]?|C[adeflmorsu]?|D[bysy]|E[rsu]|F[emr]?|G[ade]|H[efgo]?|I[nr]?|K[r]?|L[airu]|M[gno]|N[abdeip]?"
    r"|O[s]?|P[abdmort]?|R[abehnu]|S[bceimnr]?|T[abcehilm]|U|V|W|Xe|Yb?|Z[nr])"
)
_IN_SPECTRA = re.compile(
    rf"(?!\[Y/N\])\[(?:{_ELEMENTS}|M|X|α|[Aa]lpha)(?: ?[IVX]+)?/(?:{_ELEMENTS}|M)(?: ?[IVX]+)?\]"
    rf"|\[{_ELEMENTS} ?[IVX]+\](?: ?[\d.]+)?"
)
"""What brackets hold in astronomy: the ratio of two elements, `[Fe/H]`, and a forbidden line, `[O III]`."""
_STARTS = re.compile(
    r"(?i)(?:my|gpu|model|data|author|company|organi[sz]ation|accelerator|device|an?|the|short|brief|to|will|not|none|nothing|still|yet|insert|enter|add|write|type|put|text|summary|description|name|answer|link"
    r"|title|value|content|info|information|needs?|todo|to-do|fixme|tbd|tba|t\.b|click)\b"
)
"""What such phrases begin with."""
_PHRASE = (
    r"(?:still |yet )?to be \w+(?: later| soon)?|will (?:be \w+|follow|come)(?: later| soon)?"
    r"|not(?: yet| available| known| set| decided| specified| defined| determined| provided| ready)+"
    r"|(?:nothing|(?:none|nothing) (?:available|known)) (?:as )?yet"
    r"|(?:insert|enter|add|write an?|type|put)(?: an?| the| your| some)?(?: short| brief)? (?:text|summary|description"
    r"|name|something|answer|value|title|link|url|address|content)"
    r"|(?:text|summary|description|name|answer|link|title|value|content|info|information)(?: goes| comes)? here"
    r"|(?:an? |the )?(?:short |brief )?(?:summary|description|name|title) of (?:your|the|this) (?:model|data ?set|data"
    r"|project|sheet)|my[-_ ](?:awesome|cool|great|super|fancy|amazing)[-_ ]\w+"
    r"|(?:gpu|model|data ?set|author|company|organi[sz]ation|accelerator|device)[-_ ](?:type|name|id)"
    r"|click (?:or tap )?here to enter text|needs? more info(?:rmation)?|info(?:rmation)? (?:is )?missing"
    r"|(?:todo|to-do)\s*[:(–—-].*|(?:fixme|t\.?b\.?[ad]\.?)(?:[\s:(,–—]\W*\w+(?:\W+\w+){0,3})?\W*"
)
"""What says with a few words that there is no answer yet, whole."""

_FILL = r"(?:your|insert|enter|fill|describe|placeholder|replace|todo|tbd)\b"
_UNOWNED = r"(?:[\w-]+\.)*(?:example\.(?:com|org|net|edu)|[\w-]+\.(?:example|invalid))"
"""Domains that are nobody's, kept for documentation (RFC 2606, sections 2 and 3)."""
_YOURS = (
    r"(?:your|my)[-_.]?(?:user(?:name)?|name|org|organi[sz]ation|company|domain|site|website|repo|project|model|server"
    r"|dataset|team|lab|handle|account)"
)
_MARK = (
    r"\{\{.*?\}\}|\{%.*?%\}|<!--.*?-->"
    # Not after a letter, `=` or `-`: `--token=<your token>` is part of a command that somebody may well have to type.
    rf"|(?<![\w=/-])(?:<\s*{_FILL}[^<>]*>|\[\s*{_FILL}[^\[\]]*\](?!\()|\{{\s*{_FILL}[^{{}}]*\}})"
    r"|(?<![\w.])(?:your[._-]?(?:name|e-?mail|address|id|user(?:name)?)?|you|firstname[._]lastname|first[._]last"
    r"|name[._]surname)@[\w.-]+"
    rf"|[\w.+-]+@(?:{_YOURS}\.\w+|domain\.\w+)(?![\w-])"
    r"|(?:e-?mail|name|user(?:name)?|someone|somebody|contact|me|info)@(?:company|e?mail|host|provider|organi[sz]ation"
    r"|institution|university|server|site)\.\w+(?![\w-]|\.\w)"
)
_WHOLE = (
    r"<[a-z][\w .,'’/-]*>|\[[a-z][\w .,'’/-]*\]|\$[a-z_]+|__[a-z_]+__|/?path/to/\S+"
    r"|\$?\{+[^{}]*\}+|lorem ipsum(?: dolor\b.*|\W*)"
    rf"|(?:your|insert|add|enter|put|write|type|describe|provide|fill in)\b[\w ,'’-]{{0,60}}\bhere|your[-_ ][\w-]+"
    r"|your (?:own )?(?:full )?(?:name|e-?mail|text|answer|model|organi[sz]ation|company|summary|description)"
    r"(?: name| address)?"
    rf"|(?:(?:https?:)?//|www\.)(?:(?:www\.)?{_UNOWNED}/?|(?:[\w-]+\.)*{_YOURS}\.\w+(?:[:/?\#]\S*)?)"
    rf"|https?://\S*/(?:{_YOURS}(?:[-/?\#.]\S*)?|(?:username|user|owner|org)/(?:repo|model|project|dataset|name)(?:[/?\#]\S*)?)"
)
_SAMPLE = (
    r"https?://(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0)(?:[:/?\#]\S*)?|"
    rf"(?:https?://)(?:[^/\s@]*@)?{_UNOWNED}(?:[:/?\#]\S*)?"
    rf"|(?:[^\s@]+\s+){{0,{_FEW_WORDS}}}<?(?:mailto:)?[\w.+-]+@{_UNOWNED}>?"
)


_LONGEST_MARKED = 5_000
"""Characters of an answer that may be a mark with little else."""
_LINK = re.compile(r"\[([^\[\]]+)\]\(\S*\)")


@lru_cache(maxsize=4096)
def is_placeholder(text: str) -> bool:
    """Return whether a whole answer says nothing: `TBD`, `[More Information Needed]`, `{{ use }}`.

    Prose that mentions such a mark among other words, or shows it in code, is an answer.
    """
    if len(text) <= LONGEST and text.casefold().strip(" .!()[]<>{}*_`\"'\n") in _empty():
        return True
    if _NOTES_TO_SELF.match(text) and len(text.split()) <= _FEW_WORDS + 1 and "-" not in text[:6]:
        return True
    if len(text) <= _LONGEST_PHRASE:
        bare = text.strip(" .!()[]<>*_`\"'\n")
        if _STARTS.match(bare) and _patterns()[3].fullmatch(bare):
            return True
    if text[:1] == "[" and (link := _LINK.fullmatch(text.strip(" .\n"))) is not None:
        return is_placeholder(link[1])
    return not text.strip(" .\n") or bool(unfilled_mark(text))


def is_sample_address(text: str) -> bool:
    """Return whether an answer is an address that cannot be anybody's: `a@example.org`, `https://example.com/weights`.

    A sheet that is made up to show something may well have one; readers of any other reach nobody by it.
    """
    if not any(sign in text.casefold() for sign in ("example", ".invalid", "localhost", "://127.", "://0.")):
        return False
    return _patterns()[2].fullmatch(text.strip(" .\n")) is not None


def unfilled_mark(text: str) -> str:
    """Return what of an answer a template left to be replaced, where that is all or nearly all; else nothing."""
    if not any(sign in text for sign in _SIGNS) or _IN_SPECTRA.fullmatch(text.strip()):
        return ""
    bare = text.strip(" .!*\"'\n")
    bare = bare.strip("`") if bare.count("`") == 2 and bare[0] == bare[-1] == "`" else bare  # noqa: PLR2004
    if " " not in bare and ("XXXX" in bare or ("://" in bare and re.search(r"<[\w-]+>", bare))):
        return bare
    if len(bare) <= _LONGEST_WHOLE or bare[:11].casefold() == "lorem ipsum":
        whole = _patterns()[0]
        if whole.fullmatch(bare):
            return bare
    return _mark_with_little_else(bare) if len(bare) <= _LONGEST_MARKED else ""


def _mark_with_little_else(text: str) -> str:
    mark = _patterns()[1]
    prose = re.sub(r"```.*?```|`[^`]*`", " code ", text, flags=re.DOTALL)
    found = mark.search(prose)
    if found is None:
        return ""
    rest = mark.sub(" ", prose).split()
    words = [word for word in rest if any(letter.isalnum() for letter in word)]
    # An option of a command: the mark is what its user has to replace, not the author.
    is_command = any(
        (word.startswith("-") and word[1:2].isalpha()) or word.startswith("--") for word in words
    )
    return found[0] if len(words) <= _FEW_WORDS and not is_command else ""


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return what a whole answer may be, a mark in it, a sample address, a phrase: compiled where one is needed."""
    return tuple(re.compile(one, re.IGNORECASE | re.DOTALL) for one in (_WHOLE, _MARK, _SAMPLE, _PHRASE))


@cache
def _empty() -> frozenset[str]:
    return frozenset(("", *_WHOLE_ANSWERS.strip().replace("\n", "|").split("|")))
