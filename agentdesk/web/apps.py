from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig

from agentdesk.web.bodies import bound_bodies


class WebConfig(AppConfig):
    default = True
    name = "agentdesk.web"
    label = "web"

    def ready(self) -> None:
        bound_bodies()


class StaticFiles(StaticFilesConfig):
    """Scripts that stand in a bundle are not served a second time by themselves."""

    default = False
    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "agentdesk/js",
        "agentdesk/chat/*.js",
    ]
