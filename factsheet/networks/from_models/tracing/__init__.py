"""Follow one run of a PyTorch module and record the operators that it calls."""
