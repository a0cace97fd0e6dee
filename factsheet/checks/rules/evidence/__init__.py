"""Rules on where figures come from, on references and on links (family FS5)."""
