"""What pages show of customers, each in a fixed number of queries."""
