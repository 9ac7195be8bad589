from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "agentdesk.accounts"
    label = "accounts"
