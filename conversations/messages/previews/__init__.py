"""Small pictures of files, drawn in a process of their own that may be killed.

`draw` is what the desk calls; `child` runs apart and knows nothing of Django.
"""
