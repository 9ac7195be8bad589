"""Pages that belong to no app: the state of the process.

What agents and customers see is in the apps' own views.
"""
