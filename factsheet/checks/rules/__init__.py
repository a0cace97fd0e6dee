"""The rules, one module each; a module's docstring is the rule's documentation."""
