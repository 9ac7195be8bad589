"""Working through many rows, so that one that fails holds back none of the others."""
