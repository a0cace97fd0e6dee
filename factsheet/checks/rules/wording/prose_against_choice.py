"""The text says otherwise in which passes of training there was noise.

What it does: compares `hwa_training.noise_applied_in` with sentences that certainly say it in words: noise in the
forward pass only, a backward pass as in ordinary training, noise in both passes. Sentences about other models, plans,
the past, or what might be are ignored.

Why it matters: who repeats the training has to know which of the two was done.

Fails:
    hwa_training: {noise_applied_in: forward and backward pass, summary: The backward pass is free of noise.}

Passes:
    hwa_training: {noise_applied_in: forward pass, summary: The backward pass is free of noise.}

How to fix: correct whichever of the two is wrong.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from factsheet.checks.diagnostic import Finding
from factsheet.checks.prose import matches_near, prose_of
from factsheet.checks.rule import Rule
from factsheet.checks.rules.wording.own_statements import clause_at, of_this_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext

_NOISE: Final = (
    r"(?i)\b(?:nois\w+|non-idealit\w+|nonidealit\w+|perturb\w+|distort\w+|errors?|inject\w+|variations?)\b"
)
_FORWARD_ONLY: Final = (
    r"(?i)((?:only|solely|just|exclusively) (?:in|to|into|on|during|for|with) (?:the |each )?forward pass(?:es)?"
    r"|forward pass(?:es)? (?:only|alone)"
    r"|backward pass(?:es)?[^.;\0]{0,50}?\b(?:ordinary|unchanged|exact|ideal|noise-free|noiseless|without noise"
    r"|free of (?:noise|errors)|digital|full precision|floating[- ]point|no noise|clean))\b"
)
_BOTH: Final = (
    r"(?i)((?:forward and (?:in |to )?(?:the )?backward|backward and (?:in |to )?(?:the )?forward) pass(?:es)?"
    r"|both (?:the )?(?:forward and (?:the )?backward )?passes)\b"
)
_EXACT: Final = r"(?i)\b(?:no|not|never|without|neither|free|exact|digital)\b"
_REACH: Final = (70, 90)


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    fact = sheet.hwa_training.noise_applied_in if sheet.hwa_training is not None else None
    stated = fact.text if fact is not None else None
    if stated is None:
        return
    prose, pattern = prose_of(sheet), _BOTH if stated == "forward pass" else _FORWARD_ONLY
    for match in matches_near(prose.text, ("pass",), pattern, _REACH):
        passage, clause = prose.at(match.start()), clause_at(prose.text, match.start(), match.end())
        if passage.kind not in {"prose", "note"} or not of_this_model(clause, sheet):
            continue
        if pattern is _BOTH and (
            not re.search(_NOISE, clause.sentence) or re.search(_EXACT, clause.sentence)
        ):
            continue
        yield Finding(
            passage.path,
            f"the text says “{match[1]}”, and the sheet states that noise is added in the {stated}",
            "correct whichever is wrong: this sentence, or `noise_applied_in`",
            related=((("hwa_training", "noise_applied_in"), stated),),
            word=match[1],
        )


RULE = Rule(
    "FS609",
    "prose-against-choice",
    "warning",
    "who repeats the training has to know which of the two was done",
    _check,
)
