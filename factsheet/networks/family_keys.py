"""The keys under which a sheet can declare a network."""

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
