"""Function views of the customer pane, one URL each."""
