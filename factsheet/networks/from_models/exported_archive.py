"""Read the graph out of the archive of an exported program (`.pt2`): JSON, and nothing that is pickled."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any, cast

from factsheet.errors import WorkloadError
from factsheet.source.json_text import parse_json

if TYPE_CHECKING:
    from pathlib import Path

MAX_GRAPH_BYTES = 256 * 2**20
_MAX_RATIO = 200
"""How many times smaller a graph may be in the archive; text is a tenth."""


def graph_of(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the graph and, by the name of each weight, that of the record which holds it."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            found = [name for name in names if re.fullmatch(r"(.*/)?models/[^/]+\.json", name)]
            found += [name for name in names if name.endswith("serialized_exported_program.json")]
            if not found:
                raise unusable(path, "the archive holds no graph of an exported program")
            graph = _json(path, archive, found[0])
            configs = [name for name in names if name.endswith("_weights_config.json")]
            shared = {}
            for name in configs[:1]:
                entries = _json(path, archive, name).get("config")
                shared = {
                    key: str(entry["path_name"])
                    for key, entry in cast("dict[str, Any]", entries or {}).items()
                }
            return graph, shared
    except WorkloadError:
        raise
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        zipfile.BadZipFile,
        EOFError,
    ) as error:
        raise unusable(path, str(error)[:200] or type(error).__name__) from None


def _json(path: Path, archive: zipfile.ZipFile, name: str) -> dict[str, Any]:
    about = archive.getinfo(name)
    if about.file_size > MAX_GRAPH_BYTES or about.file_size > _MAX_RATIO * max(about.compress_size, 1024):
        raise unusable(path, f"{name} has {about.file_size:,} bytes")
    found = parse_json(archive.read(name))
    if not isinstance(found, dict):
        raise unusable(path, f"{name} is no table")
    return found


def unusable(path: Path, why: str) -> WorkloadError:
    """Return the error for a file that is no exported program that can be read."""
    return WorkloadError(
        f"{path} cannot be read: {why}",
        "its operators are read from the graph in it",
        "check that it is whole, and was saved by torch.export.save",
    )
