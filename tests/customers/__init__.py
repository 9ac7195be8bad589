"""Tests of customers by the front door."""
