"""Sheets that mean harm, for every renderer: what they hold must come out as the text that it is."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factsheet.sheet.load import read_factsheet
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.sheet.model import SheetFields

PUBLISHED = Path(__file__).parents[2] / "sheets" / "bert.yaml"
Path_ = tuple[str | int, ...]

ATTACKS = (
    '<script>window.ran = 1; fetch("{trap}/script")</script>',
    '"><img src="{trap}/img" onerror="window.ran = 2">',
    "' onfocus='window.ran = 3' autofocus tabindex='0",
    '<svg onload="window.ran = 4"><image href="{trap}/svg"/><use href="{trap}/use#x"/></svg>',
    "<style>@import url({trap}/css); * {{ display: none !important }}</style>",
    "</style></script></title></details><h1>out of it</h1>",
    "<iframe src='{trap}/frame'></iframe><object data='{trap}/object'></object>",
    "<base href='{trap}/'><link rel='stylesheet' href='{trap}/link'>",
    "<meta http-equiv='refresh' content='0;url={trap}/meta'>",
    "<form action='{trap}/form'><button autofocus>go</button></form>",
    "javascript:window.ran=5",
    "[click](javascript:window.ran=6) ![see]({trap}/markdown)",
    "data:text/html,<script>window.ran=7</script>",
    "<a href='file:///etc/passwd'>file:///etc/passwd</a>",
    "url({trap}/url) expression(window.ran=8) @import '{trap}/at'",
    "{{{{ 7 * 7 }}}} {{% raw %}} ${{7*7}} #{{7*7}}",
    "&lt;script&gt; &#60;b&#62; &amp;amp;",
    "<!-- --> ]]> <![CDATA[ x ]]> <?xml version='1.0'?>",
    "\u202egnp.exe\u202c and \u2066hidden\u2069 \ufeff",
    "שלום עולם, טקסט מימין לשמאל: 42 (ab) مرحبا بالعالم",
    "😀 👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301\u0327\u0308",
    "人工知能の模型の説明書。長い文が続く。" * 6,
    "W" * 400,
    "[see](data:text/html;base64,PHNjcmlwdD4=) <javascript:window.ran=9> [a][b]\n\n[b]: {trap}/reference",
    "![see]({trap}/image.png) !*[see]({trap}/image2.png)* <{trap}/autolink>\n\n```html\n<img src={trap}/x>\n```",
    "- > - > ***deep*** ~~`<b>`~~\n\n# out\n\n1. of\n\n   the {trap}/list",
    "# heading\n- item\n| a | b |\n|---|---|\n`code` **bold**",
)
"""Each stands in some field of the hostile sheet; `{trap}` is a server that must never be asked for anything."""


def published() -> Any:
    """The published sheet as plain data."""
    loaded = load_bytes(PUBLISHED.read_bytes(), "bert.yaml")
    assert loaded.document is not None
    return loaded.document.data


def sheet_from(data: Any) -> SheetFields:
    """The sheet that plain data is."""
    sheet, misfits = read_factsheet(data)
    assert sheet is not None, misfits
    assert not misfits, misfits
    return sheet


def strings(node: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The path of every text in plain data."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from strings(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from strings(value, (*path, index))
    elif isinstance(node, str):
        yield path


def put(data: Any, path: Path_, value: str) -> None:
    """Write a text at a path."""
    for key in path[:-1]:
        data = data[key]
    data[path[-1]] = value


@cache
def free_texts() -> tuple[Path_, ...]:
    """The texts of the published sheet that the schema lets be any text."""
    known = published()
    free: list[Path_] = []
    for path in strings(known):
        data = copy.deepcopy(known)
        put(data, path, "any <text> | at all")
        sheet, misfits = read_factsheet(data)
        if sheet is not None and not misfits:
            free.append(path)
    return tuple(free)


def attacking(trap: str) -> SheetFields:
    """The published sheet with an attack in every text, each attack in several places."""
    data = published()
    attacks = [attack.format(trap=trap) for attack in ATTACKS]
    for number, path in enumerate(free_texts()):
        put(data, path, attacks[number % len(attacks)])
    _, misfits = read_factsheet(data)
    for misfit in misfits:
        # A field of one short line takes no attack that is long or has several.
        for path in free_texts():
            if path[: len(misfit.path)] == misfit.path:
                put(data, path, attacks[len(path) % 2])
    return sheet_from(data)


def enormous(
    *, columns: int = 60, tasks: int = 200, characters: int = 20_000, alone: bool = False
) -> SheetFields:
    """A sheet with a table of that many columns, one of that many rows, and a word as long as a field may be.

    With `alone` it has nothing else, otherwise all of the published sheet.
    """
    data = published()
    if alone:
        data = {
            "factsheet": 1,
            "overview": {"name": "x", "model": "A model"},
            "performance": {"results": []},
        }
    systems = [{"id": f"s{n}", "name": f"System number {n}", "kind": "digital"} for n in range(columns - 2)]
    wide = {
        "name": "Wide",
        "metric": "accuracy",
        "systems": systems,
        "tasks": [
            {"task": f"Task {n}", "scores": {s["id"]: f"{50 + n}.25 %" for s in systems}} for n in range(3)
        ],
    }
    long = {
        "name": "Long",
        "metric": "accuracy",
        "systems": [{"id": "a", "name": "One", "kind": "digital"}],
        "tasks": [{"task": f"Row {n}", "scores": {"a": "61.5 %"}} for n in range(tasks)],
    }
    data["performance"]["results"] += [wide, long]
    data["overview"]["summary"] = "W" * characters
    data["overview"]["name"] = "N" * 300
    return sheet_from(data)
