"""Read a Hugging Face model card: its front matter, the results in it, and sections that their headings name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.card_results import add_model_index, listed
from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.imported import Imported, ImportKind
from factsheet.authoring.importing.reading import line_of, number_of, read_text
from factsheet.facts.placeholders import is_placeholder
from factsheet.source.characters import make_safe
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.authoring.importing.imported import ImportOptions
    from factsheet.authoring.importing.reading import SourceText

_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t#]*$", re.MULTILINE)
_LONGEST = 1500
"""Characters of a section that are taken over; a sheet is read faster than a card."""
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_SPDX = {
    name.casefold(): name
    for name in (
        *(
            "Apache-2.0",
            "MIT",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "CC0-1.0",
            "CC-BY-2.0",
            "CC-BY-3.0",
            "CC-BY-4.0",
        ),
        *("CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC-BY-NC-2.0", "CC-BY-NC-3.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0"),
        *(
            "CC-BY-NC-ND-4.0",
            "CC-BY-ND-4.0",
            "MPL-2.0",
            "ISC",
            "Unlicense",
            "AFL-3.0",
            "Artistic-2.0",
            "BSL-1.0",
        ),
        *("ECL-2.0", "EPL-2.0", "EUPL-1.1", "MS-PL", "Zlib", "ODbL-1.0", "OFL-1.1"),
    )
}
"""Identifiers of SPDX that the Hub writes in lower case."""
_NO_LICENCE = frozenset({"other", "unknown", "custom", "cc"})
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
    "num_epochs": "training.epochs",
    "training_steps": "training.steps",
    "mixed_precision_training": "training.precision",
}
"""Names in the list of hyperparameters that the Hub's trainer writes into cards."""
_WORDS = frozenset({"optimizer", "lr_scheduler_type", "mixed_precision_training"})
"""Those of them that are no numbers."""
_KNOWN = frozenset(
    {
        *(
            "license",
            "license_name",
            "license_link",
            "language",
            "datasets",
            "base_model",
            "base_model_relation",
        ),
        *("library_name", "pipeline_tag", "model-index", "co2_eq_emissions", "model_name"),
    }
)
_NO_FACTS = frozenset(
    [
        "tags",
        "widget",
        "thumbnail",
        "inference",
        "metrics",
        "extra_gated_prompt",
        "extra_gated_fields",
        "new_version",
    ]
)


def _recognises(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in {".md", ".markdown", ".mdx"} and bool(head)


def read(source: str, options: ImportOptions) -> Imported:  # noqa: ARG001  a card needs none
    """Return what a card states. Prose is taken from sections whose headings say what they answer; tables are not read.

    Raises:
        UsageError: it cannot be read.
    """
    text = read_text(source)
    collected = Collected(text.name, KIND.words, text.left_out)
    front = _FRONT.match(text.text)
    body = text.text[front.end() :] if front else text.text
    if front is None:
        collected.leave(text.name, "front matter", "there is none between two lines of `---`")
    else:
        _front_matter(collected, text, front[1])
    _sections(collected, text, body)
    return collected.imported()


def _front_matter(collected: Collected, text: SourceText, front: str) -> None:
    loaded = load_bytes(front.encode(), text.name)
    for problem in loaded.problems:
        why = "the front matter is read as strictly as a sheet; what is at fault was not taken"
        collected.leave(f"{text.name}:{problem.span.line + 1}", problem.message, why)
    data = loaded.document.data if loaded.document is not None else None
    if not isinstance(data, dict):
        return
    _licence(collected, text, data)
    _named(collected, text, data)
    _datasets(collected, text, data)
    _emissions(collected, text, data.get("co2_eq_emissions"))
    add_model_index(collected, text, data)
    listed = ", ".join(sorted(_NO_FACTS & set(data)))
    if listed:
        collected.leave(text.name, listed, "a sheet has no field for what the Hub shows with a model")
    for key in data:
        if key not in _KNOWN and key not in _NO_FACTS:
            collected.leave(text.place(key), key, "no field of a sheet is known to be meant")


def _named(collected: Collected, text: SourceText, data: dict[str, Any]) -> None:
    languages = [line for each in listed(data.get("language")) if (line := line_of(each)) and line != "unk"]
    if languages:
        collected.add("overview.languages", languages, text.place("language"), source=None)
    if (library := line_of(data.get("library_name"))) is not None:
        collected.add("setup.framework", library, text.place("library_name"), source=None)
    if (task := line_of(data.get("pipeline_tag"))) is not None:
        collected.add("purpose.task_ids", [task], text.place("pipeline_tag"), source=None)
        collected.add(
            "purpose.trained_for", [task.replace("-", " ")], text.place("pipeline_tag"), source=None
        )
    relation = line_of(data.get("base_model_relation"))
    for each in listed(data.get("base_model")):
        if (name := line_of(each)) is not None:
            row = {"name": name, **({"relation": relation} if relation else {}), **_address(name, "")}
            collected.add("model_architecture.base_models[]", row, text.place("base_model"), source=None)


def _licence(collected: Collected, text: SourceText, data: dict[str, Any]) -> None:
    named = [line for each in listed(data.get("license")) if (line := line_of(each))]
    own = line_of(data.get("license_name"))
    if named and named[0].casefold() in _NO_LICENCE:
        collected.leave(text.place("license"), named[0], "it names no licence, or several of a family")
        named = []
    if named or own:
        licence = " and ".join(_SPDX.get(one.casefold(), one) for one in named) or own
        collected.add("overview.licence", licence, text.place("license"), source=None)
    link = line_of(data.get("license_link"))
    if link is not None:
        if link.startswith(("http://", "https://")):
            collected.add("overview.licence_link", link, text.place("license_link"), source=None)
        else:
            collected.leave(text.place("license_link"), link, "it is no address")


def _datasets(collected: Collected, text: SourceText, data: dict[str, Any]) -> None:
    names = [line for each in listed(data.get("datasets")) if (line := line_of(each))]
    where = text.place("datasets")
    if names:
        collected.add("training_data.name", ", ".join(names)[:300], where, source=None)
    if len(names) == 1 and _HUB_ID.fullmatch(names[0]):
        collected.add(
            "training_data.source", f"https://huggingface.co/datasets/{names[0]}", where, source=None
        )
    for name in names if len(names) > 1 else ():
        link = _address(name, "datasets/").get("source")
        row = {"name": name, **({"address": link} if link else {})}
        collected.add("training_data.datasets[]", row, where, source=None)


def _address(name: str, kind: str) -> dict[str, str]:
    return {"source": f"https://huggingface.co/{kind}{name}"} if _HUB_ID.fullmatch(name) else {}


def _emissions(collected: Collected, text: SourceText, stated: object) -> None:
    where = text.place("co2_eq_emissions")
    values = stated if isinstance(stated, dict) else {"emissions": stated}
    if number_of(values.get("emissions")) is not None:
        carbon = f"{values['emissions']} g CO2e"
        collected.add("hardware.training.carbon", carbon, where, note="The Hub's unit is the gram.")
    for key, path in (
        ("hardware_used", "hardware.training.accelerator"),
        ("geographical_location", "hardware.training.region"),
    ):
        if (line := line_of(values.get(key))) is not None:
            collected.add(path, line, where, source=None)


def _sections(collected: Collected, text: SourceText, body: str) -> None:
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
        if path is None or path in taken:
            continue
        prose = _prose(inside)
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
        number = number_of(value) if key not in _WORDS else None
        said: Any = int(number) if number is not None and number.is_integer() and number < 10**15 else value
        collected.add(
            path,
            f"{said} steps" if key == "lr_scheduler_warmup_steps" else said,
            f"{where} {key}",
            source=None,
        )


KIND = ImportKind("card", "a Hugging Face model card", _recognises, read)
