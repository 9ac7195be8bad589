"""Tests of the foundation: sign-in, running, languages, the rules of the house."""
