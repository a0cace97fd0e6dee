"""Sentences as BERT reads them: cut into pieces of words, each a number.

The vocabulary is counted, where BERT's is grown by merging: of the tokenizers' trainer, two runs on the same sentences
give two vocabularies.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from examples.language.data import parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

    from examples.language.data import Part

VOCABULARY, LONGEST = 2000, 32
"""Pieces that are known, and pieces of a sentence that are read, marks of its start and end included."""
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
_PAD, _, _START, _END = range(len(_SPECIAL))
_LONGEST_PIECE = 6


class Batch(NamedTuple):
    """Sentences of about the same length, padded to the longest; and their languages."""

    pieces: Tensor
    labels: Tensor

    @property
    def mask(self) -> Tensor:
        """What is no padding: 1 there, else 0."""
        return (self.pieces != _PAD).long()


@cache
def tokenizer() -> Tokenizer:
    """Return what cuts sentences: every letter of the training data, and the most frequent pieces of its words."""
    normalise, cut = BertNormalizer(lowercase=True, strip_accents=False), BertPreTokenizer()
    letters: set[str] = set()
    longer: Counter[str] = Counter()
    for sentence in parts()[0].sentences:
        for word, _ in cut.pre_tokenize_str(normalise.normalize_str(sentence)):
            for start in range(len(word)):
                mark = "##" if start else ""
                letters.add(mark + word[start])
                for end in range(start + 2, min(start + _LONGEST_PIECE, len(word)) + 1):
                    longer[mark + word[start:end]] += 1
    # What a piece saves is its letters but one, as often as it is there.
    worth = {piece: many * (len(piece.removeprefix("##")) - 1) for piece, many in longer.items()}
    known = [*_SPECIAL, *sorted(letters)]
    known += sorted(worth, key=lambda piece: (-worth[piece], piece))[: VOCABULARY - len(known)]
    found = Tokenizer(WordPiece({piece: number for number, piece in enumerate(known)}, unk_token="[UNK]"))  # noqa: S106  no secret
    found.normalizer, found.pre_tokenizer = normalise, cut
    return found


def encoded(part: Part) -> tuple[list[list[int]], Tensor]:
    """Return the pieces of each sentence, cut off at `LONGEST`, and the languages."""
    rows = tokenizer().encode_batch(list(part.sentences))
    return [[_START, *row.ids[: LONGEST - 2], _END] for row in rows], torch.tensor(part.labels)


def in_order(rows: Sequence[Sequence[int]], labels: Tensor, size: int) -> list[Batch]:
    """Return all sentences from the shortest to the longest, in batches, to score a network on."""
    order = sorted(range(len(rows)), key=lambda one: len(rows[one]))
    return [_batch(rows, labels, order[start : start + size]) for start in range(0, len(order), size)]


def shuffled(
    rows: Sequence[Sequence[int]], labels: Tensor, size: int, rng: torch.Generator
) -> Iterator[Batch]:
    """Give all sentences once, in batches of similar length that are drawn anew, to train on."""
    order = torch.randperm(len(rows), generator=rng).tolist()
    stretch = 16 * size  # sorted by length within so many, which pads little and repeats no batch
    batches = [
        near[first : first + size]
        for start in range(0, len(order), stretch)
        for near in [sorted(order[start : start + stretch], key=lambda one: len(rows[one]))]
        for first in range(0, len(near), size)
    ]
    for place in torch.randperm(len(batches), generator=rng).tolist():
        yield _batch(rows, labels, batches[place])


def _batch(rows: Sequence[Sequence[int]], labels: Tensor, chosen: Sequence[int]) -> Batch:
    pieces = torch.full((len(chosen), max(len(rows[one]) for one in chosen)), _PAD)
    for place, one in enumerate(chosen):
        pieces[place, : len(rows[one])] = torch.tensor(rows[one])
    return Batch(pieces, labels[list(chosen)])
