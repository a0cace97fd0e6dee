"""Put the pages of the site together: Markdown of the repository, its links made those of the site.

The pages are written to be read on GitHub. On the site, a link to another page leads to that page, one to a sheet to
the page that the sheet is rendered as, and one to any other file of the repository to a copy of it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
HOME = "README.md"
MAP = "docs/README.md"
"""The map of the documentation: its headings and links, in their order, are the site's navigation."""
PROJECT_PAGES = {
    HOME: "index.md",
    MAP: "map.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
    "benchmarks/README.md": "benchmarks.md",
    "docs/rules/README.md": "rules/index.md",
}
FOLDER_PAGES = {"docs/decisions": "decisions/index.md", "docs/rules": "rules/index.md", "docs": "map.md"}
CATALOGUE = "sheets"
"""Where `factsheet catalog` writes the site over the repository's sheets."""

FENCE = re.compile(r"^ *(?P<fence>`{3,}|~{3,}).*?^ *(?P=fence)[`~]*[ \t]*$", re.DOTALL | re.MULTILINE)
CODE = re.compile(rf"{FENCE.pattern}|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[(?P<text>(?:[^][]|\[[^]]*\]\([^)]*\))*)\]\((?P<target>[^)\s]+)\)")
TITLE = re.compile(r"^# (?P<title>.+)$", re.MULTILINE)
HEADING = re.compile(r"^(?P<marks>#{2,3}) (?P<title>.+)$")
FILE_NAME = re.compile(r"`?[\w./-]+\.md`?")
LIST_ITEM = re.compile(r"^(?P<indent> *)(?P<marker>[-*]|\d+\.) +")


class SiteError(Exception):
    """The pages do not make a site; each line says where and why."""


@dataclass(frozen=True)
class Page:
    """A page of the repository, and where it is on the site."""

    source: str
    target: str
    text: str

    @property
    def title(self) -> str:
        """Return the page's first heading, without the marks of Markdown."""
        found = TITLE.search(self.text)
        if found is None:
            raise SiteError(f"{self.source}: no heading to name the page by; begin it with `# Title`")
        return re.sub(r"[`*]|\]\([^)]*\)|\[", "", found["title"])


def pages(root: Path = ROOT) -> dict[str, Page]:
    """Return every page of the site by its path in the repository."""
    found = {}
    for file in [
        *(root / name for name in PROJECT_PAGES),
        *sorted(root.glob("docs/**/*.md")),
        *sorted(root.glob("examples/*/README.md")),
    ]:
        source = file.relative_to(root).as_posix()
        target = PROJECT_PAGES.get(source) or source.removeprefix("docs/")
        if source.startswith("examples/"):
            target = f"examples/{file.parent.name}.md"
        found[source] = Page(source, target, file.read_text(encoding="utf-8"))
    return found | {"docs/decisions": decisions(found)}


def decisions(found: dict[str, Page]) -> Page:
    """Return the list of the decisions, the newest first; GitHub shows the folder instead."""
    rows = [
        f"- [{page.title}]({Path(name).name}), {Path(name).name[:10]}"
        for name, page in sorted(found.items(), reverse=True)
        if name.startswith("docs/decisions/")
    ]
    text = (
        "# Decisions\n\nChoices that cost something, each with what was given up.\n\n"
        + "\n".join(rows)
        + "\n"
    )
    return Page("docs/decisions/README.md", FOLDER_PAGES["docs/decisions"], text)


def navigation(found: dict[str, Page]) -> list[tuple[str, list[object]]]:
    """Return the site's navigation as the map of the documentation has it.

    Raises:
        SiteError: a page is in no place of the map.
    """
    sections: list[tuple[str, list[object]]] = []
    place: list[object] = []
    placed = {HOME, MAP}
    for line in found[MAP].text.splitlines():
        heading = HEADING.match(line)
        if heading and heading["marks"] == "##":
            place = []
            sections.append((heading["title"], place))
        elif heading:
            place = []
            sections[-1][1].append((heading["title"], place))
        for link in LINK.finditer(CODE.sub("", line)):
            source = resolved(MAP, link["target"].partition("#")[0])
            source = (
                source
                if source in found
                else f"{source}/README.md"
                if f"{source}/README.md" in found
                else source
            )
            if not sections or source in placed or source not in found:
                continue
            placed.add(source)
            place.append(with_pages_below(source, found, placed))
    missing = sorted(set(found) - placed)
    if missing:
        raise SiteError(
            "\n".join(
                f"{source}: in no place of the navigation; give it a row in {MAP}" for source in missing
            )
        )
    return [(title, items) for title, items in sections if items]


def with_pages_below(source: str, found: dict[str, Page], placed: set[str]) -> object:
    """Return a page for the navigation; of the rules and the decisions, with every page that it lists."""
    page = found[source]
    if page.target not in {"rules/index.md", "decisions/index.md"}:
        return page
    folder = f"docs/{Path(page.target).parent}/"
    names = [name for name in sorted(found) if name.startswith(folder) and name != source]
    placed |= set(names)
    return (page.title, [page, *(found[name] for name in names)])


def resolved(source: str, path: str) -> str:
    """Return the path in the repository of what a page links to."""
    return os.path.normpath(Path(source).parent / path).replace(os.sep, "/") if path else source


def nav_toml(items: list[object]) -> str:
    """Return part of the navigation in TOML."""
    parts = []
    for item in items:
        if isinstance(item, Page):
            parts.append(json.dumps(item.target))
        elif isinstance(item, tuple):
            title, within = item
            parts.append(f"{{ {json.dumps(title, ensure_ascii=False)} = {nav_toml(within)} }}")
    return f"[{', '.join(parts)}]"


def links_changed(page: Page, found: dict[str, Page], copied: set[str]) -> str:
    """Return the page's text with links of the site; files that it needs are added to `copied`.

    Raises:
        SiteError: a link leads nowhere.
    """
    wrong: list[str] = []

    def changed(match: re.Match[str]) -> str:
        path, mark, anchor = match["target"].partition("#")
        text = prose_changed(match["text"])
        if re.match(r"[a-z][a-z0-9+.-]*:", path) or not path:
            return f"[{text}]({match['target']})"
        source = resolved(page.source, path)
        target = FOLDER_PAGES.get(source)
        known = found.get(source)
        if known is not None:
            target = known.target
            if FILE_NAME.fullmatch(text):
                text = known.title
        elif source.startswith("sheets/") and source.endswith(".yaml"):
            target = f"{CATALOGUE}/pages/{Path(source).stem}.html"
        elif target is None:
            if not (ROOT / source).is_file():
                wrong.append(f"{page.source}: the link to {path} leads nowhere on the site")
            # As text: of Markdown, the site would make a page with links of its own.
            target = f"files/{source}{'.txt' if source.endswith('.md') else ''}"
            copied.add(source)
        return f"[{text}]({relative(target, page)}{mark}{anchor})"

    def prose_changed(text: str) -> str:
        return LINK.sub(changed, text)

    text = outside_code(page.text, prose_changed)
    if wrong:
        raise SiteError("\n".join(wrong))
    return text


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Change a page's prose, and leave its code as it is."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\0{len(kept) - 1}\0"

    return re.sub(r"\0(\d+)\0", lambda match: kept[int(match[1])], change(CODE.sub(keep, text)))


def relative(target: str, page: Page) -> str:
    """Return the link from a page to something on the site."""
    return os.path.relpath(target, Path(page.target).parent).replace(os.sep, "/")


def for_python_markdown(text: str) -> str:
    """Return a page as Python-Markdown wants it: what is in a list's item is indented by four columns a level."""
    lines = []
    levels: list[int] = []
    """Where the text of each item begins that is open, in columns."""
    fence = ""
    for written in text.splitlines():
        line = written
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        if not fence:
            while bare and levels and indent < levels[-1]:
                levels.pop()
        if bare.startswith("|") and not fence:
            # A bar in code divides no cells, and needs no backslash there.
            bare = re.sub(r"`[^`]*`", lambda code: code[0].replace(r"\|", "|"), bare)
            line = " " * indent + bare
        lines.append(" " * (indent - levels[-1] + 4 * len(levels)) + bare if levels and bare else line)
        mark = re.match(r"`{3,}|~{3,}", bare)
        if fence:
            fence = "" if bare.startswith(fence) else fence
        elif mark:
            fence = mark[0]
        elif item := LIST_ITEM.match(line):
            levels.append(item.end())
    return "\n".join(lines) + "\n"


def stage(folder: Path) -> dict[str, str]:
    """Write the sources of the site into an empty folder: its pages, the files that they link to, its settings.

    Returns:
        The pages' Markdown as GitHub would take it, by their path on the site.

    Raises:
        SiteError: a link leads nowhere, or a page is in no place of the navigation.
    """
    docs = folder / "docs"
    found = pages()
    nav = navigation(found)
    copied: set[str] = set()
    texts = {page.target: links_changed(page, found, copied) for page in found.values()}
    for target, text in texts.items():
        whole = for_python_markdown(text)
        put(docs / target, landing(whole) if target == PROJECT_PAGES[HOME] else whole)
    for name in copied:
        copy = docs / "files" / (f"{name}.txt" if name.endswith(".md") else name)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy)
    shutil.copy(HERE / "site.css", docs / "site.css")
    settings = (HERE / "zensical.toml").read_text(encoding="utf-8")
    whole = nav_toml([found[HOME], *nav, ("Map", [found[MAP]])])
    put(folder / "zensical.toml", settings.replace("[project]\n", f"[project]\nnav = {whole}\n", 1))
    return {target: text for target, text in texts.items() if target != PROJECT_PAGES[HOME]}


def landing(text: str) -> str:
    """Return the first page with the real page of a sheet in it, where GitHub shows a picture of it."""
    frame = (HERE / "landing.html").read_text(encoding="utf-8").rstrip()
    changed, count = re.subn(r"^\[!\[[^]]*\]\([^)]*/page\.png\)\]\(.*$", frame, text, flags=re.MULTILINE)
    if count != 1:
        raise SiteError(f"{HOME}: one picture of a sheet's page is asked for, and {count} are there")
    return changed


def put(file: Path, text: str) -> None:
    """Write a file, and the folders that it is in."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
