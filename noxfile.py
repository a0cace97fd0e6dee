"""The project's chores, each in an environment of its own. `nox` alone runs the tests; `nox -l` lists the rest."""

from __future__ import annotations

import re
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests"]
# A tool that a session forgot to install must not be picked up from the caller's PATH.
nox.options.error_on_external_run = True

ROOT = Path(__file__).parent
PROJECT = nox.project.load_toml(ROOT / "pyproject.toml")

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
EXTRAS = sorted(PROJECT["project"]["optional-dependencies"])

IN_PARALLEL = ("--numprocesses=auto", "--dist=loadfile")
"""A file's tests stay together: several share a browser, or pages that take a while to make."""

LOWER_BOUND = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?>=(?P<version>[^,;\s]+)")
FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[`~]*\s*$", re.DOTALL | re.MULTILINE)
INLINE_CODE = re.compile(r"`[^`\n]+`")
HEADING = re.compile(r"^#{1,6}\s+(?P<text>.+?)\s*#*\s*$", re.MULTILINE)
ANCHOR = re.compile(r"<a\s+(?:id|name)=\"(?P<id>[^\"]+)\"")
LINK = re.compile(
    r"\]\(\s*<?(?P<target>[^)<>\s]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^]]+\]:\s+(?P<reference>\S+)", re.MULTILINE
)


def group(*names: str) -> tuple[str, ...]:
    return nox.project.dependency_groups(PROJECT, *names)


@nox.session
def tests(session: nox.Session) -> None:
    """The test suite against the package as it would be installed; arguments go to pytest."""
    session.install(".", *group("tests"))
    yaml_language_server(session)
    session.run("pytest", *IN_PARALLEL, *session.posargs)


@nox.session
def minimums(session: nox.Session) -> None:
    """The test suite with the lowest version of every dependency that pyproject.toml allows."""
    # sigstore needs a newer pydantic than the core does; without it its tests are skipped.
    needs = [need for need in group("tests") if not need.startswith("sigstore")]
    session.install(".", *needs)
    # In a second step, since tools of the tests ask for newer ones: check-jsonschema for ruamel.yaml 0.18.10.
    session.install(*lowest(PROJECT["project"]["dependencies"]))
    yaml_language_server(session)
    # typer 0.19.0 imports what the newest click has put away.
    session.run("pytest", *IN_PARALLEL, "-W", "ignore:'click.:DeprecationWarning", *session.posargs)


@nox.session(reuse_venv=False)
def newest(session: nox.Session) -> None:
    """The test suite with the newest version of every dependency that pyproject.toml allows."""
    session.install("--upgrade", "--upgrade-strategy=eager", ".", *group("tests"))
    session.run("pytest", *IN_PARALLEL, *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """Wheel and source archive in dist/, built twice from clones and compared bit for bit, and what they depend on.

    The bill of materials is of the wheel with its dependencies as they are installed today; its schema is checked.
    """
    session.install(*group("release"))
    session.run("python", "tests/release/build_twice.py")
    archives = sorted([*ROOT.glob("dist/*.whl"), *ROOT.glob("dist/*.tar.gz")])
    session.run("twine", "check", "--strict", *map(str, archives))
    session.run("python", "tests/release/bill.py", *(str(path) for path in archives if path.suffix == ".whl"))


@nox.session(python=PYTHONS, reuse_venv=False)
@nox.parametrize("extra", ["core", *EXTRAS])
def smoke(session: nox.Session, extra: str) -> None:
    """Commands of an installation in a clean environment: of the core, with each extra, with all of them.

    Arguments are the wheel to install, such as the one in dist/, instead of this checkout.
    """
    wheel = session.posargs[0] if session.posargs else "."
    needs = [] if extra == "core" else [need for need in group("tests") if need.startswith("torch==")]
    torch = needs if extra in {"all", "datasets", "hf", "torch"} else []
    session.install(wheel if extra == "core" else f"{wheel}[{extra}]", *torch)
    session.run("python", "tests/release/smoke.py", "sheets", *([] if extra == "core" else [extra]))


@nox.session(reuse_venv=False)
def typed(session: nox.Session) -> None:
    """A user's program, checked by mypy and pyright, each as strictly as it can, against the installed wheel."""
    session.install(".", *group("typed"))
    program = "tests/api/programs/whole_face.py"
    session.run("python", "tests/release/typed_program.py", program)


@nox.session
def citation(session: nox.Session) -> None:
    """CITATION.cff against its schema."""
    session.install("cffconvert==2.0.0")  # needs a jsonschema that nothing else here can live with
    session.run("cffconvert", "--validate", "--infile", "CITATION.cff")


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff's checks, and its formatter's opinion; zizmor on the workflow, the action and the hooks."""
    session.install(*group("lint"))
    session.run("ruff", "check", *(session.posargs or ["."]))
    session.run("ruff", "format", "--check", *(session.posargs or ["."]))
    # Offline: what it could look up are newer versions, and a build must not fail for those of others.
    audit = ("--offline", "--no-progress", "--persona=pedantic", "--strict-collection", "--collect=all")
    session.run("zizmor", *audit, ".")


@nox.session
def types(session: nox.Session) -> None:
    """mypy, strict, over the package, the tests, the benchmarks and this file."""
    session.install(".", *group("types"))
    session.run("mypy", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Links between the project's pages lead somewhere, and the generated files are those of today's models."""
    problems = [problem for page in pages() for problem in broken_links(page)]
    session.install(".", *group("generated"))
    generated = {
        "schemas/factsheet-1.schema.json": "from factsheet.sheet.json_schema import schema_text as text",
        "factsheet/hardware/precomputed.json": "from factsheet.hardware.precomputed import precomputed_text as text",
        "docs/cli.md": "from factsheet.cli.usage.command_reference import page_text as text",
        "docs/man/factsheet.1": "from factsheet.cli.usage.command_reference import manual_text as text",
        "docs/api-reference.md": "sys.path.insert(0, 'docs/site'); from api_reference import reference as text",
    }
    for path, source in generated.items():
        program = f"import sys; {source}; sys.stdout.reconfigure(encoding='utf-8'); sys.stdout.write(text())"
        now = session.run("python", "-c", program, silent=True)
        if now != (ROOT / path).read_text(encoding="utf-8"):
            problems.append(
                f"{path}: not what the models generate now; CONTRIBUTING.md says how to write it anew"
            )
    if problems:
        session.error("\n".join(problems))


@nox.session
def site(session: nox.Session) -> None:
    """The documentation site, strictly, in build/docs/site, and in a browser; an argument names another folder."""
    session.install(".", *group("site"))
    folder = session.posargs[0] if session.posargs else "build/docs"
    session.run("python", "docs/site/build.py", folder)
    session.run("python", "docs/site/in_browser.py", f"{folder}/site")


@nox.session
def exchange(session: nox.Session) -> None:
    """A thousand generated sheets in each format that a sheet is exported to, by that format's own validator.

    The figures go to docs/exchange-measured.md.
    """
    session.install(".", *group("tests"))
    session.run(
        "pytest", "-q", "tests/exchange", *session.posargs, env={"FACTSHEET_GENERATED_SHEETS": "1000"}
    )
    session.run("python", "tests/shared/measured_exports.py", env={"PYTHONPATH": "tests/shared"})


@nox.session
def pictures(session: nox.Session) -> None:
    """The pictures of README.md, made anew from the sheet and the program of today."""
    session.install(".", *group("tests"))
    session.run("python", "docs/site/pictures.py")


@nox.session
def mutate(session: nox.Session) -> None:
    """Small changes to what computes figures and verdicts, and whether a test notices; `--help` has the options."""
    session.install("-e", ".", *group("tests", "mutate"))
    session.run("python", "tests/mutation/mutate.py", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """The benchmarks of benchmarks/README.md, or those named."""
    names = session.posargs or ["startup", "thousand_sheets", "checks", "cost", "sweep", "pages"]
    session.install(".[parquet,pdf,sweep]", *group("bench"))
    if {"analog", "analog_training", "networks"} & set(names):  # large, so only where it is measured
        pinned = ("torch==", "transformers==", "aihwkit-lightning==")  # as for the tests
        session.install(*(need for need in group("tests") if need.startswith(pinned)))
    for name in names:
        session.run("python", f"benchmarks/{name}.py")


@nox.session
def fuzz(session: nox.Session) -> None:
    """Changed inputs of every kind, 20 s each; arguments go to tests/fuzz/fuzz.py, whose help lists them."""
    session.install(".", *group("tests"))
    session.run("python", "-W", "ignore", "tests/fuzz/fuzz.py", *session.posargs)


@nox.session
def kill(session: nox.Session) -> None:
    """Commands ended by signals while they write: every instruction of the writer, then commands for a minute."""
    session.install(".", *group("tests"))
    every = {"FACTSHEET_EVERY_MOMENT": "1"}
    session.run("pytest", "-q", "tests/source/test_moments_of_writing.py", env=every)
    session.run("python", "tests/hardening/kill.py", *session.posargs)


@nox.session
def race(session: nox.Session) -> None:
    """Edits in place beside an editor that saves, for a minute; arguments go to tests/hardening/race.py."""
    session.install(".", *group("tests"))
    session.run("python", "tests/hardening/race.py", *session.posargs)


def yaml_language_server(session: nox.Session) -> None:
    """Install the server that editors have for YAML; where npm's registry cannot be reached, its tests are skipped."""
    script = "tests/language_server/yaml_language_server/install.py"
    session.run("python", script, success_codes=range(256))


def lowest(requirements: list[str]) -> list[str]:
    """Each requirement pinned to its lower bound."""
    pinned = []
    for requirement in requirements:
        bound = LOWER_BOUND.match(requirement)
        if bound is None:
            raise ValueError(
                f"pyproject.toml: the dependency {requirement!r} does not begin with a lower bound"
            )
        pinned.append(f"{bound['name']}=={bound['version']}")
    return pinned


def pages() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])


def broken_links(page: Path) -> list[str]:
    """What is wrong with the page's links to files of the project, and to headings in them."""
    problems = []
    for link in LINK.finditer(prose(page)):
        target = link["target"] or link["reference"]
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        path, _, heading = target.partition("#")
        file = page if not path else page.parent / path
        if not file.exists():
            problems.append(f"{page.relative_to(ROOT)}: the link {target} leads nowhere")
        elif heading and file.suffix == ".md" and heading not in anchors(file):
            problems.append(f"{page.relative_to(ROOT)}: the link {target} names no heading of that page")
    return problems


def anchors(page: Path) -> set[str]:
    """The names that GitHub gives to the page's headings, and those written by hand."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    found: set[str] = {anchor["id"] for anchor in ANCHOR.finditer(text)}
    for heading in HEADING.finditer(text):
        words = re.sub(r"\]\([^)]*\)", "", heading["text"]).lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        repeats = sum(1 for other in found if other == name or re.fullmatch(rf"{re.escape(name)}-\d+", other))
        found.add(f"{name}-{repeats}" if repeats else name)
    return found


def prose(page: Path) -> str:
    """The page without its code, where brackets mean other things."""
    return INLINE_CODE.sub("", FENCE.sub("", page.read_text(encoding="utf-8")))
