"""Read the settings of training that a card lists: lines of a label and a value, or a table of them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.authoring.importing.cards.prose import LINE
from factsheet.authoring.importing.reading import line_of, number_of
from factsheet.quantities.metrics import plain
from factsheet.source.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.authoring.importing.cards.blocks import CardBlock
    from factsheet.authoring.importing.collected import Collected

_SETTINGS: dict[str, str] = {
    **dict.fromkeys(
        ("learning rate", "lr", "initial learning rate", "peak learning rate", "max learning rate"),
        "training.learning_rate",
    ),
    **dict.fromkeys(
        (
            "train batch size",
            "batch size",
            "batch",
            "batch sequences",
            "per device train batch size",
            "train batch size per device",
        ),
        "training.batch_size",
    ),
    **dict.fromkeys(("seed", "random seed"), "training.seed"),
    "gradient accumulation steps": "training.gradient_accumulation",
    "gradient accumulation": "training.gradient_accumulation",
    **dict.fromkeys(("total train batch size", "effective batch size"), "training.total_batch_size"),
    **dict.fromkeys(
        ("optimizer", "optimiser", "optim", "optimizer type", "optimizer class"), "training.optimiser"
    ),
    **dict.fromkeys(
        (
            "lr scheduler type",
            "lr schedule",
            "lr scheduler",
            "learning rate schedule",
            "scheduler",
            "learning rate scheduler",
            "scheduler type",
        ),
        "training.schedule",
    ),
    **dict.fromkeys(
        (
            "lr scheduler warmup steps",
            "warmup steps",
            "warm up steps",
            "num warmup steps",
            "number of warmup steps",
            "lr scheduler warmup ratio",
            "warmup ratio",
            "warmup proportion",
        ),
        "training.warm_up",
    ),
    **dict.fromkeys(
        (
            "num epochs",
            "epochs",
            "n epochs",
            "num train epochs",
            "number of epochs",
            "epoch",
            "number of training epochs",
        ),
        "training.epochs",
    ),
    **dict.fromkeys(
        ("training steps", "max steps", "num steps", "number of steps", "steps", "total steps"),
        "training.steps",
    ),
    **dict.fromkeys(
        ("mixed precision training", "training precision", "mixed precision", "training regime", "precision"),
        "training.precision",
    ),
    **dict.fromkeys(("weight decay", "weight decay rate"), "training.weight_decay"),
    **dict.fromkeys(
        ("max grad norm", "gradient clipping", "grad clip", "clip grad norm"), "training.gradient_clipping"
    ),
    **dict.fromkeys(("dropout", "dropout rate"), "training.dropout"),
    "num devices": "hardware.training.accelerator_count",
    **dict.fromkeys(("loss", "loss function", "objective", "training objective"), "training.objective"),
    **dict.fromkeys(
        ("max seq length", "max seq len", "max sequence length", "maximum sequence length"),
        "training_data.max_seq_len",
    ),
}
"""What settings are called in the cards of trainers and by hand, in plain words, with what they answer."""
_WORDS = frozenset({"training.optimiser", "training.schedule", "training.precision", "training.objective"})
"""Fields that hold words."""
_SHARES = frozenset({"training.warm_up", "training.dropout"})
"""Fields that hold a share where the number is below 1."""
_OF_OPTIMISER = frozenset({"momentum", "betas", "beta1", "beta2", "adam beta1", "adam beta2", "epsilon"})
_OF_OPTIMISER_TOO = frozenset({"adam epsilon", "nesterov"})
_PAIR = re.compile(
    r"^[\s>]*(?:[-*+•]\s+)?[`*_]{0,3}(?P<label>[^\W\d_][\w ./()-]{0,48}?)[`*_]{0,3}\s*(?::|=)[*_]{0,3}\s*"
    r"(?P<value>\S.*?)\s*$"
)
_LONGEST_LITERAL = 2000


class Pair(NamedTuple):
    """A label and a value, and where they stand."""

    label: str
    value: str
    where: str


def pairs_in(text: str, where: str) -> tuple[tuple[Pair, ...], str]:
    """Return the lines of a text that are a label and a value, and the lines that are not."""
    pairs: list[Pair] = []
    rest: list[str] = []
    for line in text.split("\n"):
        found = _PAIR.match(line)
        if found is not None and not found["value"].startswith("//"):
            label = found["label"].strip(" *_`")
            value = re.sub(r"\s+#.*$", "", found["value"]).strip("* `").rstrip(",;")
            pairs.append(Pair(label, value, f"{where} {' '.join(label.split())}"))
        elif line.strip(" -*`~") and not line.lstrip().startswith(("```", "~~~")):
            rest.append(line.strip())
    return tuple(pairs), "\n".join(rest)


def is_recipe(text: str) -> bool:
    """Return whether a list is one of settings, by three that training alone has, whatever its heading is."""
    pairs, rest = pairs_in(text, "")
    known = [pair for pair in pairs if _SETTINGS.get(plain(pair.label), "").startswith("training.")]
    return len(known) >= _SURE_SETTINGS and len(known) * 2 >= len(pairs) > len(rest.split("\n")) - 1


_SURE_SETTINGS = 3


def pairs_of_code(text: str, where: str) -> tuple[Pair, ...]:
    """Return the settings of a dictionary in Python or JSON, as sentence-transformers prints it; none of other code."""
    bare = re.sub(r"^\s*(?:```|~~~).*$", "", text, flags=re.MULTILINE).strip()
    try:
        found = parse_json(bare)
    except ValueError:
        found = _literal(bare)
    settings = dict(found) if isinstance(found, dict) else {}
    for key, value in [*settings.items()]:
        if isinstance(value, dict) and value:
            del settings[key]
            settings.update(value)
    return tuple(
        Pair(str(key), _CLASS.sub(r"\1", str(value)), f"{where} {key}")
        for key, value in settings.items()
        if value is not None and value != {}
    )


_CLASS = re.compile(r"^<class '(?:[\w.]+\.)?(\w+)'>$")


def pairs_of_table(block: CardBlock, where: str) -> tuple[Pair, ...]:
    """Return the settings of a table: of two columns, or of one row below their names; none of any other."""
    rows = [row for row in block.rows if any(row)]
    width = max(map(len, rows), default=0)
    if width == 2 and len(rows) > 1:  # noqa: PLR2004  a name and a value
        known = [row for row in rows if plain(row[0]) in _SETTINGS]
        # The header is a setting like the others in tables that have none.
        body = rows if rows[0] in known else rows[1:]
        return tuple(Pair(row[0], row[1], f"{where} {row[0]}") for row in body) if known else ()
    if len(rows) == 2 and any(plain(name) in _SETTINGS for name in rows[0]):  # noqa: PLR2004  names, and values
        return tuple(
            Pair(name, value, f"{where} {name}") for name, value in zip(*rows, strict=False) if name or value
        )
    return ()


def add_recipe(collected: Collected, pairs: Iterable[Pair]) -> None:
    """Take the settings that a field holds, and list the others."""
    taken: set[str] = set()
    optimiser: Pair | None = None
    details: list[str] = []
    for pair in pairs:
        name = plain(pair.label)
        path = _SETTINGS.get(name)
        if line_of(pair.value) is None:
            continue
        if name in _OF_OPTIMISER | _OF_OPTIMISER_TOO:
            details.append(f"{name} {pair.value}")
        elif path == "training.optimiser" and optimiser is None:
            optimiser = pair
        elif path is None:
            collected.leave(
                pair.where, f"{pair.label}: {pair.value}", "no field of a sheet is known to be meant"
            )
        elif path in taken:
            collected.leave(pair.where, f"{pair.label}: {pair.value}", f"`{path}` is stated above it")
        else:
            taken.add(path)
            collected.add(path, _value(path, name, pair.value), pair.where, source=None)
    if optimiser is not None:
        _add_optimiser(collected, optimiser, details, taken)
    elif details:
        collected.leave(collected.name, ", ".join(details), "settings of an optimiser that is not named")


def _value(path: str, name: str, text: str) -> Any:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", text):
        text = text.replace(",", "")
    number = number_of(text.removesuffix("%"))
    if path in _WORDS or number is None:
        return text
    if path in _SHARES and not text.endswith("%") and (number < 1 or "ratio" in name or "proportion" in name):
        return f"{float(f'{number * 100:.6g}'):g} %"
    if text.endswith("%"):
        return text
    if path == "training.warm_up":
        return f"{text} steps"
    return int(number) if number.is_integer() and abs(number) < 10**15 else text


def _add_optimiser(collected: Collected, pair: Pair, details: list[str], taken: set[str]) -> None:
    text = _OPTIMISER.sub(_optimiser, pair.value)
    if pair.value.startswith("{"):
        settings = _literal(pair.value)
        inner = settings.get("inner_optimizer")
        if isinstance(inner, dict) and isinstance(inner.get("config"), dict):
            # With mixed precision Keras prints the optimiser within another one, which scales losses.
            settings = {**settings, **inner["config"]}
            del settings["inner_optimizer"]
        text = str(settings.pop("name", settings.pop("class_name", ""))) or pair.value
        for key, value in settings.items():
            path = _SETTINGS.get(plain(str(key)))
            if isinstance(value, dict) and path == "training.learning_rate":
                # A schedule as Keras prints it: its name, and where it starts.
                inner = value.get("config")
                start = inner.get("initial_learning_rate") if isinstance(inner, dict) else None
                collected.leave(
                    pair.where, f"{key}: {value}", "taken as the schedule and the rate it starts from"
                )
                if (
                    name := line_of(value.get("class_name"))
                ) is not None and "training.schedule" not in taken:
                    collected.add("training.schedule", name, pair.where, source=None)
                value = start  # noqa: PLW2901  the rate
            plain_value = isinstance(value, int | float | str) and not isinstance(value, bool)
            if path is not None and path not in taken and plain_value and value not in (0, 0.0):
                collected.add(path, _value(path, plain(str(key)), str(value)), pair.where, source=None)
            elif (
                path is None
                and not isinstance(value, dict | list)
                and value is not None
                and value is not False
            ):
                details.append(f"{key} {value}")
            elif isinstance(value, dict | list):
                collected.leave(pair.where, f"{key}: {value}", "no field of a sheet is known to be meant")
    words = ", ".join([text, *details])
    collected.add("training.optimiser", words if len(words) <= LINE else text[:LINE], pair.where, source=None)
    if len(words) > LINE:
        collected.leave(
            pair.where, words, "the optimiser was taken; a line of a sheet does not hold all of it"
        )


def _literal(text: str) -> dict[Any, Any]:
    """Return a dictionary as Keras prints it; an empty one where it is none that can be read."""
    try:
        found = ast.literal_eval(text) if len(text) <= _LONGEST_LITERAL else {}
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


_OPTIMISER = re.compile(r"^Use (?:OptimizerNames\.)?(\w+)(?: and the args are:)?(.*)$", re.DOTALL)
_ARGUMENTS_OF_NONE = re.compile(r"\s*(and )?optimizer_args=No additional optimizer arguments", re.IGNORECASE)


def _optimiser(found: re.Match[str]) -> str:
    """Return an optimiser as transformers names it in cards since 4.46, without what says nothing."""
    rest = _ARGUMENTS_OF_NONE.sub("", found[2]).strip()
    name = found[1].casefold().partition("_torch")[0].partition("_hf")[0]
    return " ".join(filter(None, (_OPTIMISERS.get(name, found[1]), rest)))


_OPTIMISERS = {"adamw": "AdamW", "adafactor": "Adafactor", "sgd": "SGD", "adagrad": "Adagrad", "lion": "Lion"}
