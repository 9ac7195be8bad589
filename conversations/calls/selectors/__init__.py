"""What the call box, the strip of a call and the page of calls show."""
