"""Begins client companies, with what each starts with."""
