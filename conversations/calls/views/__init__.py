"""The fragments of the call box and the running call, and the page of calls."""
