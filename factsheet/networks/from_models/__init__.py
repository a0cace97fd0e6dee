"""From_models."""
