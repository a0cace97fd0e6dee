"""How scores change with what a model is not trained for: time, and noise of another strength."""
