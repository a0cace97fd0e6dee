"""The errors that the package raises: each states what is wrong, where, why it matters, and what to do.

`FactsheetError` is the base of all of them:

    FactsheetError
    ├── SourceError: SourceUnreadableError, WriteError, JournalError
    │   └── WriteError: InputOverwriteError, ChangedMeanwhileError
    ├── InvalidSheetError, QuantityError, UnitsError, NoPlaceError, UnwritableDataError
    ├── WorkloadError: NotStatedError
    ├── ProfileError: UnknownProfileError, BrokenProfileError
    ├── CostError: DoesNotFitError
    ├── AnalogError: NotProgrammedError, StudyError
    ├── DeriveError, SweepError, UnknownRuleError, ConfigurationError, UsageError
    ├── JobError: TaskFailedError, NotSendableError, WorkersLostError, DaskMissingError
    │   └── SchedulerError: SchedulerAddressError, SchedulerUnreachableError, SchedulerLostError
    ├── AttestationError: SigningUnavailableError, StatementError
    │   ├── KeyFileError: UnsafeKeyError, PassphraseError
    │   ├── EnvelopeError: TruncatedEnvelopeError, UnknownPayloadError, DuplicateSignatureError
    │   └── UntrustedError: UnknownSignerError, MissingSignatureError, AlteredEnvelopeError
    │       UntrustedError: FalseKeyIdError, OutdatedError, FutureDatedError, BundleRefusedError
    ├── TemplateFaultError, PdfUnavailableError, PdfFetchError, ChartError, ResourceMissingError
    └── internal: ReadingStoppedError, UnfitTextError, AnswerRefusedError, MissingConstantError, PrivateAddressError

The internal ones are caught within the package; no caller of its functions meets them. Every error can be sent to
another process and arrives with its class, its attributes and its words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    Explanation = Callable[[str, str, str], tuple[str, str, str]]

_SHOWN_NAMES = 3


def in_one_line(name: str) -> str:
    """Return a name as it can be put into a line: a file's may hold line breaks, and what drives a terminal."""
    return name if name.isprintable() else "".join(one if one.isprintable() else "\ufffd" for one in name)


class FactsheetError(Exception):
    """Base of every error of the package."""

    message: str
    why: str
    help: str
    """What is wrong, why it matters, and what to do next."""
    place: str
    candidates: tuple[str, ...]
    """Where: a path in the sheet or a file, empty where there is none; and names that may have been meant."""

    def __init__(
        self,
        message: str,
        why: str = "",
        help: str = "",  # noqa: A002 - the builtin is of no use here
        *,
        place: str = "",
        candidates: Iterable[str] = (),
    ) -> None:
        super().__init__(message)
        self.message, self.why, self.help = message, why, help
        self.place, self.candidates = in_one_line(place), tuple(candidates)

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Callable[..., FactsheetError], tuple[object, ...]]:
        # The default calls the class with `args`, and most classes take other arguments than the message.
        return _restored, (type(self), self.args, self.__dict__)

    def diagnostics(self) -> str:
        """State where, what, why and what to do next, for a person at a terminal."""
        where = f"{self.place}: " if self.place else ""
        return where + "; ".join(filter(None, (": ".join(filter(None, (self.message, self.why))), self.help)))


def _restored(kind: type[FactsheetError], args: tuple[object, ...], own: dict[str, object]) -> FactsheetError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(own)
    return error


class SourceError(FactsheetError):
    """A path, as it was given, and the reason why it cannot be used; faults in a text are `Problem` values instead."""

    _cannot = _why = _help = ""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{in_one_line(str(path))}: {self._cannot}{reason}", self._why, self._help)
        self.path, self.reason = path, reason

    def diagnostics(self) -> str:
        """State which path it is, what cannot be done and why, what that means, and what to do."""
        return (
            f"{self.message}. {self.why[0].upper()}{self.why[1:]}; {self.help}." if self.why else self.message
        )


class SourceUnreadableError(SourceError):
    """A path that was named as a source and cannot be read."""

    _cannot, _why = "cannot be read: ", "nothing in it has been checked"
    _help = "see that the path is right and that the file is open to this user"


class WriteError(SourceError):
    """A file that could not be written; what it held before is still whole."""

    _cannot, _why = "cannot be written: ", "the file is as it was before"
    _help = "see that its folder exists, is open to this user and has room"


class InputOverwriteError(WriteError):
    """An output that would replace a file which the same command reads."""

    _cannot, _why, _help = "not written: ", "nothing was changed", "give the output another name"


class ChangedMeanwhileError(WriteError):
    """A file that somebody else changed after it was read."""

    _cannot, _why, _help = "", "nothing was written, so that no change is lost", "run again"


class JournalError(SourceError):
    """A journal that holds results of something else, or is in use."""

    _why = "its results would be mixed with others"
    _help = "run with the same settings to go on with it, delete it to start afresh, or write to another file"


class ReadingStoppedError(FactsheetError):
    """Ends the reading of a text; raised only after a finding has said why."""

    def __init__(self) -> None:
        super().__init__("the reading of the text was stopped")


def reason_of(error: OSError | ValueError) -> str:
    """Give the cause of a failed file operation without the errno and the path that Python adds to it."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error)


class InvalidSheetError(FactsheetError):
    """A text or data that is no sheet, or no review of one: it cannot be read as YAML, or does not fit the schema.

    Attributes:
        name: What the sheet is called in messages.
        faults: What is wrong, each with its path, why it matters, and how to fix it; `why` and `help` are the first's.
    """

    def __init__(self, message: str, report: str, *, name: str, faults: tuple[Any, ...]) -> None:
        why, help_ = (faults[0].why, faults[0].help) if faults else ("", "")
        super().__init__(message, why, help_)
        self.name, self.faults, self._report = name, faults, report

    def diagnostics(self) -> str:
        """Return every fault with its place, why it matters, and how to fix it."""
        return self._report


class UnitsError(FactsheetError, KeyError):
    """A dimension that the table does not hold: a fault of the calling code, not of a sheet."""


class QuantityError(FactsheetError, ValueError):
    """A text that is no quantity of the dimension asked for; `cause` is a key of the table of explanations.

    The words for people are worked out when they are asked for: a field that takes several dimensions tries each in
    turn and drops the errors of all but one.
    """

    def __init__(self, text: str, dimension: str, cause: str, *, explain: Explanation) -> None:
        Exception.__init__(self, text, dimension, cause)
        self.text, self.dimension, self.cause, self._explain = text, dimension, cause, explain
        self.place, self.candidates = "", ()

    def __getattr__(self, name: str) -> str:
        if name not in {"message", "why", "help"}:
            raise AttributeError(name)
        self.message, self.why, self.help = self._explain(self.text, self.dimension, self.cause)
        return str(self.__dict__[name])


class UnfitTextError(FactsheetError):
    """A text is no quantity of the dimension; the parser turns it into a `QuantityError` of the same cause."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class AnswerRefusedError(FactsheetError):
    """A value that does not fit its kind of answer, with why it matters and what to write instead."""


class NoPlaceError(FactsheetError, ValueError):
    """A text in which there is no place for an answer."""


class UnwritableDataError(FactsheetError, ValueError):
    """Data that no sheet can hold, such as a number that is none."""


class WorkloadError(FactsheetError, ValueError):
    """A network whose operators cannot be worked out, or a convention that does not exist.

    Its `place` is a path in the sheet, such as `model_architecture.transformer_encoder.heads`.
    """


class NotStatedError(WorkloadError):
    """A dimension that everything depends on has no value: nothing can be worked out, and nothing is wrong."""


class ProfileError(FactsheetError):
    """The named profile cannot be read or says something that no profile can say; `problem` is what."""

    def __init__(self, profile: str, problem: str) -> None:
        super().__init__(f"hardware profile `{profile}`: {problem}")
        self.profile, self.problem = profile, problem


class UnknownProfileError(ProfileError):
    """No profile has that name; the candidates are the names that there are."""

    def __init__(self, profile: str, known: tuple[str, ...]) -> None:
        super().__init__(profile, "there is none")
        self.message, self.candidates = f"there is no hardware profile `{profile[:60]}`", known
        self.help = f"the profiles are {', '.join(known)}; a path to one of your own ends in .yaml or .yml"


class BrokenProfileError(ProfileError):
    """A profile's file says what no profile can say: `problems`, in the order of its text, which `document` holds."""

    def __init__(self, profile: str, problems: tuple[Any, ...], document: Any) -> None:
        name = document.name if document is not None else profile
        more = len(problems) - _SHOWN_NAMES
        places = [
            f"{name}:{one.span.line}:{one.span.column}: {one.message}\n  = help: {one.help}"
            for one in problems
        ]
        rest = [f"and {more} more; `factsheet hardware check {name}` shows them all"] if more > 0 else []
        super().__init__(profile, "\n".join(places[:_SHOWN_NAMES] + rest))
        self.message, self.problems, self.document = self.problem, problems, document


class MissingConstantError(FactsheetError):
    """A constant that a profile does not give."""


class CostError(FactsheetError, ValueError):
    """An estimate that means nothing: a batch of none, a network without work on tiles, one that does not fit."""


class DoesNotFitError(CostError):
    """A network takes more tiles than are available, and more chips where the tiles are those of chips.

    `left_out` names the matrices that find no place, in order of execution.
    """

    def __init__(
        self, tiles: int, available: int, left_out: tuple[str, ...], chips: int | None = None
    ) -> None:
        more = len(left_out) - _SHOWN_NAMES
        named = ", ".join(left_out[:_SHOWN_NAMES]) + (f" and {more:,} more" if more > 0 else "")
        allowed = "more tiles" if chips is None else f"{chips:,} chips"
        super().__init__(
            f"the network takes {tiles:,} tiles, and there are {available:,}",
            f"{named} would find no place",
            f"allow {allowed}, fuse or pack matrices, or keep these digital",
        )
        self.tiles, self.available, self.left_out, self.chips = tiles, available, left_out, chips


class AnalogError(FactsheetError, ValueError):
    """A configuration, a weight or a request that no crossbar could follow."""

    def __str__(self) -> str:
        return self.diagnostics()


class NotProgrammedError(AnalogError):
    """A layer was used before conductances were programmed."""

    def __init__(self, layer: str) -> None:
        super().__init__(
            f"{layer or 'the layer'} has not been programmed",
            "its conductances do not exist yet, and digital weights in their place would look too good",
            "call `program_analog_weights(module, seed=…)` first",
        )


class StudyError(AnalogError):
    """A study or a training that cannot be carried out as asked."""


class DeriveError(FactsheetError, ValueError):
    """An operating point, a convention or the name of a fact that does not exist."""


class SweepError(FactsheetError, ValueError):
    """A range, a column or a grid that no sweep can be made of, or a package that writing it takes."""


class UnknownRuleError(FactsheetError, LookupError):
    """No rule has this id or slug; the candidates look like it."""


class ConfigurationError(FactsheetError):
    """A pyproject.toml cannot be read, a setting is unknown or of the wrong type, or a template of sheets is none."""


class UsageError(FactsheetError, ValueError):
    """An option, an argument or a variable of the environment that cannot be used, or not with another one."""


class PrivateAddressError(FactsheetError, OSError):
    """A host that only this network, or this machine, knows."""


class JobError(FactsheetError):
    """Tasks cannot be run; what goes wrong within one task is a `Failure`."""


class TaskFailedError(JobError):
    """A task failed, and the caller asked to stop at the first that does; `index` counts from 0."""

    def __init__(self, index: int, name: str, failure: object) -> None:
        super().__init__(
            f"{name}: {failure}",
            "without its result the whole is incomplete",
            "correct what it says and run again, or let the other tasks go on without it",
        )
        self.index, self.name = index, name


class NotSendableError(JobError):
    """The function cannot be sent to another process."""


class WorkersLostError(JobError):
    """Workers die whatever task they are given."""


class DaskMissingError(JobError):
    """A scheduler is named, and the package that connects to one is not installed."""


class SchedulerError(JobError):
    """A Dask scheduler cannot be used."""


class SchedulerAddressError(SchedulerError):
    """What is given as a scheduler's address is none."""


class SchedulerUnreachableError(SchedulerError):
    """Nothing at that address answers as a scheduler does, or it has no worker."""


class SchedulerLostError(SchedulerError):
    """The scheduler, or the last of its workers, went away while tasks were running."""


class AttestationError(FactsheetError):
    """A signed statement about a sheet that cannot be made, read or relied on."""


class SigningUnavailableError(AttestationError):
    """A package that signing or verifying takes is not installed."""


class KeyFileError(AttestationError):
    """A file that holds no key of the kind that is asked for, or a list of keys that cannot be read."""


class UnsafeKeyError(KeyFileError):
    """A private key that others on the machine can read."""


class PassphraseError(KeyFileError):
    """A private key is encrypted, and its passphrase is missing or wrong."""


class EnvelopeError(AttestationError):
    """A file that is no envelope in the one form that is accepted."""


class TruncatedEnvelopeError(EnvelopeError):
    """An envelope that ends in the middle."""


class UnknownPayloadError(EnvelopeError):
    """An envelope around something else than an in-toto statement."""


class DuplicateSignatureError(EnvelopeError):
    """An envelope that holds one signature, or those of one key, twice."""


class StatementError(AttestationError):
    """A signed payload that is no declaration about a sheet, or contradicts itself."""


class UntrustedError(AttestationError):
    """An attestation that is well formed and must not be relied on."""


class UnknownSignerError(UntrustedError):
    """An attestation signed by none of the keys that are trusted, or by one outside its time or purpose."""


class MissingSignatureError(UntrustedError):
    """An attestation without the signature of somebody who has to have signed, or with too few of them."""


class AlteredEnvelopeError(UntrustedError):
    """A payload or a signature that was changed after signing: the key named did not sign this."""


class FalseKeyIdError(UntrustedError):
    """A signature that names another key than the one that it is by."""


class OutdatedError(UntrustedError):
    """An attestation older than the one, or the day, that the consumer has come to."""


class FutureDatedError(UntrustedError):
    """An attestation that says it was made at a moment that is still to come."""


class BundleRefusedError(UntrustedError):
    """A Sigstore bundle that does not verify."""


class TemplateFaultError(FactsheetError):
    """A template of the user's that cannot be used: the file, the line if it is known, and the problem."""

    def __init__(self, file: Path, line: int | None, problem: str) -> None:
        where = str(file) if line is None else f"{file}:{line}"
        super().__init__(
            f"{where}: {problem}\n"
            "  The template is yours, by `templates` in [tool.factsheet]: correct it, or take it away and the "
            "built-in one is used."
        )
        self.file, self.line, self.problem = file, line, problem


class PdfUnavailableError(FactsheetError):
    """WeasyPrint cannot be used here; the message says what to install."""


class PdfFetchError(FactsheetError):
    """A template or style wants something from a file or from the network, which no document gets."""


class ChartError(FactsheetError):
    """A chart that cannot be drawn or written; the message says what to do."""


class ResourceMissingError(FactsheetError):
    """The installation is incomplete: one of its own folders is missing."""
