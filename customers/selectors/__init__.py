"""What a page of customers shows, read with a fixed number of queries."""
