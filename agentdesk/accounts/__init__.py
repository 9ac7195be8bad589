"""Who signs in, which client companies they serve, and what their role allows.

What they then do to customers and conversations lives in those apps.
"""
