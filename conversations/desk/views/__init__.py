"""The pages and live regions of the desk, one URL each."""
