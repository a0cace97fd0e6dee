"""A sheet in the forms of other tools, and what each of these cannot say."""
