"""Pure decisions about a text before it leaves: what to fill in, what to warn of.

No model is read here and nothing is sent.
"""
