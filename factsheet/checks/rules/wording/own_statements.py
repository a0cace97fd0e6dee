"""Recognise what a text says of the sheet's own model as it is: not of others or of parts, nor of plans or the past."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.prose import BREAK, Same, prose_of, sentence_at
from factsheet.checks.rules.wording.model_names import foreign_names

if TYPE_CHECKING:
    from factsheet.sheet.model import SheetFields

_OF_OTHERS = (
    r"(?i)\b(?:unlike|compar\w+|versus|vs|instead|alternativ\w*|teacher|distil(?!bert)\w+|another|others?|competi\w+"
    r"|original\w*|deriv\w+|variant\w*|et al|paper['’]?s?|published|cited|differ\w*|predecessor|successor|sibling"
    r"|tried|dropped|replac\w+|existing|literature|state[- ]of[- ]the[- ]art|sota|benchmark(?:ed)? against"
    r"|e\.g\.|such as|for (?:example|instance)|example|series|famil(?:y|ies)|sizes|models|networks|architectures"
    r"|v\d|hosts?|sensors?|cameras?|microphones?|(?:in|since|by) (?:19|20)\d\d|an? (?:\w+ )?\w+ of 20\d\d"
    r"|larger|smaller|bigger|deeper|shallower|ensemble|ablation\w*)\b"
)
"""Words of a sentence about more models than one."""
_NOT_AS_IT_IS = (
    r"(?i)\b(?:would|could|can|may|might|should|shall|will|if|unless|suppos\w+|assum\w+|imagin\w+|hypothe\w+"
    r"|plan(?:s|ned)?|future|next|upcoming|intend\w*|goal|target\w*|aims?|want\w*|ideal\w*|potential\w*"
    r"|in principle|earlier"
    r"|previous\w*|former\w*|initial\w*|at first|once|no longer|until|used to|before|originally|history"
    r"|had|prior|old|not|never|without|neither|nor|cannot|can't|un\w+able|increas\w+|decreas\w+"
    r"|grow\w*|add(?:s|ed|ing)?|extra|additional|remov\w+|prun\w+|skip\w*|drop\w*|keep\w*|freez\w*|frozen)\b"
)
"""Words of a clause about what may be, is to be, was, or is not."""
_OF_PARTS = (
    r"(?i)\b(?:first|last|top|bottom|final|upper|lower|middle|early|late|remaining|rest|these|those|every|per|only"
    r"|expert\w*|adapters?|subset|half|third|quarter|most of|few|several|of which|all but|more|less|fewer"
    r"|than|like|similar\w*|both|from|version|large|small|tiny|updated|fine-?tun\w+ only|stages?|shared by)\b"
)
"""Words of a clause about a part of the model, or that hold it against something."""
_HARMLESS = (
    r"(?i)\b(?:(?:more|less|fewer|rather|no more|no less) than|at (?:least|most)|up to|(?:only|not only|both) (?=the)"
    r"|can (?:only )?(?:be|hold|process|take)|from (?=\d))"
)
"""Words that sound like these and are not: they widen a figure, or say what is not about the figure."""
_NAME = (
    r"(?<![\w.-])(?:(?:[A-Z][a-z]+|[a-z]{2,})[A-Z][\w.-]*|[A-Za-z]{2,}-?\d[\w.-]*|[A-Z]\d[\w.-]*"
    r"|[A-Z][\w]*-[A-Z\d][\w.-]*"
    r"|[A-Z][\w]*-(?:base|large|small|tiny|mini|medium|nano|micro|huge|giant|lite|xl|xxl)\b)"
)
"""How names of models, chips and data sets look: a capital inside, letters with digits, or a size after a dash."""


class Clause(NamedTuple):
    """The words around a figure.

    Attributes:
        sentence: the whole sentence, or what is between semicolons.
        text: the part of it between semicolons, colons, dashes and brackets that holds the figure.
    """

    sentence: str
    text: str


def clause_at(text: str, start: int, end: int) -> Clause:
    """Return the sentence and the clause that hold these characters."""
    sentence = sentence_at(text, start, end)
    words = text[start:end]
    sentence = next((part for part in sentence.split(";") if words in part), sentence)
    left = text[max(0, start - 300) : start]
    cut = max(
        (match.end() for match in re.finditer(rf"[;:()]|\s[–—-]\s|[.!?](?=\s)|{BREAK}", left)), default=0
    )
    right = re.search(rf"[;:()]|\s[–—-]\s|[.!?](?=\s|$)|{BREAK}", text[end : end + 300])
    stop = end + (right.start() if right else 300)
    return Clause(sentence, left[cut:] + text[start:stop])


def of_this_model(clause: Clause, sheet: SheetFields) -> bool:
    """Return whether a sentence is about the model of the sheet and about no other."""
    if re.search(_OF_OTHERS, clause.sentence) or foreign_names(clause.sentence.split(), sheet):
        return False
    names = re.findall(_NAME, clause.sentence)
    known = _known_words(sheet) if names else frozenset()
    return all(name in known or known.issuperset(name.split("-")) for name in map(_bare, names))


def as_it_is(clause: Clause) -> bool:
    """Return whether a clause says what is, and not what was, will be, might be or is not."""
    return re.search(_NOT_AS_IT_IS, re.sub(_HARMLESS, "", clause.text)) is None


def of_the_whole(clause: Clause) -> bool:
    """Return whether a clause is about the whole, and not about a part or a comparison."""
    return re.search(_OF_PARTS, re.sub(_HARMLESS, "", clause.text)) is None


def _bare(name: str) -> str:
    return name.rstrip(".,;:-").removesuffix("'s").casefold()


def _known_words(sheet: SheetFields) -> frozenset[str]:
    return _words_of(Same(sheet))


@lru_cache(maxsize=1)
def _words_of(same: Same) -> frozenset[str]:
    """Return the words of what the sheet names outside its running text, and of the names of its fields."""
    words: set[str] = set()
    for passage in prose_of(same.sheet).passages():
        if passage.kind in {"name", "metric"} and passage.section != "references":
            words.update(re.findall(r"[\w.-]+", passage.text.casefold()))
    performance = same.sheet.performance
    for table in (performance.results or ()) if performance is not None else ():
        for system in table.systems:
            words.update(re.findall(r"[\w.-]+", f"{system.id} {system.name}".casefold()))
    return frozenset(word.rstrip(".-") for word in words)
