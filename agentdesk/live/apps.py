from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "agentdesk.live"
    label = "live"
