from django.apps import AppConfig

from agentdesk import celery

# Shared tasks belong to this application in every process, not in the worker's only.
celery.app.set_default()


class AgentdeskConfig(AppConfig):
    name = "agentdesk"
    label = "agentdesk"
