"""Hardware profiles: the geometries that their sources give, and files that are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.errors import ProfileError, UnknownProfileError
from factsheet.hardware.profile import geometry_of, profile_names, profile_of, read_profile

if TYPE_CHECKING:
    from pathlib import Path

# Rows, columns and devices per weight, from: the BERT FactSheet ("512x512 synaptic weights", "differential pair");
# the abstract of doi:10.1038/s41928-023-01010-1 (256 × 256; four devices a cell); the caption of figure 1 of
# doi:10.1038/s41586-023-06337-5 (512 rows, 2048 PCM columns, 4 or 2 PCM a weight); ISCA 2016 (eight arrays of
# 128 × 128 cells of 2 bits, 16-bit weights); Nature 608, 504 (256 × 256 cells, two a weight); ASPLOS 2019 (128 × 128
# units of 16-bit weights in 2-bit cells); figures 2 and 9 of doi:10.1109/jssc.2020.2987714 (2,304 × 256 cells of 1 bit,
# weights of 4 bits and of 1); sections II and III of arXiv:2211.12877 (256 × 256).
GEOMETRIES = {
    "ibm-2022": (512, 512, 2),
    "hermes-64": (256, 256, 4),
    "ambrogio-34": (512, 512, 4),
    "isaac-ce": (128, 128, 8),
    "neurram": (256, 128, 2),
    "puma": (128, 128, 8),
    "princeton-65nm": (2304, 64, 4),
    "princeton-65nm-1-bit": (2304, 256, 1),
    "bruschi-512": (256, 256, 4),
}


@pytest.mark.parametrize(("name", "expected"), GEOMETRIES.items(), ids=list(GEOMETRIES))
def test_geometry_is_that_of_the_source(name: str, expected: tuple[int, int, int]) -> None:
    assert tuple(figure.value for figure in geometry_of(name).sides) == expected


def test_every_profile_is_among_those_tested() -> None:
    assert set(profile_names()) == set(GEOMETRIES)


@pytest.mark.parametrize("name", GEOMETRIES)
def test_every_figure_says_where_it_is_from(name: str) -> None:
    profile = profile_of(name)
    assert profile.title
    for geometry in (profile.geometry, *profile.also):
        for figure in filter(None, geometry):
            assert figure.unit in {"weights", "devices", "times"}
            assert len(figure.source) > 10


def test_a_chip_used_in_another_way_keeps_its_number_of_devices() -> None:
    # 512 rows of 2048 PCM columns, whether a weight takes four devices or two.
    profile = profile_of("ambrogio-34")
    for geometry in (profile.geometry, *profile.also):
        assert geometry.rows.value * geometry.cols.value * geometry.devices_per_weight.value == 512 * 2048
    assert len(profile.also) == 1


@pytest.mark.parametrize("name", ["ibm", "", "../profiles/puma", "PUMA"])
def test_an_unknown_name_is_refused_with_those_that_there_are(name: str) -> None:
    with pytest.raises(UnknownProfileError) as caught:
        profile_of(name)
    assert caught.value.candidates == profile_names()


FIGURE = "{value: 8, unit: weights, standing: published, source: A paper}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("name: [", ""),
        ("name: other", "names it"),
        ("name: chip", "`rows` is not a mapping"),
        (f"name: chip\nrows: {FIGURE}\ncols: 8", "`cols` is not a mapping"),
        (f"name: chip\nrows: {FIGURE.replace('8', 'eight')}", "no number"),
        (f"name: chip\nrows: {FIGURE.replace('published', 'rumoured')}", "standing of `rows`"),
        (f"name: chip\nrows: {FIGURE.replace(', source: A paper', '')}", "`rows` is not a mapping"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "chip.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError, match="hardware profile `chip`") as caught:
        read_profile(path)
    assert problem in caught.value.problem
