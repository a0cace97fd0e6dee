"""Reviews of a sheet by its consumers: what they score, the file beside the sheet that keeps it, and its summary."""
