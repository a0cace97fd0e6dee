"""Read bills of materials."""
