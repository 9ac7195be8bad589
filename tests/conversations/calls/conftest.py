"""Who takes the calls: an agent of the queue, at an extension."""

import pytest


@pytest.fixture
def agent(agent, queue):
    agent.extension = "201"
    agent.save(update_fields=["extension"])
    return agent


@pytest.fixture
def desk(agent, client_of):
    """The agent's browser."""
    return client_of(agent)
