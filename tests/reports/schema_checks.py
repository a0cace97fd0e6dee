"""Holds reports against the schemas of their formats; a report that does not fit raises."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from jsonschema import Draft4Validator, Draft202012Validator
from xmlschema import XMLSchema

SCHEMAS = Path(__file__).parent / "schemas"


def check_sarif(text: str) -> None:
    _sarif().validate(json.loads(text))


def check_gitlab(text: str) -> None:
    _gitlab().validate(json.loads(text))


def check_junit(text: str) -> None:
    _junit().validate(text)


@cache
def _sarif() -> Draft4Validator:
    return Draft4Validator(json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8")))


@cache
def _gitlab() -> Draft202012Validator:
    schema = json.loads((SCHEMAS / "gitlab-code-quality.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@cache
def _junit() -> XMLSchema:
    return XMLSchema(SCHEMAS / "junit-10.xsd")
