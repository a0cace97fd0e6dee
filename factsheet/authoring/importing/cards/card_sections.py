"""Read the sections of a model card: prose by its headings, and the recipe that the Hub's trainer writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.reading import line_of, number_of
from factsheet.facts.placeholders import is_placeholder
from factsheet.source.characters import make_safe

if TYPE_CHECKING:
    from factsheet.authoring.importing.collected import Collected
    from factsheet.authoring.importing.reading import SourceText

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t#]*$", re.MULTILINE)
_LONGEST = 1500
"""Characters of a section that are taken over; a sheet is read faster than a card."""
_PROSE: tuple[tuple[str, str], ...] = (
    (r"model (description|summary|overview|details)|overview|introduction", "overview.summary"),
    (r"(direct|intended|primary) uses?( & limitations| and limitations)?|uses", "purpose.applications"),
    (r"out[- ]of[- ]scope( uses?)?|misuse.*", "purpose.out_of_scope"),
    (r"how to (get started.*|use.*)|usage|quick ?start|getting started.*", "setup.instructions"),
    (r"(bias, risks,? and )?limitations( and biase?s?)?|risks and limitations", "limitations.known"),
    (r"bias(es)?", "robustness.bias"),
    (r"ethical considerations", "limitations.ethics"),
    (r"training data(set)?|datasets?", "training_data.summary"),
    (r"pre-?processing.*", "training_data.preprocessing"),
    (r"training procedure|pretraining", "training.summary"),
    (r"(testing|evaluation|test) data.*", "test_data.summary"),
    (r"(compute infrastructure|hardware)", "hardware.training.summary"),
)
"""Headings of the Hub's template and of the cards of its trainers, whole and without case, with what they answer."""
_RECIPE = {
    "learning_rate": "training.learning_rate",
    "train_batch_size": "training.batch_size",
    "seed": "training.seed",
    "gradient_accumulation_steps": "training.gradient_accumulation",
    "total_train_batch_size": "training.total_batch_size",
    "optimizer": "training.optimiser",
    "lr_scheduler_type": "training.schedule",
    "lr_scheduler_warmup_steps": "training.warm_up",
    "lr_scheduler_warmup_ratio": "training.warm_up",
    "num_epochs": "training.epochs",
    "training_steps": "training.steps",
    "mixed_precision_training": "training.precision",
}
"""Names in the list of hyperparameters that the Hub's trainer writes into cards."""
_WORDS = frozenset({"optimizer", "lr_scheduler_type", "mixed_precision_training"})
"""Those of them that are no numbers."""


def called_in(body: str) -> str:
    """Return what the first heading of a card calls the model; empty where there is none, or a template's."""
    found = _TITLE.search(_without_code(body))
    if found is None or _UNFILLED.search(found[1]):
        return ""
    return line_of(re.sub(r"[*`_]", "", found[1])) or ""


_TITLE = re.compile(r"^#[ \t]+(?:Model Card (?:for|of)[ \t]+)?(.+?)[ \t#]*$", re.MULTILINE | re.IGNORECASE)


def read_sections(collected: Collected, text: SourceText, body: str) -> None:  # noqa: C901  one kind of section after the other
    """Take the sections whose headings say what they answer; the others are listed."""
    offset = text.text.count("\n", 0, len(text.text) - len(body))
    headings = list(_HEADING.finditer(_without_code(body)))
    taken: set[str] = set()
    for number, heading in enumerate(headings):
        end = headings[number + 1].start() if number + 1 < len(headings) else len(body)
        title = re.sub(r"[^\w\s,&-]", "", heading[2]).strip().casefold()
        where = (
            f"{text.name}:{offset + body.count(chr(10), 0, heading.start()) + 1} {make_safe(heading[2])[:80]}"
        )
        inside = body[heading.end() : end]
        if "hyperparameter" in title:
            _recipe(collected, inside, where)
            continue
        if title in {"framework versions", "software"}:
            listed = [
                found[1] for found in re.finditer(r"^[ \t]*[-*][ \t]+(.+?)[ \t]*$", inside, re.MULTILINE)
            ]
            if listed:
                collected.add("setup.requirements", listed, where, source=None)
            continue
        path = next((path for pattern, path in _PROSE if re.fullmatch(pattern, title)), None)
        prose = _prose(inside)
        if path is None or path in taken:
            if prose and not (number == 0 and heading[1] == "#"):
                collected.leave(where, prose, "no field is known to be meant by its heading")
            continue
        if "limitation" in title and "use" in title and prose:
            # What it is for and what it is not for stand together; only a reader can tell them apart.
            for field in (path, "purpose.out_of_scope", "limitations.known"):
                collected.ask(
                    field, where, prose, [("of all that is said there, the part that answers", prose)]
                )
            continue
        if prose and _UNFILLED.search(inside):
            collected.leave(where, "text", "part of it is a template that nobody has filled in")
            continue
        if not prose:
            continue
        taken.add(path)
        collected.add(path, prose, where, source=None)
    if not headings and "<" in body:
        collected.leave(text.name, "text", "it has no headings of Markdown that say what it answers")


_UNFILLED = re.compile(r"\{\{[^{}\n]*\}\}|\{%[^%\n]*%\}|\[?more information needed\]?", re.IGNORECASE)
"""What the Hub's template holds where an author is to write. The sentences around it are the template's own."""


def _without_code(body: str) -> str:
    """Return Markdown with the lines of code blocks blank, so that a comment in one is no heading."""
    return re.sub(
        r"^```.*?^```", lambda found: re.sub(r"[^\n]", " ", found[0]), body, flags=re.MULTILINE | re.DOTALL
    )


def _prose(section: str) -> str:
    """Return the words of a section without HTML and comments, cut at the end of a paragraph."""
    text = re.sub(r"<!--.*?-->", "", section[: 20 * _LONGEST], flags=re.DOTALL)
    text = re.sub(r"</?[a-zA-Z][^<>]{0,300}>", "", text)
    text = re.sub(r"!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)", "", text)
    paragraphs = map(_paragraph, re.split(r"\n\s*\n", text))
    kept: list[str] = []
    for paragraph in paragraphs:
        if not paragraph or is_placeholder(paragraph) or paragraph.startswith("|"):
            continue
        if kept and sum(map(len, kept)) + len(paragraph) > _LONGEST:
            break
        kept.append(paragraph)
    joined = "\n\n".join(kept)
    return joined if len(joined) <= 2 * _LONGEST else f"{joined[: 2 * _LONGEST].rsplit(' ', 1)[0]} …"


def _paragraph(text: str) -> str:
    """Return a paragraph as one line; code and lists keep theirs."""
    laid_out = "```" in text or re.search(r"^\s*[-*\d]+[. ]", text, re.MULTILINE)
    return make_safe(text).strip() if laid_out else " ".join(make_safe(text).split())


def _recipe(collected: Collected, section: str, where: str) -> None:
    for found in re.finditer(r"^[ \t]*[-*][ \t]*\**(\w+)\**[ \t]*:[ \t]*(.+?)[ \t]*$", section, re.MULTILINE):
        key, value = found[1], found[2].strip("* ")
        path = _RECIPE.get(key)
        if path is None:
            collected.leave(where, f"{key}: {value}", "no field of a sheet is known to be meant")
            continue
        if key == "lr_scheduler_warmup_ratio":
            collected.add(
                "training.warm_up",
                f"{float(f'{(number_of(value) or 0) * 100:.6g}'):g} %",
                f"{where} {key}",
                source=None,
            )
            continue
        value = _OPTIMISER.sub(_optimiser, value) if key == "optimizer" else value
        number = number_of(value) if key not in _WORDS else None
        said: Any = int(number) if number is not None and number.is_integer() and number < 10**15 else value
        collected.add(
            path,
            f"{said} steps" if key == "lr_scheduler_warmup_steps" else said,
            f"{where} {key}",
            source=None,
        )


_OPTIMISER = re.compile(r"^Use (?:OptimizerNames\.)?(\w+)(?: and the args are:)?(.*)$", re.DOTALL)
_ARGUMENTS_OF_NONE = re.compile(r"\s*(and )?optimizer_args=No additional optimizer arguments", re.IGNORECASE)


def _optimiser(found: re.Match[str]) -> str:
    """Return an optimiser as transformers names it in cards since 4.46, without what says nothing."""
    rest = _ARGUMENTS_OF_NONE.sub("", found[2]).strip()
    name = found[1].casefold().partition("_torch")[0].partition("_hf")[0]
    return " ".join(filter(None, (_OPTIMISERS.get(name, found[1]), rest)))


_OPTIMISERS = {"adamw": "AdamW", "adafactor": "Adafactor", "sgd": "SGD", "adagrad": "Adagrad", "lion": "Lion"}
