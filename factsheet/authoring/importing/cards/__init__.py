"""Read cards of models and the results that the Hub keeps beside them."""
