"""Studies of a simulated network: accuracy over time, refresh interval, errors of products, sources of error."""
