from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        from agentdesk.live import topics  # noqa: PLC0415  # needs the models
        from agentdesk.web import settings_pages  # noqa: PLC0415
        from customers.people import live  # noqa: PLC0415
        from customers.registration.settings_entries import ENTRIES  # noqa: PLC0415

        topics.register("customer", live.may_watch)
        settings_pages.register(*ENTRIES)
