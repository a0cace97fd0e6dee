"""What reads or validates each format that sheets are exported to: the libraries that the formats' own users have."""

from __future__ import annotations

import csv
import io
import json
import warnings
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from factsheet.exchange.exported import Exported


def read_json(made: Exported) -> None:
    """Read every answer with Python's own reader; none is there twice."""
    (file,) = made.files
    paths = [one["path"] for one in json.loads(file.content)["answers"]]
    assert len(set(paths)) == len(paths)
    assert file.text.isascii()


def read_csv(made: Exported) -> None:
    """Read every row with Python's own reader; each has all columns, and none is a formula."""
    (file,) = made.files
    rows = list(csv.reader(io.StringIO(file.text)))
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.lstrip()[:1] in {"=", "+", "@"}]


def read_card(made: Exported) -> None:
    """Read the card with huggingface_hub; the scores that it finds are those of the front matter."""
    from huggingface_hub import ModelCard

    (file,) = made.files
    card: Any = ModelCard(file.text, ignore_metadata_errors=False)
    front = yaml.safe_load(file.text.split("---\n")[1])
    stated = [
        metric["value"]
        for model in front.get("model-index", ())
        for result in model["results"]
        for metric in result["metrics"]
    ]
    assert [one.metric_value for one in card.data.eval_results or ()] == stated
    assert card.data.model_name == front["model_name"]


def read_results(made: Exported) -> None:
    """Read the results with huggingface_hub, which writes them again as they are."""
    from huggingface_hub import eval_result_entries_to_yaml, parse_eval_result_entries

    for file in made.files:
        rows = yaml.safe_load(file.text)
        assert eval_result_entries_to_yaml(parse_eval_result_entries(rows)) == rows


def validate_bill(made: Exported) -> None:
    """Validate the bill with the strict validator of cyclonedx-python-lib."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    (file,) = made.files
    version = json.loads(file.content)["specVersion"]
    validator = JsonStrictValidator(SchemaVersion[f"V{version.replace('.', '_')}"])
    assert validator.validate_str(file.text) is None


def read_spdx(made: Exported) -> None:
    """Read the document with the Python bindings of SPDX, which refuse what its SHACL shapes do."""
    from spdx_python_model import v3_0_1 as spdx

    (file,) = made.files
    objects = spdx.SHACLObjectSet()
    spdx.JSONLDDeserializer().read(io.BytesIO(file.content), objects)
    assert objects.link() == set()


def read_croissant(made: Exported) -> None:
    """Read each description with mlcroissant, which validates what it reads."""
    import mlcroissant

    for file in made.files:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # mlcroissant calls rdflib by an old name
            found = mlcroissant.Dataset(jsonld=json.loads(file.content))
        assert not found.metadata.issues.errors


PEERS: Final[Mapping[str, Callable[[Exported], None]]] = {
    "json": read_json,
    "csv": read_csv,
    "model-card": read_card,
    "eval-results": read_results,
    "cyclonedx": validate_bill,
    "spdx": read_spdx,
    "croissant": read_croissant,
}
"""By the name of the format; one that is not here has tests of its own."""
