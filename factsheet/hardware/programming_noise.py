"""Noise of programming as published for phase-change memory: σ in µS, by coefficients of 1, r, r² and so on.

r is the conductance over the largest one that was fitted. Models of devices are built on these figures, and readers of
other toolkits' configurations know by them what a configuration leaves as it is; here they need no torch.
"""

from __future__ import annotations

PCM_US = (0.26348, 1.9650, -1.1731)
"""Up to 25 µS: Joshi et al., Nature Communications 11, 2473 (2020); aihwkit's `PCMLikeNoiseModel`."""
HERMES_PAIR_US = (0.16603222, 4.71806468, -8.48101252, 4.68961419)
"""Two devices as one, up to 20.7 µS: aihwkit's `HermesNoiseModel` (`inference/noise/hermes.py`, MIT licence)."""
HERMES_SINGLE_US = (0.15781817, 2.32443916, -2.16310839, 0.68841818)
"""One device, up to 10.35 µS: the same model with `num_devices` of 1."""
