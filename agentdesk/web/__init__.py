"""What every page needs: the typed request, access checks, paging, template tags.

No model and no page of its own lives here, except errors and health checks.
"""
