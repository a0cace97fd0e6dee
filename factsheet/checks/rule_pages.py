"""Render the documentation of every id: for `factsheet explain`, for the pages in docs/rules, for SARIF.

`python -m factsheet.checks.rule_pages docs/rules` writes the pages anew.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import fill, indent
from typing import TYPE_CHECKING

from factsheet.checks.documentation import FAMILIES, all_documented, document_of
from factsheet.source.writing import write_atomic

if TYPE_CHECKING:
    from factsheet.checks.documentation import Documented
    from factsheet.checks.rule import Option

_WIDTH = 88
_INDEX_TEXT = (
    "What `factsheet validate` can find, by id. `factsheet explain FS204` prints the same pages in a terminal. An id "
    "is never used again for something else."
)


def explain(name: str) -> str:
    """Return the documentation of an id or a slug as plain text for a terminal.

    Raises:
        UnknownRuleError: no id or slug has this name.
    """
    entry = document_of(name)
    blocks = [f"{entry.id} {entry.slug}\n{_wrapped(entry.summary)}"]
    for heading, text in _prose_and_snippets(entry):
        is_yaml = heading in {"Fails", "Passes"}
        blocks.append(f"{heading}:\n{indent(text if is_yaml else _wrapped(text, 2), '  ')}")
    blocks.append("\n".join(_wrapped(line) for line in _facts(entry)))
    return "\n\n".join(blocks) + "\n"


def page(name: str) -> str:
    """Return the documentation of an id or a slug as a page of Markdown.

    Raises:
        UnknownRuleError: no id or slug has this name.
    """
    return _page(document_of(name))


def as_markdown(entry: Documented, heading_mark: str = "### ") -> str:
    """Return the parts of a documentation as Markdown, without its title."""
    parts = []
    for heading, text in _prose_and_snippets(entry):
        body = f"```yaml\n{text}\n```" if heading in {"Fails", "Passes"} else text
        parts.append(f"{heading_mark}{heading}\n\n{body}\n")
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """Return every page by its file name, the index among them as `README.md`."""
    entries = list(all_documented())
    return {"README.md": _index_page(entries)} | {f"{entry.id}.md": _page(entry) for entry in entries}


def write_pages(folder: Path) -> None:
    """Write every page into a folder; other files in it stay, such as the pages of retired ids.

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
    """Return what settings can change about it."""
    of_a_rule = not entry.id.startswith(("FS1", "FS7"))
    severity = f"{entry.severity}, unless the settings say otherwise" if of_a_rule else entry.severity
    facts = [f"Family: {entry.family}. Severity: {severity}."]
    facts += [f"Option: `{name}`, by default {_shown(value)}." for name, value in entry.options.items()]
    if entry.online:
        facts.append("Needs the network, and runs only under `--online`.")
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
    """Begin with a capital, as under a heading; docstrings continue `What it does: ` in small letters."""
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
