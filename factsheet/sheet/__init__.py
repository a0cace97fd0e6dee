"""The model of a FactSheet: its sections, how it is loaded, and its JSON Schema."""
