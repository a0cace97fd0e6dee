"""Find and read the profiles of digital devices, those that come with the program and a user's own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import BrokenProfileError, UnknownProfileError
from factsheet.hardware.chip import FILE_ENDINGS, of_a_digital_device, own_profile, taken_name
from factsheet.hardware.profile import DIGITAL_FOLDER, Profile, digital_names, profile_names, profile_of
from factsheet.source.loader import read_sheet
from factsheet.source.problems import PROFILE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.hardware.digital.description import DigitalDescription
    from factsheet.source.document import Document
    from factsheet.source.loader import Loaded


class DigitalProfile(NamedTuple):
    """A digital device with a number format and a software stack.

    Attributes:
        name: what the command line calls it.
        title: what people call it.
        description: all that its file says.
        document: the file's text and data.
    """

    name: str
    title: str
    description: DigitalDescription
    document: Document


SHORT_NAMES: Mapping[str, str] = {
    "a100": "a100-fp16-fastertransformer-pytorch",
    "a10": "a10-fp16-fastertransformer-pytorch",
    "a30": "a30-fp16-tensorrt",
    "cpu": "xeon-8375c-fp32-pytorch",
    "l40s": "l40s-fp16-tensorrt",
    "t4": "t4-fp16-fastertransformer-pytorch",
    "v100": "v100-fp16-fastertransformer-pytorch",
}
"""Names of devices alone, each for one profile: in FP16, a processor's in FP32, with a stack whose tables reach a
sequence length of 32 if there is one."""


def full_name(name: str) -> str:
    """Return the profile that a device's short name stands for; any other name as it is."""
    return SHORT_NAMES.get(name.strip().lower(), name)


@lru_cache(maxsize=8)
def digital_profile_of(name: str) -> DigitalProfile:
    """Return the digital profile of that name.

    Raises:
        UnknownProfileError: there is none.
        BrokenProfileError: its file is broken.
    """
    if name not in digital_names():  # also keeps a name that is a path away from the file system
        raise UnknownProfileError(name, digital_names())
    path = DIGITAL_FOLDER / f"{name}.yaml"
    return own_digital_profile(read_sheet(path, kind=PROFILE), str(path))


def own_digital_profile(loaded: Loaded, path: str) -> DigitalProfile:
    """Read a digital profile from its text.

    Args:
        loaded: the text, read as `PROFILE`.
        path: where it comes from.

    Raises:
        BrokenProfileError: it says something that no profile can say.
    """
    document = loaded.document
    if loaded.problems or document is None or document.data is None:
        raise BrokenProfileError(path, loaded.problems, document)
    found = _described(document, path)
    own = Path(path).resolve().parent == DIGITAL_FOLDER.resolve()
    if not own and found.name in (*digital_names(), *profile_names()):
        raise BrokenProfileError(path, (taken_name(found.name, document),), document)
    return DigitalProfile(found.name, found.title, found, document)


def _described(document: Document, name: str) -> DigitalDescription:
    from pydantic import ValidationError  # loaded only where a profile is used

    from factsheet.hardware.digital.description import DigitalDescription

    try:
        return DigitalDescription.model_validate(document.data)
    except ValidationError as error:
        from factsheet.hardware.profile_problems import problems_of  # needed only when something is wrong

        raise BrokenProfileError(name, problems_of(error, document, DigitalDescription), document) from None


def hardware_from(name_or_path: str) -> Profile | DigitalProfile:
    """Return the profile of that name, of an analog chip or of a digital device, or that of a file of one's own.

    A device alone, such as `a100`, stands for one of its profiles (`SHORT_NAMES`).

    Raises:
        UnknownProfileError: there is no profile of that name.
        BrokenProfileError: the file says something that no profile can say.
        SourceUnreadableError: the file cannot be read.
    """
    if name_or_path.lower().endswith(FILE_ENDINGS):
        loaded = read_sheet(Path(name_or_path), kind=PROFILE)
        data = None if loaded.document is None else loaded.document.data
        return (own_digital_profile if of_a_digital_device(data) else own_profile)(loaded, name_or_path)
    full = full_name(name_or_path)
    if full in digital_names():
        return digital_profile_of(full)
    return profile_of(name_or_path)
