"""What the panes of the desk show, each in a fixed number of queries."""
