"""Tests of `customers/people/`."""
