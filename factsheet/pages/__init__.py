"""Show a sheet to its readers: a page model, what each section and figure holds, and the formats that write it."""
