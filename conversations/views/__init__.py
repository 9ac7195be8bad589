"""Function views of the desk, one URL each."""
