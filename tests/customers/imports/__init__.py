"""Tests of `customers/imports/`."""
