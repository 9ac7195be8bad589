"""Phone: what rings, the running call, its notes and wrap-up.

The events of a PBX come in through `inbound`, which hands them on to here.
"""
