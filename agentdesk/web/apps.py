from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "agentdesk.web"
    label = "web"
