from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IdentityKind(TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("Email")
    SHOP = "shop", _("Shop customer number")
    WEB = "web", _("Web visitor")
    LINE = "line", _("LINE")
    MESSENGER = "messenger", _("Messenger")
    INSTAGRAM = "instagram", _("Instagram")
    WHATSAPP = "whatsapp", _("WhatsApp")
    X = "x", _("X")


class StoreKind(TextChoices):
    EC = "ec", _("Online shop")
    PHYSICAL = "physical", _("Store")


class OrderStatus(TextChoices):
    PLACED = "placed", _("Placed")
    PREPARING = "preparing", _("Preparing")
    SHIPPED = "shipped", _("Shipped")
    DELIVERED = "delivered", _("Delivered")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    RETURNED = "returned", _("Returned")


class PaymentStatus(TextChoices):
    UNPAID = "unpaid", _("Unpaid")
    AUTHORISED = "authorised", _("Authorised")
    PAID = "paid", _("Paid")
    REFUNDED = "refunded", _("Refunded")


class AttributeKind(TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")
