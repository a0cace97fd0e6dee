"""More small PyTorch modules that are easy to count wrongly; see `counted_modules`."""

RIGHT = {}
