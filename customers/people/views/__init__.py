"""The customer pane, the pages of customers and their settings, one URL each."""
