"""Hardware profiles: what is known of chips, one YAML file each, every figure with its source and standing."""
