"""Pushes to the devices of members: what concerns one, while no page is looked at.

Which browsers there are is in agentdesk/accounts, how one is reached in agentdesk/web_push.
"""
