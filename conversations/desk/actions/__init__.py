"""The few things that are changed from the desk alone."""
