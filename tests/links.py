"""Opening a one-time link, as a browser does."""

from django.test import Client


def opened(client: Client, path: str) -> str:
    """The address of the page behind the link."""
    response = client.get(path)
    assert response.status_code == 302, path
    address: str = response.headers["Location"]
    return address
