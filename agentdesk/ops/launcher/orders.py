"""What `up` and the zygote say to each other on their socket."""

# The zygote has loaded everything and forks from now on.
READY = b"ready"
# Whoever has ordered a program has adopted it: it may begin.
GO = b"go"
LONGEST_ORDER = 65536
