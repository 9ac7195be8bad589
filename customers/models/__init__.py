"""Customers, their identities and their purchases."""

from customers.models.attribute import AttributeDefinition
from customers.models.cart import Cart, CartLine
from customers.models.claim import Claim
from customers.models.customer import Customer, MemberRank
from customers.models.identity import Identity
from customers.models.import_run import ImportRun
from customers.models.import_settings import ImportSettings
from customers.models.order import (
    Order,
    OrderLine,
    OrderStatusChange,
    Payment,
    Shipment,
)
from customers.models.product import Product, Store

__all__ = [
    "AttributeDefinition",
    "Cart",
    "CartLine",
    "Claim",
    "Customer",
    "Identity",
    "ImportRun",
    "ImportSettings",
    "MemberRank",
    "Order",
    "OrderLine",
    "OrderStatusChange",
    "Payment",
    "Product",
    "Shipment",
    "Store",
]
