"""What a configuration leaves to transformers: the sizes that its class assumes, and the keys that it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class LibraryConfig(NamedTuple):
    """A configuration beside the class of transformers that reads it.

    Attributes:
        words: the library with its version.
        unstated: sizes that the configuration does not state, as the class assumes them.
        known: keys that shape the network, those of every model and aliases among them.
    """

    words: str
    unstated: Mapping[str, int]
    known: frozenset[str]

    def builds_with(self, key: str) -> bool:
        """Return whether the class reads a key for the network, and not for how it is stored or was used."""
        return key in self.known and key not in _BESIDES


_BESIDES = frozenset({"torch_dtype", "dtype", "quantization_config", "finetuning_task", "problem_type"})
"""Known to every class, and about something else than the network's operators."""


def library_config(values: Mapping[str, Any]) -> LibraryConfig | None:
    """Return what transformers makes of a configuration; `None` where it is not installed or has no such class."""
    name = values.get("model_type")
    if not isinstance(name, str):
        return None
    try:
        import transformers  # seconds, and loaded already where a network was built from it

        cls = transformers.CONFIG_MAPPING[name]
        own, common = cls().to_dict(), transformers.PretrainedConfig().to_dict()
        built = cls.from_dict(dict(values)).to_dict()
    except Exception:  # noqa: BLE001  not installed, not known, or a class that is made with arguments only
        return None
    aliases: dict[str, str] = dict(getattr(cls, "attribute_map", None) or {})
    stated = {aliases.get(key, key) for key in values}
    unstated = {
        key: size
        for key, size in own.items()
        # What differs from the class's own follows from what is stated, as the width of a head does.
        if type(size) is int
        and size > 1
        and size == built.get(key)
        and key not in stated
        and key not in common
        and not _is_token(key)
    }
    known = frozenset((*own, *common, *aliases))
    return LibraryConfig(f"transformers {transformers.__version__}", unstated, known)


def _is_token(key: str) -> bool:
    return key.endswith(("_id", "_ids", "_token", "_index"))
