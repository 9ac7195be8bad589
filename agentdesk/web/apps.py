from django.apps import AppConfig

from agentdesk.web.bodies import bound_bodies


class WebConfig(AppConfig):
    name = "agentdesk.web"
    label = "web"

    def ready(self) -> None:
        bound_bodies()
