from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IdentityKind(TextChoices):
    """Those that every desk has; a channel brings its own (`customers.kinds`)."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("Email")
    SHOP = "shop", _("Shop customer number")
    WEB = "web", _("Web visitor")


class ClaimState(TextChoices):
    OPEN = "open", pgettext_lazy("claim", "Stated")
    PROVED = "proved", pgettext_lazy("claim", "Proved")
    REFUTED = "refuted", pgettext_lazy("claim", "Not theirs")


class ClaimProof(TextChoices):
    """How we know that a stated address is theirs; written into the audit log."""

    MEMBER = "asked", pgettext_lazy("claim", "A member has asked them")
    CALL = "call", pgettext_lazy("claim", "Chosen as the caller by a member")
    CODE = "code", pgettext_lazy("claim", "By a code sent there")
    ANSWER = "answer", pgettext_lazy("claim", "By an answer to our mail")
    JOINED = "joined", pgettext_lazy("claim", "A member has joined the two")


class StoreKind(TextChoices):
    EC = "ec", _("Online shop")
    PHYSICAL = "physical", _("Store")


class OrderStatus(TextChoices):
    PLACED = "placed", pgettext_lazy("order", "Placed")
    PREPARING = "preparing", pgettext_lazy("order", "Preparing")
    SHIPPED = "shipped", pgettext_lazy("order", "Shipped")
    DELIVERED = "delivered", pgettext_lazy("order", "Delivered")
    COMPLETED = "completed", pgettext_lazy("order", "Completed")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")
    RETURNED = "returned", pgettext_lazy("order", "Returned")


class PaymentStatus(TextChoices):
    UNPAID = "unpaid", pgettext_lazy("payment", "Unpaid")
    AUTHORISED = "authorised", pgettext_lazy("payment", "Authorised")
    PAID = "paid", pgettext_lazy("payment", "Paid")
    REFUNDED = "refunded", pgettext_lazy("payment", "Refunded")


class AttributeKind(TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")
