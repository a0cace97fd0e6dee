"""The language that asks for sheets: `task = classification and efficiency > 5000 and dataset = GLUE`."""
