"""Read the network of a model, and what else the file says: a config, a module, ONNX, safetensors, TorchScript."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factsheet.authoring.found import Found
from factsheet.authoring.importing.imported import NAME, Imported, ImportKind, LeftOut, Unclear
from factsheet.authoring.importing.interfaces import interface_of, of_module
from factsheet.authoring.importing.library_config import library_config
from factsheet.authoring.importing.merging import said
from factsheet.authoring.importing.reading import in_utf8
from factsheet.authoring.network_section import section_of
from factsheet.crossbar.mapping import TileShape, map_network
from factsheet.errors import WorkloadError
from factsheet.networks.declared import SECTION
from factsheet.networks.policy import Policy, after_blocks, apply, undecided
from factsheet.recompute.network_source import source_kind
from factsheet.source.characters import make_safe
from factsheet.source.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.authoring.importing.imported import ImportOptions
    from factsheet.authoring.importing.library_config import LibraryConfig
    from factsheet.networks.operators import Network
    from factsheet.recompute.request import Request
    from factsheet.source.dumping import Data

_CONFIG = "config.json"
_LARGEST = 5_000_000
"""Bytes of a config that are read for what is no dimension; those of composite models reach a hundred kilobytes."""
_SHOWN_CLASSES = 5
_WORDS = {
    "huggingface": "a Hugging Face configuration",
    "safetensors": "weights in safetensors",
    "onnx": "an ONNX graph",
    "module": "a module of PyTorch",
    "checkpoint": "a checkpoint of PyTorch",
    "torchscript": "a TorchScript archive",
}
_MODULES = {
    "ForSequenceClassification": "text-classification",
    "ForTokenClassification": "token-classification",
    "ForQuestionAnswering": "question-answering",
    "ForMaskedLM": "fill-mask",
    "ForCausalLM": "text-generation",
    "LMHeadModel": "text-generation",
    "ForImageClassification": "image-classification",
    "ForObjectDetection": "object-detection",
    "ForSemanticSegmentation": "image-segmentation",
    "ForCTC": "automatic-speech-recognition",
    "ForSpeechSeq2Seq": "automatic-speech-recognition",
}
"""Ends of class names of transformers, with the Hub's word for the task that the head of such a class does."""


def _recognises(path: Path, head: bytes) -> bool:
    if path.suffix.lower() in {".yaml", ".yml"}:
        return False
    if path.suffix.lower() == ".json" and (head or path.is_file()):
        return any(
            key in head for key in (b'"model_type"', b'"architectures"', b'"architecture"', b'"weight_map"')
        )
    try:
        return source_kind(str(path)) != "sheet"
    except WorkloadError:
        return False


def read(source: str, options: ImportOptions) -> Imported:
    """Return the network as `model_architecture`, and what a configuration says besides.

    Raises:
        WorkloadError: the network cannot be read.
    """
    path = Path(source)
    name = _CONFIG if (path / _CONFIG).is_file() else path.name or source
    section = section_of(source, options.request)
    facts = [Found((SECTION, section.key), section.declared, name)]
    left: tuple[LeftOut, ...] = ()
    assumed: dict[str, str] = {}
    unclear = list(_open_sides(section.network, options.request, name))
    otherwise: tuple[Found, ...] = ()
    kind = source_kind(source)
    if kind == "module":
        otherwise = tuple(of_module(section.network, name))
    if kind == "huggingface":
        values, file = _config(Path(source))
        facts += _of_config(values, file, section.network)
        left = (*_loaded_from(values, file, path), *_repeated(path, file))
        unclear += _own_name(values, file, path)
        library = library_config(values)
        if library is not None:
            left += (*_unused(values, library, file), *_unused_packing(values, file))
            unstated = library.unstated
            if unstated:
                shown = ", ".join(f"{key} ({size:,})" for key, size in list(unstated.items())[:_SHOWN_SIZES])
                more = f" and {len(unstated) - _SHOWN_SIZES} more" if len(unstated) > _SHOWN_SIZES else ""
                assumed[SECTION] = (
                    f"{file} does not state {shown}{more}: taken from the defaults of {library.words}."
                )
    return Imported(
        name,
        _WORDS[kind],
        tuple(facts),
        left,
        tuple(unclear),
        comments=(((SECTION, section.key), " ".join(section.comments[1:])),),
        assumed=assumed,
        called=_folder(path) if path.is_dir() else "",
        otherwise=otherwise,
    )


def _open_sides(network: Network, request: Request, name: str) -> Iterator[Unclear]:
    """Ask on which side the output layer over a vocabulary is, which no source says and much depends on."""
    heads = list(undecided(network, request.policy))
    if not heads:
        return
    digital = [_pattern(one.name) for one in network.static if one.on == "digital"]
    alone = [_pattern(head.name) for head, _ in heads]
    behind = [_pattern(one.name) for one in after_blocks(network)]
    readings: list[tuple[str, Data]] = [
        (
            _counted("on tiles, as it is counted here", network, request),
            _layout(digital) or {"analog": ["*"]},
        ),
        (_counted("digital", _without(network, alone), request), _layout([*digital, *alone])),
    ]
    if set(behind) > set(alone):
        words = "digital, with all else behind the last block"
        readings.append((_counted(words, _without(network, behind), request), _layout([*digital, *behind])))
    what = " and ".join(words for _, words in heads)
    yield Unclear((SECTION, "layout"), name, f"the side of {what}", tuple(readings))


def _pattern(name: str) -> str:
    """Return a layer's name with `*` for its numbers, so that blocks that are alike are one line of a layout."""
    return ".".join("*" if part.isdigit() else part for part in name.split("."))


def _layout(digital: Sequence[str]) -> dict[str, Data]:
    return {"digital": list(dict.fromkeys(digital))} if digital else {}


def _without(network: Network, digital: Sequence[str]) -> Network:
    return apply(Policy(digital=tuple(dict.fromkeys(digital))), network)


def _counted(words: str, network: Network, request: Request) -> str:
    """Return a placement in words, with the weights that it leaves on tiles, and the tiles of a chip that is named."""
    text = f"{words}: {network.analog_weights:,} weights on tiles"
    if request.profile is None:
        return text
    rows, cols, _ = request.profile.geometry.sides
    tiles = map_network(network, TileShape(int(rows.value), int(cols.value))).tiles
    return f"{text}, {tiles:,} tiles"


_SHOWN_SIZES = 12
_READ = frozenset(
    {
        "model_type",
        "architectures",
        "architecture",
        "id2label",
        "label2id",
        "transformers_version",
        "auto_map",
    }
)
"""Keys of every configuration that are read for the network, or name its code."""


def _unused(values: dict[str, Any], library: LibraryConfig, file: str) -> Iterator[LeftOut]:
    """Yield what a configuration states beside the network and the facts that are taken."""
    for key, value in values.items():
        if key.startswith("_") or key in _READ or key in _STORED or library.builds_with(key):
            continue
        yield LeftOut(f"{file} {key}", said(value), "no field of a sheet is known to be meant")


def _config(path: Path) -> tuple[dict[str, Any], str]:
    file = path / _CONFIG if path.is_dir() else path
    try:
        if file.stat().st_size > _LARGEST:
            return {}, file.name
        values = parse_json(in_utf8(file.read_bytes()).decode("utf-8-sig"))
    except (OSError, ValueError):  # of another library, whose configuration has another name
        return {}, file.name
    return (values if isinstance(values, dict) else {}), file.name


def _folder(path: Path) -> str:
    """Return what the folder of a model calls it; in the Hub's cache, whose folders are revisions, the one above."""
    folder = path.resolve()
    if folder.parent.name == "snapshots" and folder.parent.parent.name.startswith("models--"):
        return make_safe(folder.parent.parent.name.rpartition("--")[2])
    return make_safe(folder.name)


def _origin(values: dict[str, Any]) -> str:
    """Return the model on the Hub that a configuration was loaded from; empty where it names none."""
    name = values.get("_name_or_path")
    if not isinstance(name, str) or name.startswith((".", "/", "~")) or "\\" in name:
        return ""
    return make_safe(name)


def _own_name(values: dict[str, Any], file: str, path: Path) -> Iterator[Unclear]:
    """Ask whether a file that lies alone is called after what it was loaded from, which could be the base."""
    name = _origin(values)
    if name and not path.is_dir():
        own = f"its own name, if it is not a model that was made from {name}"
        yield Unclear(NAME, f"{file} _name_or_path", name, ((own, name.rpartition("/")[2]),))


def _loaded_from(values: dict[str, Any], file: str, path: Path) -> Iterator[LeftOut]:
    """List what a model in a folder was loaded from; its card or its folder has its name."""
    name = _origin(values)
    if name and path.is_dir() and name.rpartition("/")[2] != _folder(path):
        why = (
            "where the model was loaded from before it was trained, and not its name; if it was made from that,"
            " state it in `model_architecture.base_models`"
        )
        yield LeftOut(f"{file} _name_or_path", name, why)


def _of_config(values: dict[str, Any], file: str, network: Network) -> Iterator[Found]:
    classes = values.get("architectures")
    first = classes[0] if isinstance(classes, list) and classes and isinstance(classes[0], str) else ""
    task = next((task for end, task in _MODULES.items() if first.endswith(end)), None)
    if task is not None:
        yield Found(("purpose", "task_ids"), [task], f"{file} architectures")
        yield Found(("purpose", "trained_for"), [task.replace("-", " ")], f"{file} architectures")
    labels = values.get("id2label")
    if (
        first.endswith(("ForSequenceClassification", "ForImageClassification"))
        and isinstance(labels, dict)
        and labels
    ):
        shown = [str(label) for label in labels.values()]
        more = ", …" if len(shown) > _SHOWN_CLASSES else ""
        named = "" if shown[0].startswith("LABEL_") else f": {', '.join(shown[:_SHOWN_CLASSES])}{more}"
        text = f"One score for each of {len(shown):,} classes{named}."
        yield Found((SECTION, "classification_method"), text, f"{file} id2label")
    if first.endswith(("ForCausalLM", "LMHeadModel", "ForMaskedLM")) and isinstance(
        values.get("vocab_size"), int
    ):
        text = f"One score for each of the {values['vocab_size']:,} tokens of the vocabulary."
        yield Found((SECTION, "classification_method"), text, f"{file} vocab_size")
    interface = interface_of(values, network)
    if interface:
        yield Found(("setup", "interface"), interface, f"{file} sizes of inputs")
    stored, keys = _weights_format(values)
    if stored:
        yield Found(("setup", "weights_format"), stored[:200], f"{file} {keys}")
    version = values.get("transformers_version")
    if isinstance(version, str) and version:
        yield Found(("setup", "framework"), f"transformers {version}", f"{file} transformers_version")
    family = values.get("model_type")
    if isinstance(family, str) and family:
        yield Found((SECTION, "family"), family, f"{file} model_type")


_STORED = ("torch_dtype", "dtype", "quantization_config")
"""How weights are stored."""


def _weights_format(values: dict[str, Any]) -> tuple[str, str]:
    """Return how a configuration says that its weights are stored, and the keys that say so; empty where none does."""
    dtype = values.get("torch_dtype", values.get("dtype"))
    packed = values.get("quantization_config")
    packed = packed if isinstance(packed, dict) else {}
    method, bits = packed.get("quant_method"), packed.get("bits", packed.get("w_bit"))
    group = packed.get("group_size", packed.get("q_group_size"))
    words = [
        *([make_safe(method)] if isinstance(method, str) else []),
        *([f"{bits} bits"] if isinstance(bits, int) else []),
        *([f"groups of {group}"] if isinstance(group, int) and group > 0 else []),
        *([make_safe(dtype).removeprefix("torch.")] if isinstance(dtype, str) else []),
    ]
    return ", ".join(words), " and ".join(key for key in _STORED if key in values)


def _repeated(path: Path, file: str) -> Iterator[LeftOut]:
    """Yield the keys that a configuration states twice with different values: a reader of JSON takes the last."""
    place = path / _CONFIG if path.is_dir() else path
    found: list[tuple[str, Any, Any]] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        held: dict[str, Any] = {}
        for key, value in items:
            if key in held and held[key] != value:
                found.append((key, held[key], value))
            held[key] = value
        return held

    with suppress(OSError, ValueError):
        parse_json(in_utf8(place.read_bytes()[:_LARGEST]).decode("utf-8-sig"), object_pairs_hook=pairs)
    for key, first, last in found:
        why = f"the key is there twice; the last one counts: {said(last)}"
        yield LeftOut(f"{file} {make_safe(key)}", said(first), why)


_PACKING = frozenset({"quant_method", "bits", "w_bit", "group_size", "q_group_size"})
"""Settings of a quantisation that say how weights are stored."""


def _unused_packing(values: dict[str, Any], file: str) -> Iterator[LeftOut]:
    """Yield the settings of a quantisation that no field holds."""
    packed = values.get("quantization_config")
    for key, value in packed.items() if isinstance(packed, dict) else ():
        if key not in _PACKING and value is not None:
            why = "no field of a sheet is known to be meant"
            yield LeftOut(f"{file} quantization_config.{make_safe(str(key))}", said(value), why)


KIND = ImportKind("model", "a model's configuration, module, ONNX graph or weights", _recognises, read)
