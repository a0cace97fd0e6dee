"""What `factsheet doctor` looks at: each check says what there is, and what to do where something is missing.

Nothing is downloaded, and nothing is written but one file in the folder for temporary files. Large libraries are
looked for and not loaded, apart from WeasyPrint: only loading it shows whether it finds the libraries of the system.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from factsheet._version import __version__
from factsheet.errors import FactsheetError
from factsheet.installation import install_command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.configuration import Configuration

State = Literal["fine", "missing", "fault"]
"""`missing` is what some commands need and nobody asked for; `fault` is what has to be put right."""
OLDEST_PYTHON = (3, 11)
CORE = {
    "pydantic": "pydantic",
    "PyYAML": "yaml",
    "ruamel.yaml": "ruamel.yaml",
    "typer": "typer",
    "rich": "rich",
    "jinja2": "jinja2",
    "markdown-it-py": "markdown_it",
}
"""The packages that every installation has, by name, with what they are imported as."""


@dataclass(frozen=True)
class Extra:
    """An extra of the package: what it brings, and what cannot be done without it."""

    packages: tuple[tuple[str, str], ...]
    without: str


EXTRAS = {
    "pdf": Extra((("weasyprint", "weasyprint"),), "`render --format pdf` writes no PDF; HTML can be printed"),
    "torch": Extra(
        (("torch", "torch"),), "no `simulate`, and `inspect` reads no torch module, .pt or .pt2 file"
    ),
    "hf": Extra(
        (("torch", "torch"), ("transformers", "transformers")),
        "`inspect` and `derive --model` read no Hugging Face config.json",
    ),
    "datasets": Extra(
        (
            ("torch", "torch"),
            ("transformers", "transformers"),
            ("pyarrow", "pyarrow"),
            ("scikit-learn", "sklearn"),
        ),
        "`simulate hf:NAME --task` scores no checkpoint",
    ),
    "ask": Extra((("prompt-toolkit", "prompt_toolkit"),), "`answer` asks in plain lines"),
    "lsp": Extra((("pygls", "pygls"),), "no `lsp`: editors show what the YAML schema alone says"),
    "onnx": Extra((("onnx", "onnx"),), "`inspect` and `derive --model` read no .onnx file"),
    "distributed": Extra((("distributed", "distributed"),), "no `--scheduler`: work stays on this machine"),
    "parquet": Extra((("pyarrow", "pyarrow"),), "`sweep` writes no Parquet; CSV and JSON work"),
    "plot": Extra((("matplotlib", "matplotlib"),), "no charts from `sweep --plot` and `simulate --chart`"),
    "sign": Extra(
        (("securesystemslib", "securesystemslib"), ("cryptography", "cryptography")),
        "`attest` signs nothing, and `verify` verifies nothing",
    ),
    "sigstore": Extra(
        (
            ("securesystemslib", "securesystemslib"),
            ("cryptography", "cryptography"),
            ("sigstore", "sigstore"),
        ),
        "`verify` reads no Sigstore bundle",
    ),
    "sweep": Extra((("numpy", "numpy"),), "large sweeps take longer"),
}
"""The extras of pyproject.toml, but `all`."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        topic: what it is about, in a word or two.
        state: whether it is as it should be.
        text: what was found.
        help: what to do; empty where it is fine.
    """

    topic: str
    state: State
    text: str
    help: str = ""


def check_installation() -> tuple[Check, ...]:
    """Look at everything, the versions first."""
    return tuple(
        check
        for part in (
            _versions(),
            _extras(),
            _pdf(),
            _settings(),
            _profiles(),
            _terminal(),
            _folders(),
        )
        for check in part
    )


def _versions() -> Iterator[Check]:
    yield Check("factsheet", "fine", f"{__version__}, in {Path(__file__).parents[2]}")
    found = f"{platform.python_version()} ({sys.executable}) on {platform.system()} {platform.machine()}"
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield Check("python", "fault", found, "install Python 3.11 or later")
    else:
        yield Check("python", "fine", found)
    for package, module in CORE.items():
        known = _version(package, module)
        if known is None:
            yield Check(package, "fault", "not installed", f"pip install {package}")
        else:
            yield Check(package, "fine", known)


def _version(package: str, module: str) -> str | None:
    """Return a package's version without loading it; `None` where it is not installed."""
    try:
        if find_spec(module) is None:
            return None
        return version(package)
    except (ModuleNotFoundError, ValueError):  # its parent is missing, or it is half-installed
        return None
    except PackageNotFoundError:
        return "installed, of unknown version"


def _extras() -> Iterator[Check]:
    for name, extra in EXTRAS.items():
        known = {package: _version(package, module) for package, module in extra.packages}
        missing = [package for package, found in known.items() if found is None]
        topic = f"extra {name}"
        if missing:
            text = f"{' and '.join(missing)} not installed: {extra.without}"
            yield Check(topic, "missing", text, install_command(name))
        else:
            yield Check(topic, "fine", ", ".join(f"{package} {found}" for package, found in known.items()))


def _pdf() -> Iterator[Check]:
    if _version("weasyprint", "weasyprint") is None:
        return
    help_ = "install Pango; on Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    try:
        import weasyprint  # noqa: F401  half a second, and the one way to know
    except OSError as error:
        reason = next(iter(str(error).splitlines()), "")
        yield Check("libraries for PDF", "missing", f"WeasyPrint does not load: {reason[:160]}", help_)
        return
    except Exception as error:  # noqa: BLE001  a broken installation of somebody else's package raises anything
        reason = next(iter(str(error).splitlines()), "no reason given")
        again = f"install it anew with {install_command('pdf', anew=True)}"
        text = f"WeasyPrint does not load: {type(error).__name__}: {reason[:160]}"
        yield Check("libraries for PDF", "missing", text, again)
        return
    fonts = _font_count()
    if fonts == 0:
        text = "the system has no fonts: a PDF would show boxes in place of letters"
        yield Check(
            "fonts for PDF", "missing", text, "install some; on Debian: apt-get install fonts-dejavu-core"
        )
    else:
        known = "Pango loads" if fonts is None else f"Pango loads; {fonts} fonts"
        yield Check("libraries for PDF", "fine", known)


def _font_count() -> int | None:
    """Return how many fonts fontconfig knows, which WeasyPrint draws with; `None` where it cannot be asked."""
    import ctypes  # for this alone

    class FontSet(ctypes.Structure):
        """`FcFontSet` of fontconfig.h, as far as it is read."""

        _fields_ = (("nfont", ctypes.c_int), ("sfont", ctypes.c_int))

    name = {"linux": "libfontconfig.so.1", "darwin": "libfontconfig.1.dylib"}.get(sys.platform)
    if name is None:
        return None
    try:
        library = ctypes.CDLL(name)
        library.FcConfigGetCurrent.restype = ctypes.c_void_p
        library.FcConfigGetFonts.restype = ctypes.POINTER(FontSet)
        library.FcConfigGetFonts.argtypes = (ctypes.c_void_p, ctypes.c_int)
        fonts = library.FcConfigGetFonts(library.FcConfigGetCurrent(), 0)
    except (OSError, AttributeError):
        return None
    return int(fonts.contents.nfont) if fonts else 0


def _settings() -> Iterator[Check]:
    from factsheet.checks.configuration import find_configuration  # the rules are loaded for it

    try:
        config = find_configuration()
    except FactsheetError as error:
        help_ = error.help or "correct it; docs/configuration.md lists the settings"
        yield Check("settings", "fault", error.message, help_)
        return
    if config.file is None:
        yield Check("settings", "fine", "no pyproject.toml with [tool.factsheet] here or above: the defaults")
        return
    yield Check("settings", "fine", f"{config.file}")
    yield from _named_files(config, config.file)


def _named_files(config: Configuration, file: Path) -> Iterator[Check]:
    """Look for what the settings name; a baseline is written by the first run that uses it."""
    if config.sheet is not None:
        path = file.parent / config.sheet
        if path.is_file():
            yield Check("setting `sheet`", "fine", f"{path}")
        else:
            help_ = "write it with `factsheet new`, or correct `sheet` under [tool.factsheet]"
            yield Check("setting `sheet`", "fault", f"there is no file {path}", help_)
    for named in config.template_files:
        from factsheet.sheet_templates.template import read_template  # only for settings with some

        try:
            yield Check("setting `sheet-templates`", "fine", f"{named}: {read_template(named).name}")
        except FactsheetError as error:
            help_ = error.help or "`factsheet template check` says what is wrong"
            yield Check("setting `sheet-templates`", "fault", error.message.splitlines()[0], help_)
    if config.templates is not None:
        folder = file.parent / config.templates
        if folder.is_dir():
            yield Check("setting `templates`", "fine", f"{folder}")
        else:
            help_ = "make it, or correct `templates` under [tool.factsheet]"
            yield Check("setting `templates`", "fault", f"there is no directory {folder}", help_)


def _profiles() -> Iterator[Check]:
    from factsheet.hardware.profile import profile_names, profile_of  # several files are read for it
    from factsheet.resources import resource_directory

    try:
        names = profile_names()
        for name in names:
            profile_of(name)
        for kind in ("templates", "schemas"):
            resource_directory(kind)
    except (FactsheetError, OSError) as error:
        yield Check(
            "data files", "fault", str(error), "install factsheet anew: files of the package are missing"
        )
        return
    yield Check("hardware profiles", "fine", f"{len(names)} load: {', '.join(names)}")


def _terminal() -> Iterator[Check]:
    stream = sys.stdout
    encoding = (getattr(stream, "encoding", None) or "unknown").lower()
    watched = stream is not None and stream.isatty()
    width = f", {shutil.get_terminal_size().columns} columns" if watched else ""
    colour = _colour(watched=watched)
    text = f"{'a terminal' if watched else 'no terminal'}{width}; {colour}; {encoding}"
    try:
        "µ²·×–≥".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        help_ = "set PYTHONIOENCODING=utf-8, or a locale of UTF-8: export LC_ALL=C.UTF-8"
        yield Check("terminal", "missing", f"{text}: units such as µJ and mm² come out as `?`", help_)
        return
    yield Check("terminal", "fine", text)


def _colour(*, watched: bool) -> str:
    if os.environ.get("NO_COLOR"):
        return "no colour, as NO_COLOR says"
    if os.environ.get("FORCE_COLOR"):
        return "colour, as FORCE_COLOR says"
    if os.environ.get("TERM") == "dumb":
        return "no colour, as TERM=dumb says"
    return "colour" if watched else "no colour"


def _folders() -> Iterator[Check]:
    try:
        with tempfile.NamedTemporaryFile(prefix="factsheet-"):
            pass
    except OSError as error:
        help_ = "free some space, or set TMPDIR to a folder that can be written"
        yield Check("temporary files", "fault", f"none can be written: {error.strerror or error}", help_)
    else:
        yield Check("temporary files", "fine", tempfile.gettempdir())
    yield _bytecode()


def _bytecode() -> Check:
    """Look whether Python can keep what it compiled: without it, each start compiles the package anew."""
    from importlib.util import cache_from_source

    package = Path(__file__).parents[2]
    cached = Path(cache_from_source(str(package / "errors.py")))
    if cached.is_file():
        return Check("bytecode cache", "fine", f"{cached.parent}")
    slow = "each start takes longer: Python compiles the package anew"
    if sys.dont_write_bytecode:
        help_ = "unset PYTHONDONTWRITEBYTECODE, or compile once: python -m compileall"
        return Check("bytecode cache", "missing", f"switched off; {slow}", f"{help_} {package}")
    nearest = next(folder for folder in cached.parents if folder.exists())
    if os.access(nearest, os.W_OK):
        return Check("bytecode cache", "fine", f"{cached.parent}, written by the next start")
    help_ = "set PYTHONPYCACHEPREFIX to a folder that can be written"
    return Check("bytecode cache", "missing", f"{nearest} cannot be written; {slow}", help_)
