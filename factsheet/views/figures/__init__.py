"""Figures as data: which facts they show, and the same in sentences for those who do not see them."""
