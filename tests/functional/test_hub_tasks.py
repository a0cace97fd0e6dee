"""Checkpoints and data sets in the Hub's own forms: found, read, scored by the task's metric, nothing downloaded."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

import factsheet
from factsheet.cli.run import run
from factsheet.errors import UsageError, WorkloadError

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pa = pytest.importorskip("pyarrow")
pytest.importorskip("sklearn")

from factsheet.crossbar.functional.hub_tasks.hub_evaluation import HubEvaluation, HubModel  # noqa: E402
from factsheet.crossbar.functional.hub_tasks.stored_files import download, split_files  # noqa: E402
from factsheet.crossbar.functional.hub_tasks.task_definitions import task_named  # noqa: E402
from factsheet.crossbar.functional.hub_tasks.task_rows import read_rows  # noqa: E402

ROOT = Path(__file__).parents[2]
WORDS = [
    "the",
    "cat",
    "dog",
    "sat",
    "ran",
    "on",
    "under",
    "a",
    "mat",
    "tree",
    "red",
    "blue",
    "very",
    "not",
    "often",
]
EXAMPLES = 40


@pytest.fixture(scope="module")
def pairs() -> list[tuple[str, str]]:
    rng = torch.Generator().manual_seed(1)
    picks = torch.randint(0, len(WORDS), (EXAMPLES, 2, 6), generator=rng).tolist()
    return [(" ".join(WORDS[i] for i in one), " ".join(WORDS[i] for i in two)) for one, two in picks]


@pytest.fixture(scope="module")
def classifier(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> tuple[Path, list[int]]:
    """A two-class model in a folder, and what it answers to each pair: half one, half the other."""
    folder = tmp_path_factory.mktemp("classifier")
    model, cut = made(folder, num_labels=2)
    with torch.no_grad():
        model.classifier.weight.mul_(50)
        model.classifier.bias.zero_()
        logits = model(**asked(cut, pairs)).logits
        model.classifier.bias[0] = (logits[:, 1] - logits[:, 0]).median() + 1e-4
        answers = model(**asked(cut, pairs)).logits.argmax(dim=1).tolist()
    model.save_pretrained(folder)
    assert 5 < sum(answers) < EXAMPLES - 5
    return folder, answers


def made(folder: Path, **config: Any) -> tuple[Any, Any]:
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    cut = transformers.BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=32)
    cut.save_pretrained(folder)
    torch.manual_seed(0)
    model = transformers.BertForSequenceClassification(
        transformers.BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=32,
            initializer_range=0.3,
            **config,
        )
    ).eval()
    model.save_pretrained(folder)
    return model, cut


def asked(cut: Any, pairs: list[tuple[str, str]]) -> Any:
    first, second = zip(*pairs, strict=True)
    return cut(list(first), list(second), padding=True, return_tensors="pt")


def parquet(file: Path, columns: dict[str, Any], classes: list[str] | None = None) -> None:
    """Write a split as the Hub keeps it; with the classes as the library `datasets` notes them."""
    from pyarrow import parquet as form

    table = pa.table(columns)
    if classes is not None:
        features = {"label": {"names": classes, "_type": "ClassLabel"}}
        noted = json.dumps({"info": {"features": features}}).encode()
        table = table.replace_schema_metadata({b"huggingface": noted})
    file.parent.mkdir(parents=True, exist_ok=True)
    form.write_table(table, file)


def pair_columns(pairs: list[tuple[str, str]], labels: list[Any]) -> dict[str, list[Any]]:
    first, second = zip(*pairs, strict=True)
    return {
        "sentence1": list(first),
        "sentence2": list(second),
        "label": labels,
        "idx": list(range(len(labels))),
    }


def with_errors(answers: list[int], wrong: int) -> list[int]:
    return [1 - one if place < wrong else one for place, one in enumerate(answers)]


def glue(folder: Path, config: str, pairs: list[tuple[str, str]], labels: list[Any]) -> Path:
    parquet(folder / config / "validation-00000-of-00001.parquet", pair_columns(pairs, labels))
    # Neighbours that are not to be read.
    parquet(folder / config / "train-00000-of-00001.parquet", pair_columns(pairs[:2], labels[:2]))
    parquet(folder / "other" / "validation-00000-of-00001.parquet", pair_columns(pairs[:3], labels[:3]))
    return folder


def test_the_score_is_the_share_of_right_answers(
    classifier: tuple[Path, list[int]], pairs: list[tuple[str, str]], tmp_path: Path
) -> None:
    folder, answers = classifier
    data = glue(tmp_path, "rte", pairs, with_errors(answers, 7))
    evaluation = HubEvaluation(str(folder), data, task_named("glue/rte"))
    assert evaluation(HubModel(str(folder))()) == (EXAMPLES - 7) / EXAMPLES


def test_f1_and_matthews_are_those_of_their_definitions(
    classifier: tuple[Path, list[int]], pairs: list[tuple[str, str]], tmp_path: Path
) -> None:
    folder, answers = classifier
    labels = with_errors(answers, 9)
    hits = list(zip(answers, labels, strict=True))
    tp, fp, fn, tn = (hits.count(one) for one in ((1, 1), (1, 0), (0, 1), (0, 0)))
    model = HubModel(str(folder))()
    mrpc = HubEvaluation(str(folder), glue(tmp_path, "mrpc", pairs, labels), task_named("GLUE/MRPC"))
    assert mrpc(model) == pytest.approx(2 * tp / (2 * tp + fp + fn))  # van Rijsbergen 1979, chapter 7
    columns = pair_columns(pairs, labels)
    sentence = [f"{one} {two}" for one, two in pairs]
    parquet(tmp_path / "cola" / "validation.parquet", {"sentence": sentence, "label": columns["label"]})
    cola = HubEvaluation(str(folder), tmp_path, task_named("glue/cola"))
    cut = transformers.AutoTokenizer.from_pretrained(folder)
    with torch.no_grad():
        own = model(**cut(sentence, padding=True, return_tensors="pt")).logits.argmax(dim=1).tolist()
    hits = list(zip(own, labels, strict=True))
    tp, fp, fn, tn = (hits.count(one) for one in ((1, 1), (1, 0), (0, 1), (0, 0)))
    expected = (tp * tn - fp * fn) / ((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)) ** 0.5  # Matthews 1975
    assert cola(model) == pytest.approx(expected)


def test_spearman_sees_the_order_alone(pairs: list[tuple[str, str]], tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    model, cut = made(folder, num_labels=1)
    with torch.no_grad():
        values = model(**asked(cut, pairs)).logits.squeeze(-1).double()
    labels = (values * 3).exp().tolist()
    task = task_named("glue/sts-b")
    evaluation = HubEvaluation(str(folder), glue(tmp_path, "stsb", pairs, labels), task)
    assert evaluation(HubModel(str(folder))()) == pytest.approx(1.0)
    with pytest.raises(WorkloadError, match="1 output"):
        HubEvaluation(
            str(folder), glue(tmp_path, "rte", pairs, [0, 1] * (EXAMPLES // 2)), task_named("glue/rte")
        )(model)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({0: "not_entailment", 1: "Entailment"}, 7 / EXAMPLES),  # the other way round than GLUE
        ({0: "entailment", 1: "NOT ENTAILMENT"}, (EXAMPLES - 7) / EXAMPLES),
    ],
)
def test_classes_are_matched_by_their_names(
    classifier: tuple[Path, list[int]],
    pairs: list[tuple[str, str]],
    names: dict[int, str],
    expected: float,
    tmp_path: Path,
) -> None:
    folder, answers = classifier
    data = glue(tmp_path, "rte", pairs, with_errors(answers, 7))
    model = HubModel(str(folder))()
    model.config.id2label = names
    evaluation = HubEvaluation(str(folder), data, task_named("glue/rte"))
    assert evaluation(model) == expected
    model.config.id2label = {0: "positive", 1: "negative"}
    with pytest.raises(WorkloadError, match="positive, negative"):
        evaluation(model)


def rows_as_json(pairs: list[tuple[str, str]], labels: list[Any]) -> str:
    return "".join(
        json.dumps({"text": one, "other": two, "label": label}) + "\n"
        for (one, two), label in zip(pairs, labels, strict=True)
    )


def rows_as_csv(pairs: list[tuple[str, str]], labels: list[Any]) -> str:
    return "text,other,label\n" + "".join(
        f'"{one}","{two}",{label}\n' for (one, two), label in zip(pairs, labels, strict=True)
    )


def test_every_form_of_the_hub_reads_the_same(pairs: list[tuple[str, str]], tmp_path: Path) -> None:
    labels = [place % 3 for place in range(EXAMPLES)]
    words = ["anger", "joy", "love"]
    columns: dict[str, list[Any]] = {
        "text": [one for one, _ in pairs],
        "other": [two for _, two in pairs],
        "label": labels,
    }
    parquet(
        tmp_path / "a" / "data" / "validation-00000-of-00002.parquet",
        {k: v[:9] for k, v in columns.items()},
        words,
    )
    parquet(
        tmp_path / "a" / "data" / "validation-00001-of-00002.parquet",
        {k: v[9:] for k, v in columns.items()},
        words,
    )
    for name, suffix, rows in (("b", "jsonl", rows_as_json), ("c", "csv", rows_as_csv)):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"validation.{suffix}").write_text(rows(pairs, labels), encoding="utf-8")
        (tmp_path / name / f"test.{suffix}").write_text(rows(pairs[:1], [0]), encoding="utf-8")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "validation.jsonl").write_text(
        rows_as_json(pairs, [words[label] for label in labels]), encoding="utf-8"
    )
    table = pa.table(columns)
    arrow = tmp_path / "e" / "validation" / "data-00000-of-00001.arrow"  # as `save_to_disk` has it
    arrow.parent.mkdir(parents=True)
    with pa.OSFile(str(arrow), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    task = task_named("someone/emotions")
    found = {name: read_rows(tmp_path / name, task) for name in "abcde"}
    assert {one.texts for one in found.values()} == {tuple(pairs)}
    assert {one.labels for one in found.values()} == {tuple(map(float, labels))}
    assert found["a"].classes == found["d"].classes == tuple(words)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({"text": ["a"], "label": [-1]}, "without a label"),
        ({"text": ["a"], "label": [0.5]}, "no classes"),
        ({"text": ["a"], "target": [1]}, "no column `label`"),
        ({"number": [1], "label": [1]}, "0 columns of text"),
        ({"text": pa.array([], pa.string()), "label": pa.array([], pa.int64())}, "no example"),
    ],
)
def test_data_that_cannot_be_scored_are_refused_by_name(
    rows: dict[str, Any], told: str, tmp_path: Path
) -> None:
    parquet(tmp_path / "validation.parquet", rows)
    with pytest.raises(WorkloadError, match=told):
        read_rows(tmp_path, task_named("someone/some"))


def test_a_broken_file_and_a_missing_split_are_told(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match="no file of the split `validation`"):
        read_rows(tmp_path, task_named("someone/some"))
    (tmp_path / "validation.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(WorkloadError, match="cannot be read"):
        read_rows(tmp_path, task_named("someone/some"))


def test_one_split_is_not_taken_for_another(tmp_path: Path) -> None:
    for name in (
        "validation_matched-0.csv",
        "validation_mismatched-0.csv",
        "invalidation.csv",
        "validations.csv",
    ):
        (tmp_path / name).touch()
    assert [file.name for file in split_files(tmp_path, task_named("glue/mnli"))] == [
        "validation_matched-0.csv"
    ]
    assert not split_files(tmp_path, task_named("glue/rte"))


@pytest.mark.parametrize("name", ["glue/rtee", "glue", "a/b/c/d", "../x", "a b", "", "a/..", "x\x1b[31m"])
def test_names_that_no_task_has_are_refused(name: str) -> None:
    with pytest.raises(UsageError):
        task_named(name)


def test_pickles_and_missing_weights_are_refused(classifier: tuple[Path, list[int]], tmp_path: Path) -> None:
    folder, _ = classifier
    for file in folder.iterdir():
        if file.suffix != ".safetensors":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    torch.save({}, tmp_path / "pytorch_model.bin")
    with pytest.raises(WorkloadError, match=r"no weights in \.safetensors"):
        HubModel(str(tmp_path))()
    encoder = transformers.BertModel(transformers.AutoConfig.from_pretrained(folder))
    encoder.save_pretrained(tmp_path)
    with pytest.raises(WorkloadError, match=r"no weights for classifier"):
        HubModel(str(tmp_path))()


def test_a_download_asks_for_no_pickle(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    asked_for: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(
        huggingface_hub,
        "snapshot_download",
        lambda name, repo_type, allow_patterns: asked_for.append((f"{repo_type} {name}", allow_patterns)),
    )
    download("some/model", "model")
    download("nyu-mll/glue", "dataset", task_named("glue/rte"))
    (model, files), (data, parts) = asked_for
    assert (model, data) == ("model some/model", "dataset nyu-mll/glue")
    assert not any(fnmatch("pytorch_model.bin", one) or fnmatch("training_args.pt", one) for one in files)
    assert any(fnmatch("model-00001-of-00002.safetensors", one) for one in files)
    assert any(fnmatch("rte/validation-00000-of-00001.parquet", one) for one in parts)
    assert not any(fnmatch("rte/train-00000-of-00001.parquet", one) for one in parts)
    assert not any(fnmatch("mnli/validation_matched-00000-of-00001.parquet", one) for one in parts)


_WITHOUT_NETWORK = """
import socket, sys

tried = []

def refuse(*args, **kwargs):
    tried.append(args)
    raise OSError("no network here")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refuse
from factsheet.cli.run import run

common = ["simulate", "--times=1h,1y", "--repeats=2", "--accepted-loss=1 %", "--task=glue/rte"]
there = run([*common, "hf:someone/tiny", "--write=sheet.yaml", "-o", "out.json"])
absent = run([*common, "hf:someone/else"])
print(f"there {there}, absent {absent}, tried {tried}")
"""


def test_the_cache_is_used_and_the_network_is_not(
    classifier: tuple[Path, list[int]], pairs: list[tuple[str, str]], tmp_path: Path
) -> None:
    folder, answers = classifier
    hub = tmp_path / "home" / "hub"
    for kind, name in (("models", "someone--tiny"), ("datasets", "nyu-mll--glue")):
        place = hub / f"{kind}--{name}"
        snapshot = place / "snapshots" / ("a" * 40)
        snapshot.mkdir(parents=True)
        (place / "refs").mkdir()
        (place / "refs" / "main").write_text("a" * 40, encoding="utf-8")
        if kind == "models":
            for file in folder.iterdir():
                (snapshot / file.name).write_bytes(file.read_bytes())
        else:
            glue(snapshot, "rte", pairs, with_errors(answers, 7))
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text("factsheet: 1\noverview:\n  name: Tiny\n  model: tiny\n", encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", _WITHOUT_NETWORK],
        cwd=tmp_path,
        env={
            "PATH": "/usr/bin",
            "HF_HOME": str(tmp_path / "home"),
            "PYTHONPATH": str(ROOT),
            "HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert "there 0, absent 2, tried []" in ran.stdout, ran.stdout + ran.stderr
    assert "the model someone/else is not on this machine" in ran.stderr
    assert "--download" in ran.stderr
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert found["digital"] == (EXAMPLES - 7) / EXAMPLES
    assert found["test_set"]["examples"] == EXAMPLES
    performance = factsheet.load(sheet).performance
    assert performance is not None
    assert performance.results is not None
    (table,) = performance.results
    (row,) = table.tasks
    assert (table.name, row.task, row.scores["digital"].quantity) != ("", "", None)
    digital, analog = (row.scores[name].quantity for name in ("digital", "analog"))
    assert digital is not None
    assert analog is not None
    assert digital.value == pytest.approx((EXAMPLES - 7) / EXAMPLES)
    assert analog.value == pytest.approx(found["over_time"][0]["mean"], abs=1e-4)


def test_a_second_task_is_a_second_row(
    classifier: tuple[Path, list[int]], pairs: list[tuple[str, str]], tmp_path: Path
) -> None:
    folder, answers = classifier
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text("factsheet: 1\noverview:\n  name: Tiny\n  model: tiny\n", encoding="utf-8")
    for config in ("rte", "mrpc", "rte"):
        data = glue(tmp_path / "data", config, pairs, with_errors(answers, 7))
        asked_for = [f"hf:{folder}", f"--task=glue/{config}", f"--data={data}", "--times=1h", "--repeats=2"]
        assert run(["simulate", *asked_for, f"--write={sheet}"]) == 0
    performance = factsheet.load(sheet).performance
    assert performance is not None
    assert performance.results is not None
    (table,) = performance.results
    assert [(str(row.task), str(row.metric)) for row in table.tasks] == [("MRPC", "F1"), ("RTE", "accuracy")]
    assert [one for one in factsheet.check(sheet) if one.severity == "error"] == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["hf:x/y"], "goes with --task"),
        (["hf:x/y", "--task=glue/rte", "--metric=F1"], "go with --data of your own"),
        (["a.b:c", "--task=glue/rte"], "goes with a checkpoint"),
        (["a.b:c", "--download"], "goes with a checkpoint"),
        (["hf:.", "--task=glue/rte"], "no config.json"),
    ],
)
def test_options_that_do_not_go_together_are_told(
    arguments: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert run(["simulate", *arguments]) == 2
    assert re.search(told, capsys.readouterr().err)
