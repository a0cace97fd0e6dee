"""Read the logo for the cover of a PDF, and refuse an SVG that would draw for ever: it may be a stranger's file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import UsageError
from factsheet.source.characters import make_safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from xml.etree.ElementTree import Element

_LARGEST = 2_000_000
_LARGEST_SVG = 250_000
"""Bytes; paths are read in the square of their length."""
_MOST_DRAWN = 50_000
"""Elements, each as often as it is drawn, counted for each group around it, which asks for its size; and letters."""
_DEEPEST = 100
_RASTER = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
"""What a PNG and a JPEG begin with."""
_VECTOR = (b"<svg", b"<?xml", b"<!DOCTYPE svg", b"<!--")
_UTF8_MARK = b"\xef\xbb\xbf"
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_INHERITED = frozenset({"fill", "stroke", "marker", "marker-start", "marker-mid", "marker-end"})
_PROPERTIES = _INHERITED | {"clip-path", "filter", "mask"}
_WHERE_REFERRED_TO = frozenset({"defs", "clipPath", "filter", "marker", "mask", "pattern", "symbol"})
"""Elements that draw nothing where they stand, only where another one refers to them."""
_TARGET = re.compile(r"url\(\s*[\"']?\s*#([^\"')]+?)\s*[\"']?\s*\)")
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_VERTEX = re.compile(r"[A-Za-z]|[-+]?[\d.]+")


def read_logo(file: Path) -> bytes:
    """Return a logo as it is in its file.

    Raises:
        UsageError: it cannot be read, is no PNG, JPEG or SVG, or an SVG that shows other files or draws too much.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except OSError as error:
        raise UsageError(f"the logo cannot be read: {error.strerror}", place=str(file)) from None
    vector = content.removeprefix(_UTF8_MARK).lstrip().startswith(_VECTOR)
    if len(content) > _LARGEST or not (vector or content.lstrip().startswith(_RASTER)):
        raise UsageError(
            "this is no logo for a cover",
            "it is embedded into each document",
            f"give a PNG, JPEG or SVG of at most {_LARGEST // 1_000_000} MB",
            place=str(file),
        )
    if vector and (why := _fault(content)) is not None:
        raise UsageError(
            "this SVG is no logo for a cover", why, "give a simpler SVG, or a PNG", place=str(file)
        )
    return content


def _fault(content: bytes) -> str | None:
    """Return why an SVG is not given to what draws it; `None` where it may be."""
    from xml.etree import ElementTree as ET  # only where a logo is an SVG

    if len(content) > _LARGEST_SVG:
        return f"it has more than {_LARGEST_SVG // 1000} kB of drawing"
    try:
        root = ET.fromstring(content)  # noqa: S314  expat bounds what entities grow to, and the text has 250 kB
    except (ET.ParseError, ValueError, LookupError) as error:
        return f"it is no XML that can be read: {make_safe(str(error))[:100]}"
    if _name(root) != "svg":
        return f"it is XML of another kind, `{make_safe(_name(root))[:40]}`"
    return _Drawing(root).fault()


class _Rule(NamedTuple):
    """A rule of a style sheet: the last parts of its selectors, and what it sets."""

    selectors: tuple[str, ...]
    sets: dict[str, str]


class _Part(NamedTuple):
    """An element that is drawn, how many are around it, and the properties of the one that refers to it."""

    element: Element
    depth: int
    context: Mapping[str, str]


class _Drawing:
    """Goes through an SVG as what draws it does, without drawing, until it is through or the bound is reached.

    Where it is not known whether a rule or a reference holds, it is taken to.
    """

    def __init__(self, root: Element) -> None:
        self.root = root
        styles = "".join("".join(each.itertext()) for each in root.iter() if _name(each) == "style")
        self.rules = [
            _Rule(tuple(one.split()[-1] for one in found[1].split(",") if one.split()), sets)
            for found in _RULE.finditer(re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL))
            if (sets := _declared(found[2]))
        ]
        self.imports = "@import" in styles.lower()
        self.every = max(
            1, styles.count("{") // 10
        )  # rules are tried on each element, and are quicker than drawing
        self.by_id: dict[str, list[Element]] = {}
        self.properties: dict[Element, dict[str, str]] = {}

    def fault(self) -> str | None:
        """Return why it cannot be drawn; `None` where it can."""
        if self.imports:
            return "it imports a style sheet, and nothing is fetched"
        pending: list[tuple[Element, Mapping[str, str]]] = [(self.root, {})]
        while pending:
            element, above = pending.pop()
            if _name(element) in {"image", "use", "feImage"} and (other := _elsewhere(element)) is not None:
                return f"it shows {make_safe(other)[:60]!r}, and nothing is fetched"
            if _name(element).endswith("Gradient") and element.get("spreadMethod", "pad") != "pad":
                return "it repeats a gradient, which takes as long as there are repetitions"
            if (identifier := element.get("id")) is not None:
                self.by_id.setdefault(identifier, []).append(element)
            self.properties[element] = own = {**above, **self._own(element)}
            handed = {name: value for name, value in own.items() if name in _INHERITED}
            pending += [(child, handed) for child in element]
        return self._too_much()

    def _own(self, element: Element) -> dict[str, str]:
        """Return the properties that an element itself has, by attribute, rule or style."""
        found = {name: value for name, value in element.attrib.items() if name in _PROPERTIES}
        names = {f".{one}" for one in element.get("class", "").split()} | {f"#{element.get('id')}"}
        for rule in self.rules:
            if any(_may_select(one, _name(element), names) for one in rule.selectors):
                found.update(rule.sets)
        return {**found, **_declared(element.get("style", ""))}

    def _too_much(self) -> str | None:
        pending = [_Part(self.root, 1, {})]
        drawn = 0
        while pending:
            shown = pending.pop()
            if shown.depth > _DEEPEST:
                return f"its parts lie, or refer to each other, more than {_DEEPEST} deep"
            for following in self._shown_by(shown):
                drawn += self.every * following.depth + _letters(following.element)
                if drawn > _MOST_DRAWN:
                    return "its parts, each as often as it is drawn, are more than are drawn for a logo"
                pending.append(following)
        return None

    def _shown_by(self, shown: _Part) -> Iterator[_Part]:
        """Yield what is drawn with an element: what is in it, and what it refers to, as often as it does."""
        element, depth = shown.element, shown.depth + 1
        used = {name: value for name, value in shown.context.items() if name in _INHERITED}
        own = {**used, **self.properties[element]}
        paint = {f"context-{name}": value for name, value in own.items()}
        for child in element:
            if _name(child) not in _WHERE_REFERRED_TO:
                yield _Part(child, depth, shown.context)
        for name in _HREFS:
            for target in self.by_id.get(element.get(name, "").strip().removeprefix("#"), ()):
                yield _Part(target, depth, {**own, **paint})
        vertices = _VERTEX.findall(element.get("d", "") + " " + element.get("points", ""))
        for name, value in own.items():
            value = shown.context.get(value.strip(), value)  # noqa: PLW2901  `context-fill` and `context-stroke`
            times = 1 + len(vertices) if name in {"marker", "marker-mid"} else 1
            for identifier in _TARGET.findall(value):
                for target in self.by_id.get(identifier, ()):
                    for _ in range(times):
                        yield _Part(target, depth, paint)


def _letters(element: Element) -> int:
    """Return what the letters in and behind an element weigh: one takes as long as some elements."""
    if _name(element) in {"style", "metadata", "title", "desc", "script"}:
        return 0
    return 5 * (len((element.text or "").strip()) + len((element.tail or "").strip()))


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _elsewhere(element: Element) -> str | None:
    """Return the address out of the file that an element shows; `None` where there is none."""
    found = (element.get(name, "").strip() for name in _HREFS)
    return next((address for address in found if address and not address.startswith("#")), None)


def _declared(text: str) -> dict[str, str]:
    """Return the properties that refer to others which declarations set."""
    parts = (one.partition(":") for one in text.split(";"))
    return {
        name.strip().lower(): value.replace("!important", "")
        for name, _, value in parts
        if name.strip().lower() in _PROPERTIES
    }


def _may_select(selector: str, tag: str, names: Iterable[str]) -> bool:
    """Return whether the last part of a selector may mean an element of these classes and this id."""
    plain = re.sub(r"\[[^\]]*\]|:[\w-]+(?:\([^)]*\))?", "", selector)
    wanted = re.match(r"[\w-]+", plain)
    return (wanted is None or wanted[0] == tag) and set(re.findall(r"[.#][\w-]+", plain)) <= set(names)
