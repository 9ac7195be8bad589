"""Templates whose name ends in `.jinja`: the parts of the desk that are drawn most often.

Jinja2 compiles them to Python, which draws a thread at a third of the cost. They stand
beside the others, have the same filters and components, and are included from both.
Nothing here knows what any of them shows.
"""

from agentdesk.web.jinja.environment import environment

__all__ = ["environment"]
