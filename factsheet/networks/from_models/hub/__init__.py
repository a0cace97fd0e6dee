"""Read what is in a model's folder on the Hub: configs of several libraries, and inputs of the sizes they state."""
