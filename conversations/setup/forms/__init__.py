"""What is asked at the first run and of a new client company."""
