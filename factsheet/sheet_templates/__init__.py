"""Templates for other audiences: files that name sections, facts and roles, and the models generated from them."""
