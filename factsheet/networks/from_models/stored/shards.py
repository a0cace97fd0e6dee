"""Find the files that make up one set of weights: a file, a folder, or an index that names its shards."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.stored.header import StoredTensor, read_header, shown, unreadable
from factsheet.networks.limits import MOST_OPERATORS
from factsheet.networks.sizes import StoredSize
from factsheet.source.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MAX_FILES = 1000
_MOST_INDICES = 10
MAX_JSON_BYTES = 32 * 2**20
"""Larger than any config, or any index of 200,000 tensors."""
_INDEX = ".safetensors.index"
_SHARD = re.compile(r"(?P<series>.+)-(?P<number>\d{5})-of-(?P<total>\d{5})\.safetensors")


class Checkpoint(NamedTuple):
    """The tensors of one set of weights."""

    name: str
    tensors: Mapping[str, StoredTensor]
    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()


class _Series(NamedTuple):
    """Files that belong together: the shards of one model, or one file."""

    name: str
    files: tuple[Path, ...]
    promised: Mapping[str, str] = {}
    """File of each tensor, as an index says."""


def checkpoint_at(path: Path) -> Checkpoint:
    """Read the headers of a file, of a folder, or of what an index names.

    Raises:
        WorkloadError: a file is missing, or is no safetensors file.
    """
    if path.is_dir():
        return _of_folder(path)
    if path.suffix.lower() == ".json":
        series = _indexed(path)
        return Checkpoint(shown(series.name), _tensors(series), series.files)
    return Checkpoint(shown(path.stem), read_header(path).tensors, (path,), tuple(_one_of_several(path)))


def _one_of_several(path: Path) -> Iterator[str]:
    """Say that a file holds only a part of a model, as its name or an index beside it shows."""
    found = _SHARD.fullmatch(path.name)
    many = int(found["total"]) if found is not None else 0
    if not many:
        for index in sorted(path.parent.glob(f"*{_INDEX}*.json"))[:_MOST_INDICES]:
            try:
                files = read_json(index).get("weight_map")
            except WorkloadError:
                continue
            names = {str(file) for file in files.values()} if isinstance(files, dict) else set()
            many = len(names) if path.name in names else many
    if many > 1:
        yield (
            f"{shown(path.name)} is one of {many:,} files of a model: the weights of the others are not counted (give"
            " the folder, or the index)"
        )


def size_of_files(files: Sequence[Path], precision: str) -> StoredSize:
    """Return what files of weights take, in numbers of this type."""
    many = shown(files[0].name) if len(files) == 1 else f"{len(files):,} files of weights"
    return StoredSize(sum(path.stat().st_size for path in files), precision, f"the size of {many}")


def read_json(path: Path) -> dict[str, object]:
    """Return the table in a JSON file.

    Raises:
        WorkloadError: it cannot be read, or is no table.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_JSON_BYTES + 1)
        values = parse_json(raw if len(raw) <= MAX_JSON_BYTES else b"")
    except (OSError, ValueError) as error:
        raise _unusable(path, f"cannot be read: {' '.join(str(error).split())[:200]}") from None
    if not isinstance(values, dict):
        raise _unusable(path, "holds no table of names and values")
    return cast("dict[str, object]", values)


def _of_folder(path: Path) -> Checkpoint:
    files = sorted(path.glob("*.safetensors"))[: MAX_FILES + 1]
    found = [_indexed(index) for index in sorted(path.glob(f"*{_INDEX}*.json"))]
    named = {file for series in found for file in series.files}
    found += _unindexed([file for file in files if file not in named])
    if not found or len(files) > MAX_FILES:
        raise unreadable(path, f"the folder holds {len(files) or 'no'} .safetensors files")
    read = sorted(((series, _tensors(series)) for series in found), key=lambda one: _rank(one[0]))
    kept: dict[str, StoredTensor] = {}
    used: list[Path] = []
    notes: list[str] = []
    sizes: dict[int, str] = {}
    for series, tensors in read:
        numbers = sum(tensor.numbers for tensor in tensors.values() if tensor.is_float)
        names = (
            f"{shown(series.files[0].name)}{'' if len(series.files) == 1 else ' and the rest of its series'}"
        )
        if not kept.keys().isdisjoint(tensors):
            notes.append(f"{names} holds tensors of the same names once more: counted once")
        elif kept and numbers in sizes:
            notes.append(f"{names} holds as many numbers as {sizes[numbers]} under other names: counted once")
        elif kept and "consolidated" in series.name:
            notes.append(f"{names} holds the same weights in another arrangement: left out")
        else:
            kept |= tensors
            used += series.files
            sizes[numbers] = names
    if len(kept) > MOST_OPERATORS:
        raise unreadable(path, f"more than {MOST_OPERATORS:,} tensors")
    return Checkpoint(shown(path.resolve().name), kept, tuple(used), tuple(notes))


def _rank(series: _Series) -> tuple[bool, bool, int, str]:
    """Return the order in which series count: another arrangement last, and a variant, as in `model.fp16`, late."""
    return "consolidated" in series.name, "adapter" in series.name, series.name.count("."), series.name


def _indexed(path: Path) -> _Series:
    values = read_json(path).get("weight_map")
    if (
        not isinstance(values, dict)
        or not values
        or not all(isinstance(file, str) for file in values.values())
    ):
        raise _unusable(path, "is no index of shards: it has no `weight_map` from tensors to files")
    promised = {shown(str(name)): str(file) for name, file in values.items()}
    files = sorted(set(promised.values()))
    strange = [file for file in files if Path(file).name != file or not file.isprintable()]
    if strange or len(files) > MAX_FILES:
        raise _unusable(
            path, f"names {strange[0][:60]!r}, no file beside it" if strange else "names too many files"
        )
    _require(path, files)
    return _Series(path.name.partition(_INDEX)[0], tuple(path.parent / file for file in files), promised)


def _unindexed(files: Sequence[Path]) -> list[_Series]:
    series: dict[str, list[Path]] = {}
    for file in files:
        found = _SHARD.fullmatch(file.name)
        if found is None:
            series[file.stem] = [file]
            continue
        total = int(found["total"])
        if total > MAX_FILES:
            raise _unusable(file, f"is one of {total:,} files, more than any model has")
        key = f"{found['series']} of {total}"
        if key not in series:
            _require(
                file, [f"{found['series']}-{n:05}-of-{total:05}.safetensors" for n in range(1, total + 1)]
            )
        series.setdefault(key, []).append(file)
    return [_Series(name, tuple(parts)) for name, parts in series.items()]


def _require(path: Path, names: Iterable[str]) -> None:
    """Raise where a file of a series is missing."""
    missing = [name for name in names if not os.path.isfile(path.parent / name)]  # noqa: PTH113  a name may be too long to ask for
    if missing:
        more = f" and {len(missing) - 1:,} more" if missing[1:] else ""
        raise WorkloadError(
            f"{shown(str(path))}: {shown(missing[0])}{more} is not there",
            "part of the weights is missing, and a total without them would be wrong",
            "download the whole model, or give its config.json, from which everything can be counted",
        )


def _tensors(series: _Series) -> dict[str, StoredTensor]:
    tensors: dict[str, StoredTensor] = {}
    for file in series.files:
        found = read_header(file).tensors
        twice = next((name for name in found if name in tensors), None)
        if twice is not None:
            raise unreadable(file, f"the tensor {twice!r} is in {shown(tensors[twice].file.name)} too")
        tensors |= found
        if len(tensors) > MOST_OPERATORS:
            raise unreadable(file, f"more than {MOST_OPERATORS:,} tensors")
    for name, where in series.promised.items():
        if name not in tensors or tensors[name].file.name != where:
            raise WorkloadError(
                f"{shown(where)}: the index says that {name!r} is in it, and it is not",
                "part of the weights is missing, and a total without them would be wrong",
                "download the whole model again: index and files are of different versions",
            )
    return tensors


def _unusable(path: Path, what: str) -> WorkloadError:
    return WorkloadError(
        f"{shown(str(path))} {what}",
        "it says which files and tensors belong to a model",
        "give a .safetensors file, its index, the folder that holds them, or a config.json",
    )
