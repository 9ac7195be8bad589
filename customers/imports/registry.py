"""The kinds of file that can be imported. To add one, write its module and name it here."""

from customers.imports.base import Kind
from customers.imports.orders import OrdersImport

IMPORTS: dict[str, type[Kind]] = {"orders": OrdersImport}
