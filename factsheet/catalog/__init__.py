"""Many sheets together: what each says in a few figures, a site to look through them, a language to ask for some."""
