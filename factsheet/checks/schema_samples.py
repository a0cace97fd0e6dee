"""Samples for the documentation of what the loader and the schema refuse (family FS1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.source.decoding import DEFAULT_LIMITS
from factsheet.source.problems import CODES, Wording

if TYPE_CHECKING:
    from collections.abc import Mapping


class Sample(NamedTuple):
    """The words that fill a refusal's sentences, and YAML that provokes it.

    Attributes:
        words: for the braces in the loader's wording.
        fails: YAML that is refused so; empty where it cannot be shown in a few printable characters.
        passes: the same, corrected.
        instead: sentences that take the place of the loader's, where those depend on the case.
    """

    words: Mapping[str, str] = {}
    fails: str = ""
    passes: str = ""
    instead: Wording | None = None


def schema_wording(code: str) -> Wording:
    """Return what is wrong, why it matters and how to fix it, for a code of `SCHEMA_IDS`; free of braces."""
    sample = SAMPLES[code]
    if sample.instead is not None:
        return sample.instead
    return CODES[code].filled(sample.words)


_NAMED = "factsheet: 1\noverview: {name: Example, model: BERT-base}"
_TABLE = """\
performance:
  results:
    - name: GLUE
      systems: [{{id: "8", name: 8 bits, kind: analog}}]
      tasks:
        - {{task: RTE, scores: {{{key}: 64.00 %}}}}"""

SAMPLES: dict[str, Sample] = {
    "file-too-large": Sample({"limit": f"{DEFAULT_LIMITS.bytes:,}"}),
    "wide-encoding": Sample({"encoding": "UTF-16"}),
    "not-utf-8": Sample(
        {"byte": "B5", "remedy": "Save the file as UTF-8; if it is in Windows-1252, this byte is `µ`."}
    ),
    "control-character": Sample(
        {"character": "U+001B (escape)"},
        r'purpose: {summary: "Turns \e[31mtext\e[0m into vectors."}',
        "purpose: {summary: Turns text into vectors.}",
    ),
    "unusual-line-break": Sample({"character": "U+2028 (line separator)"}),
    "stray-byte-order-mark": Sample(),
    "too-many-nodes": Sample({"limit": str(DEFAULT_LIMITS.nodes)}),
    "too-deep": Sample({"limit": str(DEFAULT_LIMITS.depth)}),
    "too-many-problems": Sample({"limit": str(DEFAULT_LIMITS.problems)}),
    "syntax": Sample(
        fails="purpose: {summary: Turns text into vectors.",
        passes="purpose: {summary: Turns text into vectors.}",
        instead=Wording(
            "The YAML cannot be read: a quote or a bracket is left open, say, or an indentation is off.",
            *CODES["syntax"].filled({"detail": ""})[1:],
        ),
    ),
    "tab-indentation": Sample(
        fails="purpose:\n\tsummary: Turns text into vectors.",
        passes="purpose:\n  summary: Turns text into vectors.",
    ),
    "directive": Sample({"text": "%YAML 1.1"}, f"%YAML 1.1\n---\n{_NAMED}", _NAMED),
    "several-documents": Sample(fails=f"{_NAMED}\n---\npurpose: {{summary: More.}}", passes=_NAMED),
    "empty-document": Sample(fails="# factsheet: 1", passes=_NAMED),
    "not-a-mapping": Sample(
        {"found": "a list", "remedy": ", and put the list under a key."},
        "- factsheet: 1\n- overview: {name: Example, model: BERT-base}",
        _NAMED,
    ),
    "duplicate-key": Sample(
        {"key": "area"},
        "parameters:\n  area: 780.4 mm²\n  tiles: 480\n  area: 708.4 mm²",
        "parameters:\n  area: 780.4 mm²\n  tiles: 480",
    ),
    "non-string-key": Sample(
        {"key": "8", "kind": "a number"},
        _TABLE.format(key="8"),
        _TABLE.format(key='"8"'),
    ),
    "complex-key": Sample(
        fails="setup:\n  ? [framework, version]\n  : PyTorch",
        passes="setup:\n  framework: PyTorch",
    ),
    "empty-key": Sample(fails="parameters:\n  : 780.4 mm²", passes="parameters:\n  area: 780.4 mm²"),
    "merge-key": Sample(
        fails="parameters:\n  <<: {area: 780.4 mm²}", passes="parameters:\n  area: 780.4 mm²"
    ),
    "scalar-too-long": Sample(
        {"length": str(DEFAULT_LIMITS.scalar_chars + 1), "limit": str(DEFAULT_LIMITS.scalar_chars)}
    ),
    "yaml-1.1-boolean": Sample(
        {"text": "NO", "meant": "false"}, "setup: {framework: NO}", 'setup: {framework: "NO"}'
    ),
    "octal-integer": Sample(
        {"text": "010", "reading": "base 8 or base 10", "decimal": "10"},
        "parameters: {tile: {rows: 010, cols: 512}}",
        "parameters: {tile: {rows: 10, cols: 512}}",
    ),
    "hexadecimal-integer": Sample(
        {"text": "0x200", "decimal": "512"},
        "parameters: {tile: {rows: 0x200, cols: 512}}",
        "parameters: {tile: {rows: 512, cols: 512}}",
    ),
    "not-a-number": Sample(
        {"text": ".nan"},
        "parameters: {area: .nan}",
        "parameters: {area: {not_disclosed: The chip is not laid out yet.}}",
    ),
    "infinite-number": Sample(
        {"text": ".inf"},
        "performance: {refresh_interval: .inf}",
        "performance: {refresh_interval: {not_applicable: The weights do not drift.}}",
    ),
    "number-out-of-range": Sample(
        {"text": "1e999", "read": "infinity"}, "parameters: {tiles: 1e999}", "parameters: {tiles: 480}"
    ),
    "number-too-long": Sample(
        {"digits": str(DEFAULT_LIMITS.digits + 1), "limit": str(DEFAULT_LIMITS.digits)},
        f"parameters: {{tiles: 480.{'0' * (DEFAULT_LIMITS.digits - 2)}}}",
        "parameters: {tiles: 480}",
    ),
    "tag": Sample({"text": "!!str"}, "setup: {framework: !!str PyTorch}", "setup: {framework: PyTorch}"),
    "anchor": Sample(
        {"text": "&area"}, "parameters: {area: &area 780.4 mm²}", "parameters: {area: 780.4 mm²}"
    ),
    "alias": Sample({"text": "*area"}, "parameters: {area: *area}", "parameters: {area: 780.4 mm²}"),
    "wrong-answer": Sample(
        fails="parameters:\n  area: 780,4 mm²",
        passes="parameters:\n  area: 780.4 mm²",
        instead=Wording(
            "A field has another answer than it asks for: another unit, an unknown word, no date.",
            "An answer that cannot be read as the quantity, date or choice asked for cannot be checked or compared.",
            "Answer in the form that the message names; where there is no answer, say so with `not_disclosed` or "
            "`not_applicable` and the reason.",
        ),
    ),
    "wrong-shape": Sample(
        fails="parameters: 780.4 mm²",
        passes="parameters: {area: 780.4 mm²}",
        instead=Wording(
            "A list, a mapping or a single value is given where the schema has another of the three.",
            "Readers and checks find a fact by its place, and this one is not where they look.",
            "Give it the form that the message names: indented keys, entries that begin with `- `, or one value.",
        ),
    ),
    "unknown-key": Sample(
        fails="parameters: {araa: 780.4 mm²}",
        passes="parameters: {area: 780.4 mm²}",
        instead=Wording(
            "A key is not a field of its section.",
            "A misspelt key would be a fact that nobody reads.",
            "Correct its spelling, or move it to the section that the message names; `factsheet schema` lists "
            "every field.",
        ),
    ),
    "missing-key": Sample(
        fails="parameters: {tile: {rows: 512}}",
        passes="parameters: {tile: {rows: 512, cols: 512}}",
        instead=Wording(
            "A key that its section requires is missing.",
            "The rest of the section means nothing without it.",
            "Add it; the message gives an example.",
        ),
    ),
}
"""A sample for each code of `factsheet.checks.registry.SCHEMA_IDS`."""
