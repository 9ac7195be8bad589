"""What only a browser can show."""

# Where the product of these tests answers once nothing is worked on.
AT_REST = "/at-rest/"
