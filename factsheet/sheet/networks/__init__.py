"""Families of networks that a sheet can declare by their dimensions, one module a family."""

FAMILIES = (
    "transformer_encoder",
    "transformer_decoder",
    "encoder_decoder",
    "vision_transformer",
    "convolutional",
    "recurrent",
    "mlp",
    "operators",
)
"""Keys of the section that declare a network; a sheet gives one of them."""
