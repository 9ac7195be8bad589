"""Background work: declaring jobs, starting them after commit, and what shows they live."""
