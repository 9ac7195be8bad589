"""From a written reply to the provider: compose, validate, send, deliver, settle, recover.

`validate` refuses what a channel does not carry, before anything is stored. `deliver` goes
through a reply's requests; each is made by `send` of what `compose` has made of the
reply, and its news settled by `settle`, as every receipt is. `recover` finds what a
broker or a worker left behind.
"""
