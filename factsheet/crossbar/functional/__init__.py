"""The functional simulator: a torch module as it would run on noisy, drifting crossbars. Needs the extra `torch`."""

from factsheet.networks.from_models.imports import need

# A missing torch is named before any module of this package imports it.
need("torch", "torch", "simulating crossbars")
