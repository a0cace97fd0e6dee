"""The action's steps, run as a runner runs them: inputs in the environment, bash, files for what is handed back."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from action_runner import (
    ACTION,
    BROKEN,
    CLEAN,
    DOUBTFUL,
    HOSTILE,
    ONE_LINE,
    TOKEN,
    Outcome,
    Runner,
    cells,
    evaluated,
)
from project_files import ROOT, clean_environment, copy_project
from system_tools import program

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows allows few of these names")

TRAPS = ("venv", "pip", "json", "typing", "step", "inputs", "yaml", "sitecustomize", "factsheet/__init__")
"""Modules that a step imports, by names that a repository can have too."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a runner keeps its own folders; the name is awkward."""
    return tmp_path_factory.mktemp("a runner's $(touch pwned) `touch pwned`; folder")


@pytest.fixture(scope="module")
def installed(place: Path) -> tuple[Runner, Outcome]:
    """A runner, and its first step, which installs the package from the index in a repository full of traps."""
    copy_project(place / "the action")
    (place / "temp").mkdir()
    runner, repository = Runner(place / "the action", place / "temp"), place / "trapped repository"
    put(repository, "factsheet.yaml", CLEAN)
    for module in TRAPS:
        put(repository, f"{module}.py", "open('pwned', 'w')\n")
    return runner, runner.run(repository)


@pytest.fixture
def runner(installed: tuple[Runner, Outcome]) -> Runner:
    return installed[0]


@pytest.fixture
def first_step(installed: tuple[Runner, Outcome]) -> Outcome:
    return installed[1]


@pytest.fixture
def repository(tmp_path: Path, runner: Runner) -> Iterator[Path]:
    """A model repository; nothing that it or an input names may have run."""
    folder = tmp_path / "model repository"
    folder.mkdir()
    subprocess.run([program("git"), "init", "--quiet", str(folder)], check=True, env=clean_environment())
    yield folder
    for place in (tmp_path, runner.action.parent):
        assert not [path for path in place.rglob("*") if path.name == "pwned"]


def put(repository: Path, name: str, text: str) -> str:
    file = repository / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return name


def test_no_script_of_the_action_holds_an_expression() -> None:
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert scripts
    assert not [script for script in scripts if "${{" in script]


def test_it_is_valid_by_the_schema_of_github() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.github-actions",
            ROOT / "action.yml",
        ],
        capture_output=True,
        text=True,
        check=False,
        env=clean_environment(),
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_input_travels_as_a_variable_and_is_described() -> None:
    names = {name: name for name in ACTION["inputs"]}
    steps = ACTION["runs"]["steps"]
    carried = {evaluated(value, names, {}) for step in steps for value in step.get("env", {}).values()}
    # What GitHub's own steps and conditions read is no variable of ours.
    others = set(re.findall(r"inputs\.([a-z-]+)", str([{**step, "env": None} for step in steps])))
    assert (carried - {"", TOKEN}) | others == set(ACTION["inputs"])
    assert all(spec["description"] and "default" in spec for spec in ACTION["inputs"].values())


def test_other_actions_are_pinned_by_the_hash_of_a_commit() -> None:
    used = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name) for name in used)


def test_a_clean_repository_passes_without_annotations(runner: Runner, repository: Path) -> None:
    put(repository, "sheets/one.yaml", CLEAN)
    done = runner.run(repository)
    assert done.status == 0, done.log
    assert not done.errors()
    assert done.outputs == {"status": "0"}
    assert done.summary.startswith("## FactSheets\n\n1 sheet checked: ")


def test_the_core_is_installed_without_its_extras(runner: Runner, repository: Path) -> None:
    put(repository, "factsheet.yaml", CLEAN)
    runner.run(repository)
    (packages,) = runner.temp.glob("factsheet-*/lib/python*/site-packages")
    names = {folder.name.split("-")[0].lower() for folder in packages.glob("*.dist-info")}
    assert {"factsheet", "pydantic", "pyyaml"} <= names
    assert not {"torch", "weasyprint"} & names


def test_findings_are_annotations_in_their_place_and_rows_of_the_summary(
    runner: Runner, repository: Path
) -> None:
    put(repository, "sheets/one.yaml", BROKEN)
    done = runner.run(repository)
    assert done.status == 1
    (error,) = done.errors()
    # `modle` stands in line 2, columns 27 to 31 of BROKEN.
    assert {"file": "sheets/one.yaml", "line": "2", "col": "27"}.items() <= error.properties.items()
    assert "did you mean `model`?" in error.message
    assert done.outputs["status"] == "1"
    _, row = cells(done.summary)
    assert row[:2] == ["error", "sheets/one.yaml:2:27"]
    assert row[2].startswith("FS152 unknown-key: ")


def test_the_summary_tells_what_each_role_still_misses(runner: Runner, repository: Path) -> None:
    put(repository, "factsheet.yaml", CLEAN)
    from factsheet.readers.roles import ROLES

    summary = runner.run(repository).summary
    assert [role.title for role in ROLES.values() if role.title not in summary] == []
    only = runner.run(repository, roles="data-scientist\nbusiness-expert,").summary
    titles = {"Data scientist", "Business expert"}
    assert {role.title for role in ROLES.values() if role.title in only} == titles


@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ({}, 0),
        ({"fail_on": "warning"}, 1),
        ({"fail_on": "warning", "select": "FS1"}, 0),
        ({"fail_on": "warning", "ignore": "FS,FS1"}, 0),
        ({"fail_on": "fatal"}, 2),
        ({"paths": "no-such.yaml"}, 2),
        ({"roles": "data-scientst"}, 2),
        ({"stage": "perfect"}, 2),
        ({"upload_sarif": "maybe"}, 2),
        ({"pages": "maybe"}, 2),
        ({"fail_on_change": "ever"}, 2),
        ({"extras": "torch==1; touch pwned"}, 2),
        ({"models": "factsheet.yaml"}, 2),
        ({"models": "factsheet.yaml=nets:make", "comment": "true"}, 2),
        ({"models": "factsheet.yaml=torchscript:net.pt", "comment": "true"}, 2),
        ({"baseline": "no-such.json"}, 2),
    ],
    ids=str,
)
def test_inputs_reach_factsheet(
    runner: Runner, repository: Path, inputs: dict[str, str], status: int
) -> None:
    put(repository, "factsheet.yaml", DOUBTFUL)
    done = runner.run(repository, **inputs)
    assert done.status == status, done.log
    assert bool(done.errors()) == (status == 2)


def test_paths_are_one_a_line(runner: Runner, repository: Path) -> None:
    put(repository, "a b.yaml", BROKEN)
    put(repository, "c.yaml", BROKEN)
    put(repository, "d.yaml", BROKEN)
    done = runner.run(repository, paths="\n  a b.yaml\r\nc.yaml\n\n")
    assert [error.properties["file"] for error in done.errors()] == ["a b.yaml", "c.yaml"]


def test_nothing_in_the_names_of_files_is_executed_or_obeyed(runner: Runner, repository: Path) -> None:
    names = [f"sheets/{text.replace('/', '_')}.yaml" for text in HOSTILE]
    for name in names:
        put(repository, name, BROKEN)
    done = runner.run(repository)
    assert done.status == 1
    assert sorted(error.properties["file"] for error in done.errors()) == sorted(names)
    assert {error.properties["title"] for error in done.errors()} == {"FS152 unknown-key"}
    shown = sorted(row[1] for row in cells(done.summary)[1:])
    assert shown == sorted(f"{' '.join(name.split())}:2:27" for name in names)


def test_nothing_in_a_path_that_is_named_is_executed(runner: Runner, repository: Path) -> None:
    for text in ONE_LINE:
        put(repository, text, BROKEN)
    done = runner.run(repository, paths="\n".join(ONE_LINE))
    assert done.status == 1
    assert [error.properties["file"] for error in done.errors()] == list(ONE_LINE)


def test_nothing_in_a_path_that_is_not_there_is_executed_or_obeyed(runner: Runner, repository: Path) -> None:
    done = runner.run(repository, paths="\n".join(HOSTILE))
    assert done.status == 2
    assert not [command for command in done.commands if command.properties.get("title") == "pwned"]
    assert "pwned" in done.summary


@pytest.mark.parametrize(
    ("names", "text"),
    [
        *((("roles", "stage", "select", "ignore", "fail_on"), text) for text in HOSTILE),
        *(((name,), text) for name in ("extras", "upload_sarif", "fail_on_change") for text in HOSTILE[3::6]),
    ],
)
def test_nothing_in_an_input_is_executed(
    runner: Runner, repository: Path, names: tuple[str, ...], text: str
) -> None:
    put(repository, "factsheet.yaml", CLEAN)
    done = runner.run(repository, **dict.fromkeys(names, text))
    # None of these is a value that the input can have; said in one annotation of our own, and nothing obeyed.
    assert done.status == 2, done.log
    assert [error.properties["title"] for error in done.errors()] == ["factsheet"]


@pytest.mark.parametrize("text", ONE_LINE[:9])
def test_the_file_for_sarif_has_the_name_it_was_given(runner: Runner, repository: Path, text: str) -> None:
    put(repository, "factsheet.yaml", BROKEN)
    done = runner.run(repository, sarif_file=text)
    assert done.status == 1
    assert json.loads((repository / text).read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert done.outputs == {"status": "1", "sarif-file": text}


def test_the_file_for_sarif_gets_its_folder_and_replaces_no_sheet(runner: Runner, repository: Path) -> None:
    put(repository, "factsheet.yaml", BROKEN)
    done = runner.run(repository, sarif_file="reports/new/factsheet.sarif")
    assert done.status == 1
    assert json.loads((repository / "reports/new/factsheet.sarif").read_text(encoding="utf-8"))["runs"]
    done = runner.run(repository, sarif_file="factsheet.yaml")
    assert done.status == 2
    assert any("it is a file that this command reads" in error.message for error in done.errors()), done.log
    assert (repository / "factsheet.yaml").read_text(encoding="utf-8") == BROKEN


def test_no_folder_is_made_through_a_link_outwards(runner: Runner, repository: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    put(repository, "factsheet.yaml", CLEAN)
    (repository / "reports").symlink_to(outside)
    done = runner.run(repository, sarif_file="reports/new/factsheet.sarif")
    assert done.status == 2
    assert list(outside.iterdir()) == []


def test_what_is_to_be_uploaded_is_written_without_a_name_for_it(runner: Runner, repository: Path) -> None:
    put(repository, "factsheet.yaml", BROKEN)
    done = runner.run(repository, upload_sarif="true")
    assert json.loads(Path(done.outputs["sarif-file"]).read_text(encoding="utf-8"))["runs"]
    assert not (repository / "factsheet.sarif").exists()


def test_nothing_in_a_sheet_is_obeyed(runner: Runner, repository: Path) -> None:
    listed = "".join(f"  {json.dumps(key)}: 1\n" for key in HOSTILE)
    put(
        repository,
        "factsheet.yaml",
        f"factsheet: 1\noverview:\n  name: Example\n  model: BERT-base\n{listed}",
    )
    done = runner.run(repository)
    assert done.status == 1
    assert len(done.errors()) == len(HOSTILE)
    assert {error.properties["title"] for error in done.errors()} == {"FS152 unknown-key"}
    assert len(cells(done.summary)) == len(HOSTILE) + 1


def test_modules_of_the_repository_are_not_imported(runner: Runner, first_step: Outcome) -> None:
    # Installing is the step with most to import: of Python's own modules, of pip's and of the package's.
    assert first_step.status == 0, first_step.log
    assert "Install factsheet" in first_step.log
    assert not list(runner.action.parent.rglob("pwned"))


def test_a_second_step_of_a_job_finds_factsheet_installed(runner: Runner, repository: Path) -> None:
    put(repository, "factsheet.yaml", CLEAN)
    runner.run(repository)
    assert "Install factsheet" not in runner.run(repository).log


def test_no_name_is_taken_from_an_index_but_those_of_dependencies(runner: Runner, repository: Path) -> None:
    # Whoever registers ours there could be anybody: what is installed is the commit that the action is taken from.
    assert "version" not in ACTION["inputs"]
    put(repository, "factsheet.yaml", CLEAN)
    runner.run(repository)
    (told,) = runner.temp.glob("factsheet-*/lib/python*/site-packages/factsheet-*.dist-info/direct_url.json")
    assert json.loads(told.read_text("utf-8"))["url"] == runner.action.resolve().as_uri()


def test_a_token_is_given_to_the_step_that_comments_alone() -> None:
    holding = [
        step["name"] for step in ACTION["runs"]["steps"] if "token" in str(step.get("env", {})).lower()
    ]
    assert holding == ["Comment on the pull request"]


WORKS = "import sys; sys.path.insert(0, {action!r}); from installation import Installation as I; "
WORKS += "from pathlib import Path; print(I(Path({home!r}), '', '').works)"


def test_an_installation_from_a_cache_is_tried_before_it_is_used(
    runner: Runner, repository: Path, tmp_path: Path
) -> None:
    put(repository, "factsheet.yaml", CLEAN)
    runner.run(repository)
    (home,) = (place.parent for place in runner.temp.glob("factsheet-*/installed"))
    assert runner.outputs["prepare"]["home"] == str(home)
    assert re.fullmatch(r"factsheet-\w+-\w+-\d{4}w\d\d-[0-9a-f]{16}", runner.outputs["prepare"]["key"])
    # One whose interpreter the runner does not have, and one that was never finished.
    moved, half = tmp_path / "moved", tmp_path / "half"
    for folder in (moved, half):
        (folder / "bin").mkdir(parents=True)
    (moved / "installed").touch()
    (moved / "bin" / "python").symlink_to("/no/such/python")
    (half / "bin" / "python").symlink_to(home / "bin" / "python")
    told = [
        subprocess.run(
            [
                sys.executable,
                "-I",
                "-c",
                WORKS.format(action=str(runner.action / "action"), home=str(folder)),
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for folder in (home, moved, half)
    ]
    assert told == ["True", "False", "False"]


def committed(repository: Path, sheet: str, name: str = "sheets/one.yaml") -> str:
    """Commit a sheet, and return the commit."""
    put(repository, name, sheet)
    for command in (["add", "--all"], ["commit", "--quiet", "--allow-empty", "--message", "A sheet"]):
        subprocess.run(
            [program("git"), "-c", "user.name=A", "-c", "user.email=a@example.org", *command],
            cwd=repository,
            check=True,
            env=clean_environment(),
        )
    done = subprocess.run(
        [program("git"), "rev-parse", "HEAD"],
        cwd=repository,
        check=True,
        env=clean_environment(),
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def pull_request(runner: Runner, base: str, *, ref: str = "main") -> dict[str, str]:
    """The variables of a run for a pull request that began at a commit."""
    repository = {"full_name": "someone/models"}
    event = {
        "pull_request": {
            "number": 7,
            "base": {"sha": base, "ref": ref, "repo": repository},
            "head": {"ref": ref, "repo": repository},
        }
    }
    file = runner.temp / "event.json"
    file.write_text(json.dumps(event), "utf-8")
    return {"GITHUB_EVENT_PATH": str(file), "GITHUB_EVENT_NAME": "pull_request", "GITHUB_HEAD_REF": ref}


POWER = CLEAN + "parameters: {power: 3.13 W}\n"
MORE_POWER = CLEAN + "parameters: {power: 3.20 W}\n"
OTHER_DIGITS = CLEAN + "# measured again\nparameters: {power: 3130 mW}\n"


def test_the_summary_says_what_changed_by_its_meaning(runner: Runner, repository: Path) -> None:
    base = committed(repository, POWER)
    put(repository, "sheets/one.yaml", MORE_POWER)
    put(repository, "sheets/new.yaml", CLEAN)
    done = runner.run(repository, pull_request(runner, base))
    assert done.status == 0, done.log
    said = done.summary
    assert "## What changed" in said
    # (3.20 - 3.13) / 3.13 = 2.2 %, and more power is worse.
    assert "▼ worse: \\+2.2 %" in said.replace("\\%", "%") or "▼ worse: +2.2 %" in said
    assert "`sheets/new.yaml`" in said
    assert Path(done.outputs["changes-file"]).read_text("utf-8").startswith("<!-- factsheet diff -->")


def test_a_change_of_digits_and_comments_is_none(runner: Runner, repository: Path) -> None:
    base = committed(repository, POWER)
    put(repository, "sheets/one.yaml", OTHER_DIGITS)
    done = runner.run(repository, pull_request(runner, base), fail_on_change="regression")
    assert done.status == 0, done.log
    assert "▼" not in done.summary


def test_a_regression_fails_where_that_is_wanted(runner: Runner, repository: Path) -> None:
    base = committed(repository, POWER)
    put(repository, "sheets/one.yaml", MORE_POWER)
    done = runner.run(repository, pull_request(runner, base), fail_on_change="regression")
    assert (done.status, done.outputs["status"]) == (1, "1"), done.log


def test_a_shallow_copy_says_what_to_do_and_the_check_goes_on(runner: Runner, repository: Path) -> None:
    committed(repository, BROKEN)
    for wanted, status in (("", 1), ("regression", 2)):
        done = runner.run(repository, pull_request(runner, "ab" * 20), fail_on_change=wanted)
        assert done.status == status
        assert "fetch\\-depth" in done.summary
        assert "FS152" in done.log


def test_a_sheet_that_is_gone_is_a_regression(runner: Runner, repository: Path) -> None:
    base = committed(repository, CLEAN, "factsheet.yaml")
    (repository / "factsheet.yaml").unlink()
    put(repository, "sheets/other.yaml", CLEAN)
    done = runner.run(repository, base=base, paths="sheets\nfactsheet.yaml", fail_on_change="regression")
    assert "the sheet is gone" in done.summary
    assert "Nothing was compared" not in done.summary


def test_a_file_named_like_the_base_hides_no_change(runner: Runner, repository: Path) -> None:
    base = committed(repository, POWER)
    put(repository, base, POWER)
    done = runner.run(repository, pull_request(runner, base), fail_on_change="change")
    assert done.status == 2
    assert "a file has the name of the revision" in done.log


@pytest.mark.parametrize("ref", [HOSTILE[4], HOSTILE[-2]])
def test_the_names_of_branches_are_not_executed_or_obeyed(runner: Runner, repository: Path, ref: str) -> None:
    base = committed(repository, POWER)
    environment = pull_request(runner, base, ref=ref) | {"GITHUB_REF_NAME": ref}
    done = runner.run(repository, environment)
    assert done.status == 0, done.log
    assert not [command for command in done.commands if command.properties.get("title") == "pwned"]
    assert runner.run(repository, base=ref.replace("\n", " ")).status == 0


def test_nothing_of_the_other_version_is_executed_or_obeyed(runner: Runner, repository: Path) -> None:
    names = [f"sheets/{text.replace('/', '_')}.yaml" for text in HOSTILE[4::4]]
    for name in names:
        put(repository, name, POWER)
    base = committed(repository, POWER)
    for name in names:
        put(repository, name, MORE_POWER)
    done = runner.run(repository, pull_request(runner, base), pages="true")
    assert done.status == 0, done.log
    assert not done.errors()
    assert done.summary.count("▼ worse") == len(names)
    assert not re.search(r"(?<!\\)<img", re.sub(r"`[^`\n]*`", "", done.summary))
    # Names that actions/upload-artifact takes.
    pages = [
        path.relative_to(done.outputs["pages"]).as_posix() for path in Path(done.outputs["pages"]).rglob("*")
    ]
    assert len([page for page in pages if page.startswith("pages/")]) == len(names) + 1
    assert not [page for page in pages if re.search(r'["\\:<>|*?\r\n]', page)]


def test_findings_beyond_what_anybody_reads_are_counted(runner: Runner, repository: Path) -> None:
    listed = "".join(f"  extra_{n}: 1\n" for n in range(520))
    put(
        repository,
        "factsheet.yaml",
        f"factsheet: 1\noverview:\n  name: Example\n  model: BERT-base\n{listed}",
    )
    done = runner.run(repository)
    assert done.status == 1
    found = int(re.search(r"(\d+) errors", done.summary)[1])  # type: ignore[index]
    assert found == 520
    assert len(done.summary.encode()) < 1_000_000


def test_a_repository_without_sheets_says_where_they_were_looked_for(
    runner: Runner, repository: Path
) -> None:
    done = runner.run(repository, pull_request(runner, "ab" * 20), pages="true", comment="true")
    assert done.status == 2
    assert "pages" not in done.outputs
    assert any("factsheets" in error.message for error in done.errors()), done.log


def test_a_link_outwards_is_neither_read_nor_shown(runner: Runner, repository: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text(CLEAN + "purpose: {summary: the-secret}\n", "utf-8")
    put(repository, "sheets/one.yaml", CLEAN)
    base = committed(repository, CLEAN)
    (repository / "sheets" / "linked.yaml").symlink_to(secret)
    done = runner.run(
        repository,
        pull_request(runner, base),
        pages="true",
        models="sheets/linked.yaml=sheets/linked.yaml",
    )
    assert done.status == 2
    assert "the-secret" not in done.log + done.summary
    if "pages" in done.outputs:
        assert not [
            file
            for file in Path(done.outputs["pages"]).rglob("*")
            if file.is_file() and b"the-secret" in file.read_bytes()
        ]


NETWORK = CLEAN + "model_architecture:\n  mlp: {sizes: [64, 32, 10]}\n"


def weights(file: Path, *shapes: tuple[int, int]) -> None:
    """Write matrices of zeros as safetensors: https://huggingface.co/docs/safetensors#format."""
    header: dict[str, object] = {}
    end = 0
    for number, (outputs, inputs) in enumerate(shapes):
        for name, shape in ((f"layer{number}.weight", [outputs, inputs]), (f"layer{number}.bias", [outputs])):
            size = 4 * math.prod(shape)
            header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + size]}
            end += size
    text = json.dumps(header).encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(len(text).to_bytes(8, "little") + text + bytes(end))


@pytest.mark.parametrize(("hidden", "status"), [(32, 0), (48, 1)])
def test_a_changed_network_fails_at_the_line_of_the_sheet(
    runner: Runner, repository: Path, hidden: int, status: int
) -> None:
    weights(repository / "model" / "net.safetensors", (hidden, 64), (10, hidden))
    put(repository, "sheets/a=b.yaml", NETWORK)
    done = runner.run(repository, models="sheets/a=b.yaml = model/net.safetensors\n")
    assert done.status == status, done.log
    assert "## Models" in done.summary
    if status:
        (error,) = done.errors()
        assert {"file": "sheets/a=b.yaml", "line": "4"}.items() <= error.properties.items()
        assert "model_architecture.mlp" in error.message


@pytest.mark.parametrize("text", [ONE_LINE[4]])
def test_models_that_are_none_are_said_and_not_executed(runner: Runner, repository: Path, text: str) -> None:
    put(repository, "factsheet.yaml", CLEAN)
    done = runner.run(repository, models=f"factsheet.yaml={text}")
    assert done.status == 2, done.log
    assert [error.properties["title"] for error in done.errors()] == ["factsheet"]


def test_code_of_the_repository_cannot_steer_later_steps(runner: Runner, repository: Path) -> None:
    put(repository, "factsheet.yaml", CLEAN)
    put(
        repository,
        "nets.py",
        "import os\nprint('::error title=pwned::pwned')\n"
        "found = [name for name in os.environ if name.startswith('GITHUB_') and name.endswith(('ENV', 'OUTPUT', 'PATH',"
        " 'STATE', 'SUMMARY')) and 'ACTION_PATH' not in name and 'EVENT_PATH' not in name]\n"
        "raise RuntimeError(f'reached: {found} {os.environ.get(\"FACTSHEET_TOKEN\")}')\n",
    )
    done = runner.run(repository, models="factsheet.yaml=nets:make")
    assert done.status == 2
    assert "title=pwned" not in "".join(str(command) for command in done.commands)
    assert "reached: [] None" in done.log or "torch" in done.log


def test_a_baseline_is_taken(runner: Runner, repository: Path) -> None:
    put(repository, "factsheet.yaml", BROKEN)
    (python,) = (place.parent / "bin" / "python" for place in runner.temp.glob("factsheet-*/installed"))
    environment = {name: value for name, value in clean_environment().items() if name != "CI"}
    subprocess.run(
        [python, "-I", "-m", "factsheet", "validate", "--baseline", "known.json"],
        cwd=repository,
        check=False,
        env=environment,
        capture_output=True,
    )
    run = runner.run(repository, baseline="known.json")
    assert run.status == 0
    assert "nothing new found (1 known from the baseline)" in run.summary
    put(repository, "factsheet.yaml", BROKEN.replace("name:", "nme: x, name:"))
    assert len(runner.run(repository, baseline="known.json").errors()) == 1
