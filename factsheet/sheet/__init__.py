"""The FactSheet: its model, its quantities, its roles. Import from the modules: most callers need few of them."""
