"""One tree of errors: every one travels between processes, and none is defined outside it."""

from __future__ import annotations

import ast
import builtins
import pickle
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import factsheet
from factsheet import errors
from factsheet.errors import FactsheetError
from factsheet.quantities.quantity import parse_quantity
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(factsheet.__file__).parent
THREE = ("batch: 0", "a batch of none has no cost", "give 1 or more")


def malformed(text: str) -> Exception:
    with pytest.raises(errors.QuantityError) as caught:
        parse_quantity(text, "time")
    return caught.value


def broken_profile() -> Exception:
    loaded = load_bytes(b"profile: 1\nname: [a\nother: {\n", "mine.yaml")
    assert loaded.problems
    return errors.BrokenProfileError("mine", loaded.problems, loaded.document)


ONE_OF_EACH: tuple[Exception, ...] = (
    FactsheetError(*THREE, place="performance.latency", candidates=("a", "b")),
    errors.SourceError("a.yaml", "odd"),
    errors.SourceUnreadableError(Path("a.yaml"), "No such file or directory"),
    errors.WriteError("a.yaml", "No space left on device"),
    errors.InputOverwriteError(Path("b.yaml"), "it is the sheet that is read"),
    errors.ChangedMeanwhileError(Path("a.yaml"), "the file changed after it was read"),
    errors.JournalError(Path("study.journal"), "another run is writing to it"),
    errors.ReadingStoppedError(),
    errors.InvalidSheetError("a.yaml: odd", "a.yaml: odd: why: help", name="a.yaml", faults=()),
    errors.UnitsError("no dimension 'smell'; there are time, power"),
    malformed("3 bananas"),
    errors.UnfitTextError("unit"),
    errors.AnswerRefusedError(*THREE),
    errors.NoPlaceError("`references` is no list"),
    errors.UnwritableDataError(*THREE),
    errors.WorkloadError(*THREE, place="model_architecture.mlp"),
    errors.NotStatedError(*THREE, place="layers"),
    errors.ProfileError("ibm-2022", "it is empty"),
    errors.UnknownProfileError("ibm", ("hermes-64", "ibm-2022")),
    broken_profile(),
    errors.MissingConstantError("slot time"),
    errors.CostError(*THREE),
    errors.DoesNotFitError(480, 64, ("q", "k", "v", "o"), chips=8),
    errors.AnalogError(*THREE),
    errors.NotProgrammedError("encoder.layer.0"),
    errors.StudyError(*THREE),
    errors.DeriveError(*THREE, candidates=("latency",)),
    errors.SweepError(*THREE, candidates=("energy_j",)),
    errors.ConfigurationError("no rule begins with `FS7`"),
    errors.UnknownRuleError("no rule is called `FS999`", candidates=("FS901", "FS099")),
    errors.ConfigurationError("pyproject.toml: cannot be read as TOML"),
    errors.UsageError(*THREE, place="--tile 0", candidates=("512",)),
    errors.PrivateAddressError("10.0.0.1"),
    errors.TaskFailedError(3, "trial 4", "ValueError: odd"),
    *(
        kind(*THREE)
        for kind in (
            errors.JobError,
            errors.NotSendableError,
            errors.WorkersLostError,
            errors.DaskMissingError,
            errors.SchedulerError,
            errors.SchedulerAddressError,
            errors.SchedulerUnreachableError,
            errors.SchedulerLostError,
        )
    ),
    *(
        kind(*THREE)
        for kind in (
            errors.AttestationError,
            errors.SigningUnavailableError,
            errors.KeyFileError,
            errors.UnsafeKeyError,
            errors.PassphraseError,
            errors.EnvelopeError,
            errors.TruncatedEnvelopeError,
            errors.UnknownPayloadError,
            errors.DuplicateSignatureError,
            errors.StatementError,
            errors.UntrustedError,
            errors.UnknownSignerError,
            errors.AlteredEnvelopeError,
            errors.FalseKeyIdError,
            errors.OutdatedError,
            errors.MissingSignatureError,
            errors.FutureDatedError,
            errors.BundleRefusedError,
        )
    ),
    errors.TemplateFaultError(Path("page.md.j2"), 3, "unexpected '}'"),
    errors.PdfUnavailableError("WeasyPrint is not installed"),
    errors.PdfFetchError("a template refers to file:///etc/passwd"),
    errors.ChartError("matplotlib is not installed"),
    errors.ResourceMissingError("the folder `templates` is missing; install factsheet again"),
)


def tree(kind: type[FactsheetError] = FactsheetError) -> Iterator[type[FactsheetError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from tree(below)


def in_this_module() -> list[type[FactsheetError]]:
    return [kind for kind in tree() if kind.__module__ == "factsheet.errors"]


def words(error: BaseException) -> tuple[object, ...]:
    assert isinstance(error, FactsheetError)
    return (
        type(error),
        str(error),
        error.diagnostics(),
        error.message,
        error.why,
        error.help,
        error.place,
        error.candidates,
    )


def sent(error: Exception) -> Exception:
    """The error as it arrives in another process."""
    arrived: Exception = pickle.loads(pickle.dumps(error))  # noqa: S301 - written in the same line
    return arrived


def test_there_is_an_example_of_every_class() -> None:
    assert {type(error) for error in ONE_OF_EACH} == set(in_this_module())


@pytest.mark.parametrize("error", ONE_OF_EACH, ids=lambda error: type(error).__name__)
def test_an_error_arrives_in_another_process_as_it_was(error: Exception) -> None:
    arrived = sent(error)
    assert words(arrived) == words(error)
    document = error.__dict__.get("document")
    if document is not None:  # documents are compared by identity
        assert arrived.__dict__.pop("document").text == document.text
    expected = {key: value for key, value in error.__dict__.items() if value is not document or value is None}
    assert arrived.__dict__ == expected


def test_what_is_added_to_an_error_travels_with_it() -> None:
    error = errors.CostError(*THREE)
    error.add_note("while sweeping")
    assert sent(error).__notes__ == ["while sweeping"]


@pytest.mark.parametrize("error", ONE_OF_EACH, ids=lambda error: type(error).__name__)
def test_an_error_has_words_for_people(error: Exception) -> None:
    assert isinstance(error, FactsheetError)
    said = error.diagnostics()
    assert said.strip() == said
    for part in (error.why, error.help, error.place):
        assert part.lower() in said.lower()  # it may begin a sentence
    assert "Error(" not in said


def test_the_parts_of_an_error_are_joined_without_gaps() -> None:
    assert FactsheetError("a").diagnostics() == "a"
    assert FactsheetError("a", "b").diagnostics() == "a: b"
    assert FactsheetError("a", "", "c").diagnostics() == "a; c"
    assert FactsheetError("a", "b", "c", place="x.y").diagnostics() == "x.y: a: b; c"


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (errors.WorkloadError, ValueError),
        (errors.CostError, ValueError),
        (errors.AnalogError, ValueError),
        (errors.DeriveError, ValueError),
        (errors.SweepError, ValueError),
        (errors.QuantityError, ValueError),
        (errors.UnitsError, KeyError),
        (errors.UnknownRuleError, LookupError),
        (errors.PrivateAddressError, OSError),
    ],
)
def test_callers_may_catch_the_builtin_error(error: type[Exception], builtin: type[Exception]) -> None:
    assert issubclass(error, builtin)


def test_the_drawing_of_the_tree_is_the_tree() -> None:
    drawn: dict[str, str] = {}
    top = "FactsheetError"
    for line in (errors.__doc__ or "").splitlines():
        names = re.findall(r"\w+Error\b", line)
        if re.match(r" {4}[│├└]", line):
            above = names[0] if re.match(r"\W*\w+: ", line) and names else "FactsheetError"
            below = names if "internal:" in line or above not in line else names[1:]
            above = "FactsheetError" if "internal:" in line else above
            drawn.update(dict.fromkeys(below, above))
            nested = re.match(r" {4}│", line)
            drawn[above] = top if nested else "FactsheetError"
            top = top if nested else above
    actual = {
        kind.__name__: kind.__bases__[0].__name__ for kind in in_this_module() if kind is not FactsheetError
    }
    drawn.pop("FactsheetError", None)
    assert drawn == actual


ELSEWHERE = {
    # Raised and caught within the reader of ONNX graphs, which words them for the user.
    ("networks/from_models/graph/values.py", "UnknownShapeError"),
    ("networks/from_models/graph/shapes.py", "MisfitError"),
    ("networks/from_models/graph/stored.py", "BrokenTensorError"),
    ("networks/listing.py", "NotListableError"),  # raised and caught within the listing
    ("pages/formats/pdf.py", "RefusedError"),  # of a class of WeasyPrint's, which is imported only for a PDF
}


def test_no_error_is_defined_outside_the_tree() -> None:
    known = {
        name
        for name, kind in vars(builtins).items()
        if isinstance(kind, type) and issubclass(kind, BaseException)
    }
    known |= {kind.__name__ for kind in in_this_module()}
    found = {
        (file.relative_to(PACKAGE).as_posix(), node.name)
        for file in PACKAGE.rglob("*.py")
        if file.name != "errors.py"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if ast.unparse(base) in known or ast.unparse(base).endswith(("Error", "Exception"))
    }
    assert found <= ELSEWHERE
    assert not [file for file in PACKAGE.rglob("errors.py") if file.parent != PACKAGE]
