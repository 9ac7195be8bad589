"""What a page of conversations shows, read with a fixed number of queries."""
