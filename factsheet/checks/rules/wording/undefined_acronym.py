"""The sheet never spells out an abbreviation.

What it does: searches the text for words of two to six capitals. One is known if it is common where analog hardware
meets machine learning (GPU, PCM, ADC), names something that the sheet lists (a task, a data set, a system), or is spelt
out somewhere: "sequence length (SL)", "SL (sequence length)", "SL stands for". Each is reported once.

Why it matters: half of a sheet's readers come from another field than its author.

Fails:
    ops_depend_on: The SL and the batch.

Passes:
    ops_depend_on: The sequence length (SL) and the batch.

How to fix: spell it out where it is first used, with the short form in brackets. Abbreviations that all readers of a
project know go into the option `known`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.prose import Unremarkable, prose_of
from factsheet.checks.rule import Rule
from factsheet.checks.rules.wording.model_names import known_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.prose import Passage, SheetProse
    from factsheet.checks.rule import RuleContext

_HARDWARE = """
AC ADC AIMC ALU APU ARM ASIC BEOL CIM CMOS CPU CPUS CUDA DAC DC DDR DRAM DSP DVFS ECC EUV FDSOI FEOL FET FIFO FPGA
FPGAS FPU GPU GPUS HBM IMC ISA LUT MAC MACS MCU MEMS MOSFET MRAM MUX MVM MVMS NMOS NPU NVM NVME NVRAM PCB PCI PCIE PCM
PE PES PLL PMOS PVT RAM RAMS RERAM RISC ROM RRAM SIMD SOC SOI SONOS SPI SRAM TIA TPU TPUS TSMC USB VMM
"""
_LEARNING = """
ADAM AI ANN ASR ASRS BERT BERTS BPE CE CLS CNN CNNS CRF CTC CV DL DNN DNNS ELU FFN FFNS FT GAN GELU GEMM GPT GRU GRUS
HMM HWA IID KL KNN LM LLM LLMS LR LSTM LSTMS MASK ML MLM MLP MLPS MSE NAS NER NLI NLP NMT NN NNS NSP OCR ONNX OOD
PAD PCA PTQ QA QAT QKV RELU RL RNN RNNS SEP SGD SNN SNNS SOTA SVM TTS UNK VGG VIT
"""
_SCORES = """
AP AUC AUPRC AUROC BLEU CER EER EM FPR IOU MAE MAP MCC MIOU MRR PCC PPL RMSE ROC ROUGE TPR WER SNR SQNR RMS STD
"""
_DATA = """
AX CIFAR COCO COLA GLUE IMDB LAMBADA MNIST MNLI MRPC QNLI QQP RTE SST STS SQUAD TIMIT TREC WMT WNLI
"""
_FIGURES = """
BF BFLOPS BFP CO DB FLOP FLOPS FP FPS GB GBPS GFLOPS GHZ GMAC GMACS GOP GOPS GS HZ INT KB KHZ MB MHZ MW NM OP OPS PB PJ
POPS PS TB TFLOPS TOP TOPS UINT UTC
"""
_BODIES = """
DGX HERMES HPE ISAAC PUMA
ACL ACM AMD API APIS ARXIV AWS BSD CC CLI CSV DOI EMNLP ENV ETH EU FAQ GCP GDPR GNU GPL HTML HTTP HTTPS HW IBM ID
IDS IEC IEEE IO IP ISBN ISO JSON LGPL MIT MLPERF NAACL NASA NIST NVIDIA OS PDF PDFS PHD README REST SDK SPDX SQL SSE
SSH SVG SW TLS UI UK UN URL URLS US USA UTF XML YAML
"""
_PLAIN_WORDS = """
A ALL ALSO AN AND ANY ARE AS AT BE BEFORE BOTH BUT BY CAN DO DONE EACH FALSE FOR FROM HIGH IF IMAGE IN IS IT LESS LOW
MAY MIN MAX MORE MUST NEVER NEW NO NONE NOT NOTE NOW OF OFF OK OLD ON ONE ONLY OR OUR OUT OVER PER SHALL SHOULD SO THAN
THAT THE THEN THIS TO TRUE TWO UNDER UP USE VERY WARN WAS WE WHEN WILL WITH YES YOU ZERO
II III IV VI VII VIII IX XI XII
TBA TBC TBD TODO FIXME NA XX XXX XXXX
"""


@cache
def known_abbreviations() -> frozenset[str]:
    """Return all of them, in capitals: a plural too, where it is written without a small `s`."""
    groups = (_HARDWARE, _LEARNING, _SCORES, _DATA, _FIGURES, _BODIES, _PLAIN_WORDS)
    return frozenset(word for group in groups for word in group.split())


_MOST = 40
"""More than a sheet ever has; each costs a look through all the text."""
_READ = frozenset({"prose", "note", "reason"})
_ACRONYM = r"(?<![\w@#/.&-])([A-Z]{2,6})(s?)(?![\w&/-]|\.\w)"


def _check(context: RuleContext) -> Iterator[Finding]:
    prose = prose_of(context.sheet)
    option = context.options["known"]
    known = frozenset(option) if isinstance(option, tuple) else frozenset()
    words = _judged().others(prose.words)
    unknown = {name for word in words for name in _abbreviations(word) if name not in known}
    unknown = {name for name in unknown if f"({name})" not in prose.text and f"{name} (" not in prose.text}
    if not unknown:
        return
    passages = list(prose.passages())
    unknown -= _named(passages, unknown)
    for name in sorted(unknown)[:_MOST]:
        if not _needs_no_words(prose, name):
            yield from _first(passages, name)


@cache
def _judged() -> Unremarkable:
    return Unremarkable(_abbreviations)


def _abbreviations(chunk: str) -> tuple[str, ...]:
    """Yield abbreviations that are not common, in a part of a text between spaces."""
    if chunk.islower() or known_name(chunk) is not None:
        return ()
    found = (match[1] for match in re.finditer(_ACRONYM, chunk))
    return tuple(name for name in found if name not in known_abbreviations())


def _named(passages: list[Passage], unknown: set[str]) -> set[str]:
    """Return those that occur in a name, a title or a caption: what something is called need not be spelt out."""
    names = "\n".join(passage.text for passage in passages if passage.kind not in _READ)
    return {name for name in unknown if re.search(rf"(?<![A-Za-z]){name}(?![a-z]{{2}})", names)}


def _needs_no_words(prose: SheetProse, name: str) -> bool:
    if re.search(rf"[\w\"”]\s+[(\[][^()]{{0,80}}?\b{name}s?\b[^()]{{0,80}}[)\]]", prose.text):
        return True
    if re.search(
        rf"\b{name}s?[\"”]?,? (?:stands? for|is short for|means|for short|that is|i\.e\.|=)", prose.text
    ):
        return True
    if re.search(rf"\b[A-Z]{{3,}}\s+{name}\b|\b{name}\s+[A-Z]{{3,}}\b", prose.text):
        return True  # a phrase in capitals, or a part of a brand's name
    # Words whose initials it consists of; two initials meet by chance too often to count anywhere but beside it.
    initials = r"[\s-]+(?:(?:of|and|for|the|in|to|on)\s+)?".join(rf"{letter}\w+" for letter in name)
    texts = [prose.text] if len(name) > 2 else [text for text in prose.texts if name in text]  # noqa: PLR2004  see above
    return any(re.search(rf"\b{initials}", text, re.IGNORECASE) for text in texts)


def _first(passages: list[Passage], name: str) -> Iterator[Finding]:
    for passage in passages:
        if passage.kind in _READ and (match := re.search(rf"(?<![\w-]){name}s?(?![\w-])", passage.text)):
            yield Finding(
                passage.path,
                f"`{name}` is spelt out nowhere",
                f"write it out where it is first used, with `({name})` after it",
                word=match[0],
            )
            return


RULE = Rule(
    "FS603",
    "undefined-acronym",
    "info",
    "half of a sheet's readers come from another field than its author",
    _check,
    whole_sheet_only=True,
    options={"known": ()},
)
