"""The catalogs of translations: extracted, checked and compiled without gettext.

Who speaks which language is decided elsewhere (`agentdesk.accounts.middleware`).
"""
