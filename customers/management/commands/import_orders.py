import textwrap
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from agentdesk.accounts.models import ClientAccount
from customers.imports.base import Source, WrongFileError
from customers.imports.mapping import InvalidMappingError, read_mapping
from customers.imports.run import Report, run_import
from customers.models import Store


class Command(BaseCommand):
    help = "Import the orders of an account's shop or stores from a CSV file."

    def create_parser(self, *args: Any, **options: Any) -> Any:
        return super().create_parser(
            *args, formatter_class=RawDescriptionHelpFormatter, **options
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = textwrap.dedent("""\
            Import orders from a CSV file: comma or tab, UTF-8 or Shift_JIS (CP932).

            One row is one line of an order, with the columns of the order repeated. How
            columns are recognised stands in customers/imports/orders.yaml. A second run
            of the same file changes nothing; one with news updates status, shipment,
            payment and lines. An empty cell never empties what is known.

            A customer is found by the shop's number, else by phone or mail address, else
            made. The shop's number counts as verified, what was typed there does not.
            Phone numbers may be full width, with hyphens, or without the leading 0 that
            Excel drops. An unreadable one is left out where something else says who the
            customer is, and counted. Rejected rows are in FILE.rejected.csv.""")
        parser.add_argument("file", type=Path)
        parser.add_argument("--account", required=True, metavar="SLUG")
        parser.add_argument("--mapping", type=Path, metavar="FILE.yaml")
        parser.add_argument(
            "--store", metavar="CODE", help="the store of rows that name none"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            source = self._source(options)
            report = run_import("orders", path, source, self._progress)
        except (WrongFileError, InvalidMappingError) as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            sentence = _(
                "The database broke the import off. Run it again: what is in stays."
            )
            raise CommandError(sentence) from error
        except OSError as error:
            sentence = _("The file %(file)s cannot be read.") % {"file": path.name}
            raise CommandError(sentence) from error
        self._print(report)

    def _progress(self, text: str) -> None:
        self.stderr.write(text)
        self.stderr.flush()

    def _source(self, options: dict[str, Any]) -> Source:
        slug, code = options["account"], options["store"]
        account = ClientAccount.objects.filter(slug=slug).first()
        if account is None:
            raise CommandError(
                _("There is no account with the short name “%(slug)s”.")
                % {"slug": slug}
            )
        store = None
        if code:
            store = Store.objects.filter(account=account, code=code).first()
            if store is None:
                codes = Store.objects.filter(account=account).values_list(
                    "code", flat=True
                )
                raise CommandError(
                    _("There is no store “%(code)s”. Known: %(codes)s.")
                    % {"code": code, "codes": ", ".join(sorted(codes)) or "–"}
                )
        return Source(account, read_mapping(options["mapping"]), store)

    def _print(self, report: Report) -> None:
        counts = report.counts
        rows = [
            (_("Encoding"), report.encoding),
            (_("Rows read"), counts.rows_read),
            (_("Rows rejected"), counts.rows_rejected),
            (_("Orders new"), counts.orders_created),
            (_("Orders updated"), counts.orders_updated),
            (_("Orders unchanged"), counts.orders_unchanged),
            (_("Customers new"), counts.customers_created),
            (
                _("Unreadable numbers and addresses left out"),
                counts.unreadable_addresses,
            ),
            (_("Seconds"), f"{report.seconds:.1f}"),
        ]
        for title, value in rows:
            self.stdout.write(f"{title}: {value}")
        if report.rejected_file:
            self.stdout.write(
                _("Rejected rows are in %(file)s") % {"file": report.rejected_file}
            )
