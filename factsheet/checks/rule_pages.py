"""What there is to read about each id: for `factsheet explain`, for the pages in docs/rules, for SARIF."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from pathlib import Path
from textwrap import fill, indent
from typing import TYPE_CHECKING

from factsheet.checks.documentation import (
    FAMILIES,
    SAMPLES,
    SUPPRESSIONS,
    Documented,
    parts_of,
    schema_wording,
)
from factsheet.checks.registry import RULES, SCHEMA_IDS
from factsheet.errors import UnknownRuleError
from factsheet.source.problems import CODES
from factsheet.source.writing import write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import Option, Rule

_WIDTH = 88
_INDEX_TEXT = (
    "What `factsheet validate` can find, by id. `factsheet explain FS204` prints the same pages in a terminal. An id "
    "is never used again for something else."
)
_WHEN_READ = (
    "Reported while the text is read, before facts are compared with each other. No selection of rules leaves it "
    "out."
)
_WHEN_HELD_AGAINST_THE_SCHEMA = (
    "Reported when the sheet is held against its schema. The other checks go on without what is at fault, and no "
    "selection of rules leaves it out."
)


def all_documented() -> Iterator[Documented]:
    """The documentation of every id, in the order of the ids."""
    for code, rule_id in sorted(SCHEMA_IDS.items(), key=lambda item: item[1]):
        yield _of_code(code, rule_id)
    yield from map(_of_rule, RULES)
    yield from SUPPRESSIONS


def document_of(name: str) -> Documented:
    """The documentation of an id or a slug, in either case of letters.

    Raises:
        UnknownRuleError: nothing is called so.
    """
    wanted = name.strip().lower()
    known = {word: entry for entry in all_documented() for word in (entry.id.lower(), entry.slug)}
    if wanted not in known:
        words = get_close_matches(wanted, known, 2, 0.7)
        close = tuple(word.upper() if word.startswith("fs") else word for word in words)
        hint = f"; did you mean {' or '.join(f'`{one}`' for one in close)}?" if close else ""
        raise UnknownRuleError(f"no rule is called `{name}`{hint}", candidates=close)
    return known[wanted]


def index() -> list[tuple[str, str, str]]:
    """Id, slug and summary of everything that can be found in a sheet."""
    return [(entry.id, entry.slug, entry.summary) for entry in all_documented()]


def explain(name: str) -> str:
    """The documentation of an id or a slug, as plain text for a terminal.

    Raises:
        UnknownRuleError: nothing is called so.
    """
    entry = document_of(name)
    blocks = [f"{entry.id} {entry.slug}\n{_wrapped(entry.summary)}"]
    for heading, text in _prose_and_snippets(entry):
        is_yaml = heading in {"Fails", "Passes"}
        blocks.append(f"{heading}:\n{indent(text if is_yaml else _wrapped(text, 2), '  ')}")
    blocks.append("\n".join(_wrapped(line) for line in _facts(entry)))
    return "\n\n".join(blocks) + "\n"


def page(name: str) -> str:
    """The same as a page of Markdown.

    Raises:
        UnknownRuleError: nothing is called so.
    """
    return _page(document_of(name))


def as_markdown(entry: Documented, heading_mark: str = "### ") -> str:
    """The parts of a documentation as Markdown, without its title."""
    parts = []
    for heading, text in _prose_and_snippets(entry):
        body = f"```yaml\n{text}\n```" if heading in {"Fails", "Passes"} else text
        parts.append(f"{heading_mark}{heading}\n\n{body}\n")
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """Every page by its file name, the index among them as `README.md`."""
    entries = list(all_documented())
    return {"README.md": _index_page(entries)} | {f"{entry.id}.md": _page(entry) for entry in entries}


def write_pages(folder: Path) -> None:
    """Write every page into a folder; what else lies there stays, such as the pages of retired ids.

    Raises:
        factsheet.errors.WriteError: a page could not be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        write_atomic(folder / name, text)


def _page(entry: Documented) -> str:
    facts = "\n".join(f"- {line}" for line in _facts(entry))
    head = f"# {entry.id}: {entry.slug}\n\n{entry.summary}\n\n{facts}\n"
    return f"{head}\n{as_markdown(entry, '## ')}\n[All rules](README.md)\n"


def _of_rule(rule: Rule) -> Documented:
    docstring = sys.modules[rule.check.__module__].__doc__
    if docstring is None:  # python -OO
        return Documented(rule.id, rule.slug, rule.severity, rule.why, "", rule.why, "", "", "")
    parts = parts_of(docstring)
    return Documented(
        rule.id,
        rule.slug,
        rule.severity,
        parts["Summary"],
        parts["What it does"],
        parts["Why it matters"],
        parts["Fails"],
        parts["Passes"],
        parts["How to fix"],
        rule.options,
        rule.online,
    )


def _of_code(code: str, rule_id: str) -> Documented:
    wording, sample = schema_wording(code), SAMPLES[code]
    what = _WHEN_READ if code in CODES else _WHEN_HELD_AGAINST_THE_SCHEMA
    return Documented(
        rule_id,
        code,
        "error",
        wording.message,
        what,
        wording.why,
        sample.fails,
        sample.passes,
        wording.help,
    )


def _prose_and_snippets(entry: Documented) -> list[tuple[str, str]]:
    parts = [
        ("What it does", _sentence(entry.what)),
        ("Why it matters", _sentence(entry.why)),
        ("Fails", entry.fails),
        ("Passes", entry.passes),
        ("How to fix", _sentence(entry.how)),
    ]
    return [(heading, text) for heading, text in parts if text]


def _facts(entry: Documented) -> list[str]:
    """What settings have to say about it."""
    of_a_rule = not entry.id.startswith(("FS1", "FS7"))
    severity = f"{entry.severity}, unless the settings say otherwise" if of_a_rule else entry.severity
    facts = [f"Family: {entry.family}. Severity: {severity}."]
    facts += [f"Option: `{name}`, by default {_shown(value)}." for name, value in entry.options.items()]
    if entry.online:
        facts.append("Needs the network and runs under `--online` alone.")
    if of_a_rule:
        facts.append(f"Accept it on one line: `# factsheet: ignore[{entry.id}] the reason`.")
    return facts


def _shown(value: Option) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return ", ".join(f"`{item}`" for item in value) or "empty"
    return f"`{value}`"


def _index_page(entries: list[Documented]) -> str:
    lines = ["# Rules", "", _INDEX_TEXT]
    for prefix, family in FAMILIES.items():
        rows = [entry for entry in entries if entry.id.startswith(prefix)]
        if not rows:
            continue
        lines += [
            "",
            f"## {prefix}: {family}",
            "",
            "| Id | Slug | Severity | Finds |",
            "| --- | --- | --- | --- |",
        ]
        lines += [
            f"| [{entry.id}]({entry.id}.md) | {entry.slug} | {entry.severity} | {_cell(entry.summary)} |"
            for entry in rows
        ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _sentence(text: str) -> str:
    """Docstrings go on behind `What it does: ` in small letters; under a heading a sentence begins with a capital."""
    return text[:1].upper() + text[1:]


def _wrapped(text: str, margin: int = 0) -> str:
    return "\n\n".join(
        fill(paragraph, _WIDTH - margin, break_long_words=False, break_on_hyphens=False)
        for paragraph in text.split("\n\n")
    )


if __name__ == "__main__":
    import argparse

    parser = argparse.ArgumentParser(description="Write the page of every rule.")
    parser.add_argument("folder", type=Path, help="docs/rules")
    write_pages(parser.parse_args().folder)
