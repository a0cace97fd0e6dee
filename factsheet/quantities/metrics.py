"""The metrics of results: which direction is better, whether a score is a share, its range, and how people write it.

One table for everything that reads a score: gaps, who is ahead, ranges, charts, refresh intervals. A metric that is
not listed has neither a range nor a direction; a sheet states the direction itself, by `higher_is_better`.
"""

from __future__ import annotations

from functools import lru_cache
from math import inf
from typing import Literal, NamedTuple

TaskType = Literal["classification", "regression"]


class Metric(NamedTuple):
    """A metric.

    Attributes:
        name: what to call it.
        better: which direction is better.
        share: whether a score is a fraction of one, written in percent as well; `None` where both kinds are in use.
        low: smallest value; of a share, as a fraction of one.
        high: largest value.
        fits: the types of task that it scores, of those that a sheet distinguishes; others are never judged by it.
        spellings: how it is written, lower-cased, with a space for every sign.
        source: where its definition and range can be read.
        unit: unit of a score that is no share.
        hundred: whether scores up to a hundred are customary where a share is meant (27.3 BLEU).
    """

    name: str
    better: Literal["higher", "lower"]
    share: bool | None
    low: float
    high: float
    fits: frozenset[TaskType]
    spellings: tuple[str, ...]
    source: str
    unit: str = ""
    hundred: bool = False

    @property
    def higher_is_better(self) -> bool:
        """Whether a higher score is a better one."""
        return self.better == "higher"

    def holds(self, low: float, high: float) -> bool:
        """Return whether a score, given by its ends, can be within the range."""
        top = self.high * 100 if self.hundred else self.high
        return low <= top and self.low <= high


_CLASSES: frozenset[TaskType] = frozenset({"classification"})
_NUMBERS: frozenset[TaskType] = frozenset({"regression"})
_BOTH = _CLASSES | _NUMBERS
_NEITHER: frozenset[TaskType] = frozenset()
_SKLEARN = "scikit-learn user guide, 3.4 Metrics and scoring"
_NAMES = "by its name"
_ROOT = "root mean squared error"


def _higher(
    name: str,
    spellings: str,
    source: str,
    fits: frozenset[TaskType],
    *,
    low: float = 0,
    hundred: bool = False,
) -> Metric:
    """Return a share of which more is better; spellings are separated by commas."""
    return Metric(name, "higher", True, low, 1, fits, _split(spellings), source, hundred=hundred)


def _rate(
    name: str,
    spellings: str,
    source: str,
    fits: frozenset[TaskType] = _NEITHER,
    *,
    low: float = 0,
    high: float = 1,
    hundred: bool = False,
) -> Metric:
    """Return a share of which less is better."""
    return Metric(name, "lower", True, low, high, fits, _split(spellings), source, hundred=hundred)


def _number(
    name: str,
    spellings: str,
    source: str,
    fits: frozenset[TaskType] = _NEITHER,
    *,
    better: Literal["higher", "lower"] = "lower",
    low: float = 0,
    high: float = inf,
    unit: str = "",
) -> Metric:
    """Return a metric whose scores are plain numbers."""
    return Metric(name, better, False, low, high, fits, _split(spellings), source, unit)


def _split(spellings: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in spellings.split(","))


ACCURACY = _higher(
    "accuracy",
    "accuracy, acc, accuracies, top 1, top 5, top 1 accuracy, top 5 accuracy, exact match, em, balanced accuracy, hits,"
    " correct, share correct, success rate",
    _SKLEARN,
    _CLASSES,
)
F1 = _higher(
    "F1", "f1, f1 score, f score, f measure, macro f1, micro f1, dice, dice score", _SKLEARN, _CLASSES
)
MATTHEWS = _higher(
    "Matthews correlation",
    "matthews, matthew, matthews correlation, mcc, phi coefficient",
    "Matthews, BBA 405 (1975)",
    _CLASSES,
    low=-1,
)
PEARSON = _higher(
    "Pearson correlation", "pearson, pearsonr, pearson correlation, pcc", _SKLEARN, _NUMBERS, low=-1
)
SPEARMAN = _higher(
    "Spearman correlation",
    "spearman, spearmanr, spearman correlation",
    "Spearman, AJP 15 (1904)",
    _NUMBERS,
    low=-1,
)
METRICS: tuple[Metric, ...] = (
    ACCURACY,
    F1,
    MATTHEWS,
    PEARSON,
    SPEARMAN,
    _higher("precision", "precision", _SKLEARN, _CLASSES),
    _higher("recall", "recall, sensitivity, true positive rate, tpr", _SKLEARN, _CLASSES),
    _higher("specificity", "specificity, true negative rate, tnr", _SKLEARN, _CLASSES),
    _higher(
        "area under the curve",
        "auc, auroc, roc auc, auprc, auc roc, area under the curve, area under the roc curve",
        _SKLEARN,
        _CLASSES,
    ),
    _higher(
        "average precision",
        "average precision, map, mean average precision, ap",
        _SKLEARN,
        _CLASSES,
        hundred=True,  # COCO's tables have 37.4
    ),
    _higher("AP50", "ap50, map50", "Lin et al., ECCV 2014", _CLASSES, hundred=True),
    _higher("AP75", "ap75, map75", "Lin et al., ECCV 2014", _CLASSES, hundred=True),
    _higher(
        "overlap",
        "iou, miou, mean iou, jaccard, intersection over union",
        _SKLEARN,
        _CLASSES,
        hundred=True,
    ),
    _higher(
        "Cohen's kappa",
        "kappa, cohen s kappa, cohen kappa, quadratic weighted kappa",
        _SKLEARN,
        _BOTH,
        low=-1,
    ),
    _higher(
        "Kendall correlation",
        "kendall, kendall s tau, kendall tau",
        "Kendall, Biometrika 30 (1938)",
        _NUMBERS,
        low=-1,
    ),
    _higher(
        "concordance", "concordance, c index, concordance index", "Harrell et al., JAMA 247 (1982)", _BOTH
    ),
    _higher("R²", "r², r2, r squared, coefficient of determination", _SKLEARN, _NUMBERS, low=-inf),
    _higher("explained variance", "explained variance", _SKLEARN, _NUMBERS, low=-inf),
    _higher("normalised discounted gain", "ndcg, normalised discounted cumulative gain", _SKLEARN, _CLASSES),
    _higher("reciprocal rank", "mrr, mean reciprocal rank", "Voorhees, TREC-8 (1999)", _CLASSES),
    _higher("win rate", "win rate", _NAMES, _NEITHER),
    _higher(
        "pass rate", "pass 1, pass 10, pass 100, pass k, pass rate", "Chen et al., arXiv:2107.03374", _NEITHER
    ),
    _higher(
        "BLEU", "bleu, sacrebleu, sacre bleu, bleu 4", "Papineni et al., ACL 2002", _NEITHER, hundred=True
    ),
    _higher(
        "ROUGE",
        "rouge, rouge 1, rouge 2, rouge l, rougel, rouge1, rouge2, rougelsum",
        "Lin, ACL workshop 2004",
        _NEITHER,
        hundred=True,
    ),
    _higher("METEOR", "meteor", "Banerjee and Lavie, ACL workshop 2005", _NEITHER, hundred=True),
    _higher("chrF", "chrf, chrf2", "Popović, WMT 2015", _NEITHER, hundred=True),
    _higher("BERTScore", "bertscore, bert score", "Zhang et al., ICLR 2020", _NEITHER, low=-1, hundred=True),
    _higher("structural similarity", "ssim, ms ssim", "Wang et al., IEEE TIP 13 (2004)", _NUMBERS, low=-1),
    _higher("intelligibility", "stoi, estoi", "Taal et al., IEEE TASLP 19 (2011)", _NUMBERS, low=-1),
    _rate(
        "error rate",
        "error rate, error rates, misclassification rate, misclassification, top 1 error, top 5 error, test error rate,"
        " classification error, top 1 error rate, top 5 error rate, zero one loss",
        _SKLEARN,
        _CLASSES,
    ),
    _rate(
        "word error rate",
        "wer, word error rate, word error",
        "NIST SCTK; insertions can exceed the words",
        high=inf,
        hundred=True,
    ),
    _rate(
        "character error rate", "cer, character error rate", "as the word error rate", high=inf, hundred=True
    ),
    _rate(
        "phoneme error rate",
        "per, phoneme error rate, phone error rate",
        "as the word error rate",
        high=inf,
        hundred=True,
    ),
    _rate(
        "translation edit rate",
        "ter, translation edit rate",
        "Snover et al., AMTA 2006",
        high=inf,
        hundred=True,  # as sacreBLEU prints it
    ),
    _rate(
        "diarisation error rate",
        "der, diarization error rate, diarisation error rate",
        "NIST RT",
        high=inf,
        hundred=True,
    ),
    _rate("equal error rate", "eer, equal error rate", "NIST SRE", _CLASSES),
    _rate(
        "false positive rate", "false positive rate, fpr, false alarm rate, false alarms", _SKLEARN, _CLASSES
    ),
    _rate(
        "false negative rate", "false negative rate, fnr, miss rate, false rejection rate", _SKLEARN, _CLASSES
    ),
    _rate("Hamming loss", "hamming loss", _SKLEARN, _CLASSES),
    _rate(
        "calibration error",
        "ece, expected calibration error, calibration error",
        "Guo et al., ICML 2017",
        _CLASSES,
    ),
    _rate(
        "percentage error",
        "mape, smape, mean absolute percentage error, percentage error",
        _SKLEARN,
        _NUMBERS,
        high=inf,
    ),
    _rate(
        "loss of accuracy",
        "accuracy loss, accuracy drop, loss of accuracy, drop in accuracy, accuracy degradation",
        _NAMES,
        _CLASSES,
        low=-1,
    ),
    _number("Brier score", "brier, brier score", "Brier, Monthly Weather Review 78 (1950)", _CLASSES, high=2),
    _number("perplexity", "perplexity, ppl, perplexities", "Jelinek et al., JASA 62 (1977)", low=1),
    _number(
        "bits per character",
        "bpc, bits per character, bpb, bits per byte",
        "Shannon, BSTJ 30 (1951)",
        unit="bits",
    ),
    _number(
        "cross entropy",
        "cross entropy, cross entropy loss, log loss, logloss, negative log likelihood, nll, log perplexity",
        _SKLEARN,
        _CLASSES,
    ),
    _number(
        "squared error",
        "mse, squared error, square error, mean squared error, mean square error, msle",
        _SKLEARN,
        _NUMBERS,
    ),
    _number(_ROOT, f"rmse, nrmse, {_ROOT}, root mean square error", _SKLEARN, _NUMBERS),
    _number(
        "absolute error", "mae, absolute error, mean absolute error, medae, l1 error", _SKLEARN, _NUMBERS
    ),
    _number(
        "Fréchet distance",
        "fid, frechet inception distance, fréchet inception distance, fad, fvd",
        "Heusel et al., NeurIPS 2017",
    ),
    _number("perceptual distance", "lpips", "Zhang et al., CVPR 2018"),
    _number(
        "edit distance",
        "edit distance, levenshtein distance",
        "Levenshtein, Soviet Physics Doklady 10 (1966)",
    ),
    _number(
        "divergence",
        "kl divergence, kullback leibler divergence, js divergence",
        "Kullback and Leibler, AMS 22 (1951)",
        _BOTH,
    ),
    _number("inception score", "inception score", "Salimans et al., NeurIPS 2016", better="higher", low=1),
    _number("CIDEr", "cider, cider d", "Vedantam et al., CVPR 2015", better="higher"),
    _number(
        "signal to noise",
        "psnr, snr, sdr, si sdr, si snr, sqnr, signal to noise ratio, peak signal to noise ratio",
        "ITU-T J.247",
        _NUMBERS,
        better="higher",
        low=-inf,
        unit="dB",
    ),
    _number("speech quality", "pesq", "ITU-T P.862", better="higher", low=-0.5, high=4.5),
    _number(
        "mean opinion score", "mos, mean opinion score, dmos", "ITU-T P.800", better="higher", low=1, high=5
    ),
    _number(
        "reward",
        "reward, mean reward, episodic reward, episode return, return",
        _NAMES,
        better="higher",
        low=-inf,
    ),
    _number(
        "Elo rating", "elo, elo rating", "Elo, The Rating of Chessplayers (1978)", better="higher", low=-inf
    ),
    _number("log likelihood", "log likelihood, elbo", _NAMES, _BOTH, better="higher", low=-inf),
)
"""Every metric that is known."""

_LAST_WORDS: dict[str, Metric] = {
    word: Metric(word, "lower", None, -inf, inf, _BOTH, (word,), _NAMES)
    for word in _split("error, errors, loss, losses, distance, divergence, deviation, cost, latency, regret")
}
"""What names a kind of metric where no metric of the table is named: `test error`, `hinge loss`. It has no range."""
_OF = frozenset({"on", "over", "for", "in", "at", "per", "across", "by", "after", "to", "from", "against"})
"""Begin what a metric is of, behind its name; `of` is none of them, as a loss of generality is no loss."""
_LONGEST_FIRST: tuple[tuple[tuple[str, ...], Metric], ...] = tuple(
    sorted(
        ((tuple(spelling.split()), metric) for metric in METRICS for spelling in metric.spellings),
        key=lambda entry: -len(entry[0]),
    )
)
_FIRST_WORDS = frozenset(words[0] for words, _ in _LONGEST_FIRST) | frozenset(_LAST_WORDS)


@lru_cache(maxsize=512)
def metrics_in(text: str) -> tuple[Metric, ...]:
    """Return the metrics that a text names, in its order; none where it names another one, or misspells it."""
    words = plain(text).split()
    if _FIRST_WORDS.isdisjoint(words):
        return ()
    found: dict[int, Metric] = {}
    taken = [False] * len(words)
    for spelling, metric in _LONGEST_FIRST:
        size = len(spelling)
        if spelling[0] not in words:
            continue
        for start in range(len(words) - size + 1):
            if tuple(words[start : start + size]) == spelling and not any(taken[start : start + size]):
                taken[start : start + size] = [True] * size
                found[start] = metric
    if not found:  # `mean error on eight tasks` is an error
        named = next((index for index, word in enumerate(words) if index and word in _OF), len(words))
        kind = next((word for word in (words[named - 1], words[-1]) if word in _LAST_WORDS), None)
        return () if kind is None else (_LAST_WORDS[kind],)
    return tuple(dict.fromkeys(found[start] for start in sorted(found)))


def metric_named(text: str | None) -> Metric | None:
    """Return the metric that a text names; the first of several that agree on direction and scale, else `None`."""
    found = metrics_in(text) if text else ()
    if not found or any((one.better, one.share) != (found[0].better, found[0].share) for one in found):
        return None
    return found[0]


def plain(text: str) -> str:
    """Return lower-cased words with one space between them."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())
