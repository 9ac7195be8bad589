"""The bench itself: that it measures, not what."""
