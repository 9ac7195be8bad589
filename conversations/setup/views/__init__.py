"""The pages of the first run and of a new client company."""
