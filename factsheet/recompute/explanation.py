"""The arithmetic behind a derived fact, as plain lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.crossbar.cost.explanation import notes_of
from factsheet.errors import DeriveError
from factsheet.recompute.derivations.chip import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.facts import DerivedFact
    from factsheet.recompute.verdict import VerdictKind

VERDICT_WORDS: dict[VerdictKind, str] = {
    "agrees": "the same",
    "rounds_to": "the derived value rounds to it",
    "within_written": "inside what it allows",
    "within_tolerance": "inside the tolerance that the sheet states",
    "differs": "they differ",
}


def explain(derivation: Derivation, name: str) -> list[str]:
    """Formula, inputs, arithmetic layer by layer and comparison with the claim.

    Args:
        derivation: what was derived.
        name: a short name such as `analog_ops`, or a path. A name of facts at several places
            gives all of them.

    Raises:
        DeriveError: there is no such fact; `candidates` are the names that come close.
    """
    known = (*derivation.facts, *derivation.chip_facts)
    facts = [fact for fact in known if name in (fact.path, fact.name, fact.name.removeprefix(PREFIX))]
    if not facts:
        raise _unknown(derivation, name)
    lines: list[str] = []
    for fact in facts:
        lines += ["", *_explained(fact)] if lines else _explained(fact)
    estimate = derivation.chip.sizes
    if estimate is not None and any(fact in derivation.chip_facts for fact in facts):
        lines += ["", *(f"assumed: {note}" for note in notes_of(estimate))]
    return lines


def _explained(fact: DerivedFact) -> Iterator[str]:
    if fact.derived is None:
        yield f"{fact.path}: not derivable"
    else:
        exact = f" ({fact.derived:,})" if isinstance(fact.derived, int) else ""
        yield f"{fact.path} = {fact.text}" + (exact if exact.strip(" ()") != fact.text else "")
    if fact.formula:
        yield f"formula: {fact.formula}"
    yield from (f"with {given.name} = {given.text} ({given.source})" for given in fact.inputs)
    yield from fact.steps
    if fact.claimed is not None:
        yield f"the sheet claims {fact.claimed.text}{_comparison(fact)}"
    if fact.note:
        yield f"note: {fact.note}"


def _comparison(fact: DerivedFact) -> str:
    verdict = fact.verdict
    words = VERDICT_WORDS.get(verdict.kind)
    if words is None:
        return ""
    if verdict.interpretation:
        words += f" if {verdict.interpretation}"
    if verdict.kind == "within_tolerance" and verdict.why:
        words += f" ({verdict.why})"
    if verdict.kind == "agrees" or fact.relative_difference is None:
        return f": {words}"
    return f": {words} (relative difference {fact.relative_difference:+.2%})"


def _unknown(derivation: Derivation, name: str) -> DeriveError:
    from difflib import get_close_matches  # only for a name that is wrong

    known = (*derivation.facts, *derivation.chip_facts)
    names = list(dict.fromkeys(fact.name for fact in known))
    paths = [fact.path for fact in known]
    close = tuple(get_close_matches(name, [*names, *paths], 3))
    return DeriveError(
        f"no fact is called `{name}`",
        "only derived facts have arithmetic to show",
        f"did you mean {' or '.join(f'`{c}`' for c in close)}?"
        if close
        else f"the facts are {', '.join(names)}",
        candidates=close,
    )
