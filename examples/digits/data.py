"""The handwritten digits that scikit-learn brings along: 1,797 images of 8 x 8 pixels, in three parts.

Alpaydin and Kaynak, "Optical recognition of handwritten digits", UCI Machine Learning Repository (1998), its test part.
Networks are trained on the first part, settings were chosen on the second, and every figure comes from the third.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor, nn

_TEST, _VALIDATION = 450, 270
_BRIGHTEST = 16.0


class Part(NamedTuple):
    """Images, one a row, with pixels from 0 to 1; and what they show."""

    images: Tensor
    labels: Tensor


@cache
def parts() -> tuple[Part, Part, Part]:
    """Training, validation and test data; always the same ones, each digit as often as it should be."""
    images, labels = load_digits(return_X_y=True)
    rest, test, rest_labels, test_labels = train_test_split(
        images, labels, test_size=_TEST, random_state=0, stratify=labels
    )
    train, validation, train_labels, validation_labels = train_test_split(
        rest, rest_labels, test_size=_VALIDATION, random_state=0, stratify=rest_labels
    )
    return (_part(train, train_labels), _part(validation, validation_labels), _part(test, test_labels))


def accuracy() -> Callable[[nn.Module], float]:
    """What gives the share of test images that a model names rightly, for `factsheet simulate --data`."""
    return _accuracy_on(parts()[2])


def validation_accuracy() -> Callable[[nn.Module], float]:
    """The same on the part that settings were chosen on."""
    return _accuracy_on(parts()[1])


def _accuracy_on(part: Part) -> Callable[[nn.Module], float]:
    def share(model: nn.Module) -> float:
        named = model(part.images).argmax(dim=1)
        return int((named == part.labels).sum()) / len(part.labels)

    return share


def _part(images: object, labels: object) -> Part:
    pixels = torch.as_tensor(images, dtype=torch.float32) / _BRIGHTEST
    return Part(pixels, torch.as_tensor(labels, dtype=torch.long))
