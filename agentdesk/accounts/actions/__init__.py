"""What changes accounts and memberships, one verb a module.

Each action is atomic, keeps the rules of its rows and writes the audit entry.
"""
