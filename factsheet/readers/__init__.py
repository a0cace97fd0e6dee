"""The six roles that read a sheet: what each needs to know, and the plan of its page."""
