"""Find a model or a data set of the Hub on this machine: a folder, or the Hub's cache. The network is not asked.

`download` is the one function that asks it, and is called where a user says so.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.imports import need

if TYPE_CHECKING:
    from factsheet.crossbar.functional.hub_tasks.task_definitions import HubTask

Kind = Literal["model", "dataset"]
PURPOSE = "a model of the Hub"
_MODEL_FILES = ("*.json", "*.safetensors", "*.txt", "*.model")
"""What a model is read from. A pickle, which may run code, is neither fetched nor opened."""
DATA_SUFFIXES = (".parquet", ".arrow", ".jsonl", ".json", ".csv", ".tsv")
"""Forms of data sets, the first that is there first."""


def model_folder(name: str) -> Path:
    """Return the folder of a model: the one that is named, or the snapshot in the Hub's cache.

    Raises:
        WorkloadError: it is not on this machine, or has no weights that can be read.
    """
    folder = Path(name) if Path(name).is_dir() else _cached(name, "model")
    if folder is None:
        raise _absent(name, "model")
    if not (folder / "config.json").is_file():
        raise WorkloadError(
            f"{folder} has no config.json",
            "it says what kind of model the weights are for",
            "give a folder as `save_pretrained` of transformers writes it, or a name on the Hub",
        )
    if next(folder.glob("*.safetensors"), None) is None:
        raise WorkloadError(
            f"{folder} has no weights in .safetensors",
            "other forms are pickles, and opening one may run code that is in it",
            "save it with `model.save_pretrained(folder)` of transformers, which writes .safetensors",
        )
    return folder


def dataset_folder(task: HubTask, named: str | None) -> Path:
    """Return the folder that a task's data set is in: the one that is named, or one of the caches.

    Args:
        task: the task.
        named: a folder; `None` to look in the caches of the Hub and of the library `datasets`.

    Raises:
        WorkloadError: it is not on this machine.
    """
    if named is not None:
        if Path(named).is_dir():
            return Path(named)
        raise WorkloadError(
            f"--data {named[:200]}: there is no such folder",
            "a task of the Hub is read from a folder with its files",
            "name the folder, or leave --data out for the Hub's cache",
        )
    names = (task.dataset, task.dataset.partition("/")[2]) if task.benchmark else (task.dataset,)
    for name in names:
        found = _cached(name, "dataset", task) or _prepared(name, task.config)
        if found is not None:
            return found
    raise _absent(task.dataset, "dataset")


def download(name: str, kind: Kind, task: HubTask | None = None) -> None:
    """Fetch a model, or the split of a data set that a task is scored on, into the Hub's cache.

    Args:
        name: on the Hub.
        kind: which of the two.
        task: of the data set.

    Raises:
        WorkloadError: it is not there, or the Hub cannot be reached.
    """
    hub = need("huggingface_hub", "hf", PURPOSE)
    patterns = _MODEL_FILES if task is None else _patterns(task)
    try:
        hub.snapshot_download(name, repo_type=kind, allow_patterns=list(patterns))
    except Exception as error:  # requests, files and the Hub's own: one of many kinds
        raise WorkloadError(
            f"{kind} {name[:100]} was not downloaded: {type(error).__name__}: {str(error)[:300]}",
            "it has to be on this machine to be simulated",
            "check the name, the network and, for what is not public, your token of the Hub",
        ) from error


def _patterns(task: HubTask) -> tuple[str, ...]:
    start = f"{task.config}/" if task.config else ""
    return tuple(
        f"{before}{start}*{task.split}*{suffix}" for before in ("", "*/") for suffix in DATA_SUFFIXES
    )


def _cached(name: str, kind: Kind, task: HubTask | None = None) -> Path | None:
    """Return the snapshot in the Hub's cache, if there is one, and of a data set one with the task's files."""
    hub = need("huggingface_hub", "hf", PURPOSE)
    try:
        folder = Path(hub.snapshot_download(name, repo_type=kind, local_files_only=True))
    except (OSError, ValueError):  # not there, or no name that the Hub could have
        return None
    return folder if task is None or split_files(folder, task) else None


def _prepared(name: str, config: str) -> Path | None:
    """Return the folder in the cache of the library `datasets`, which keeps each configuration as Arrow files."""
    home = Path(os.environ.get("HF_HOME") or "~/.cache/huggingface").expanduser()
    root = Path(os.environ.get("HF_DATASETS_CACHE") or home / "datasets")
    inside = root / name.replace("/", "___") / (config or "default")
    folders = sorted(file.parent for file in inside.glob("*/*/*.arrow"))
    return folders[-1] if folders else None


def split_files(folder: Path, task: HubTask) -> list[Path]:
    """Return the files of a task's split, all of one form; empty where there are none.

    The split is part of a file's name or of a folder's, as the Hub takes it: `rte/validation-00000-of-00001.parquet`,
    `validation.jsonl`, `validation/data-00000-of-00001.arrow`.
    """
    inside = folder / task.config if task.config and (folder / task.config).is_dir() else folder
    word = re.compile(rf"(?<![a-z0-9_]){re.escape(task.split)}(?![a-z0-9_])")
    for suffix in DATA_SUFFIXES:
        found = sorted(
            file
            for file in inside.rglob(f"*{suffix}")
            if word.search(file.relative_to(inside).as_posix()[: -len(suffix)]) and file.is_file()
        )
        if found:
            return found
    return []


def _absent(name: str, kind: Kind) -> WorkloadError:
    what = "model" if kind == "model" else "data set"
    where = "hf:FOLDER" if kind == "model" else "--data FOLDER"
    return WorkloadError(
        f"the {what} {name[:100]} is not on this machine",
        "it is neither a folder nor in the Hub's cache, and nothing is downloaded unless you say so",
        f"add --download to fetch it from huggingface.co, or name a folder that holds it: {where}",
    )
