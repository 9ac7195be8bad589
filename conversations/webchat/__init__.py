"""The chat on a client company's site: its visitors, its doors and what it shows.

What they write is received by `inbound`, as of every channel.
"""
