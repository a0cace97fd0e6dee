"""Draw the figures of a page, each with its data and the same in words."""
