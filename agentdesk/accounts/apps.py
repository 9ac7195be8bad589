from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "agentdesk.accounts"
    label = "accounts"

    def ready(self) -> None:
        from agentdesk.accounts import receivers  # noqa: F401, PLC0415  # needs the models
        from agentdesk.accounts.settings_entries import ENTRIES  # noqa: PLC0415
        from agentdesk.web import settings_pages  # noqa: PLC0415

        settings_pages.register(*ENTRIES)
