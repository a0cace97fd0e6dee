"""The constants of the profiles that come with the program, kept as data.

`python -m factsheet.hardware.precomputed` writes them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.hardware.chip import constants_of
from factsheet.hardware.constants import CONSTANT_DIMENSIONS, ChipConstants, Constant
from factsheet.hardware.profile import profile_names, profile_of
from factsheet.quantities.quantity import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.hardware.profile import Profile

FILE = Path(__file__).with_name("precomputed.json")


class KnownProfile(NamedTuple):
    """What checks need of a profile.

    Attributes:
        name: what sheets call it.
        title: what people call it.
        geometries: the constants of its tile as it is usually described, then of each other use of it.
        technology: its memory devices; empty where the file does not say.
        node_m: its process node, m; `None` where the file does not say.
        input_bits: of a value on a row; likewise.
        weight_bits: of a weight; likewise.
    """

    name: str
    title: str
    geometries: tuple[ChipConstants, ...]
    technology: str = ""
    node_m: float | None = None
    input_bits: int | None = None
    weight_bits: int | None = None

    def constants(self, rows: int | None, cols: int | None) -> ChipConstants:
        """Return the constants of the geometry with these sides in weights, or of the usual one where none has them."""
        fitting = (known for known in self.geometries if (known.rows, known.cols) == (rows, cols))
        return next(fitting, self.geometries[0])


def known_profiles() -> dict[str, KnownProfile]:
    """Return every profile that comes with the program, by its name."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_bytes())
    return {
        name: KnownProfile(
            name,
            profile["title"],
            tuple(map(_constants, profile["geometries"])),
            profile["technology"],
            profile["node_m"],
            profile["input_bits"],
            profile["weight_bits"],
        )
        for name, profile in found.items()
    }


def outline_of(profile: Profile) -> KnownProfile:
    """Return what a profile's file says of its chip, without the constants: of a user's own profile too."""
    return KnownProfile(
        profile.name,
        profile.title,
        (),
        str(_data(profile).get("technology", "")),
        _node_m(profile),
        _bits(profile, "input", "bits"),
        _bits(profile, "cell", "weight_bits"),
    )


def _data(profile: Profile) -> Mapping[str, Any]:
    data = profile.document.data
    return data if isinstance(data, dict) else {}


def _node_m(profile: Profile) -> float | None:
    node = _data(profile).get("node")
    return None if node is None else parse_quantity(f"{node['value']} {node['unit']}", "length").value


def _bits(profile: Profile, part: str, name: str) -> int | None:
    figures = _data(profile).get(part)
    bits = None if figures is None else figures.get(name)
    return None if bits is None else int(bits["value"])


def _constants(written: list[Any]) -> ChipConstants:
    fields: dict[str, Any] = dict(zip(ChipConstants._fields, written, strict=False))
    for name, _ in CONSTANT_DIMENSIONS:
        fields[name] = None if fields[name] is None else Constant(*fields[name])
    for name in ("uncharged", "untimed"):
        fields[name] = tuple(fields[name])
    return ChipConstants(**fields)


def precomputed_text() -> str:
    """Return every profile's title, technology, node, bits and the constants of its geometries as JSON, by its name."""
    everything = {}
    for name in profile_names():
        profile = profile_of(name)
        outline = outline_of(profile)
        geometries = (profile.geometry, *profile.also)
        constants = [list(constants_of(profile, geometry)[:-1]) for geometry in geometries]
        everything[name] = {
            "title": profile.title,
            "technology": outline.technology,
            "node_m": outline.node_m,
            "input_bits": outline.input_bits,
            "weight_bits": outline.weight_bits,
            "geometries": constants,
        }
    return json.dumps(everything, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    Path(FILE).write_text(precomputed_text(), encoding="utf-8")
