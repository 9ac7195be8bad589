import textwrap
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from agentdesk.accounts.models import ClientAccount
from customers.imports.base import Source, WrongFileError
from customers.imports.fillers import Fillers
from customers.imports.mapping import InvalidMappingError, read_mapping
from customers.imports.run import Report, run_import
from customers.imports.selectors import import_settings
from customers.models import Store

_DESCRIPTION = textwrap.dedent("""\
    Import orders from a CSV file: comma or tab, UTF-8 or Shift_JIS (CP932).

    One row is one line of an order; what is said of the order stands on each of
    its rows or on the first. How columns, words and the files of known shop
    systems are recognised stands in customers/imports/orders.yaml. A second run
    of the same file changes nothing; one with news updates status, shipment,
    payment and lines. An empty cell never empties what is known.

    Lines are added to those an order has, unless the file says that it holds the
    order whole: its lines add up to the total or subtotal it states, or
    --whole-orders is given. An order number that is another customer's is
    refused.

    A customer is found by the shop's number, else by an established phone number
    or mail address, else by the same address and name in an earlier order, else
    made. The shop's number counts as verified; addresses are kept as claims,
    unless --addresses-confirmed is given. What stands for nothing (0, ゲスト,
    000-0000-0000, none@none.com) is nobody's, nor is what more people than the
    import settings allow have given.

    Phone numbers may be full width, with hyphens, or without the leading 0 that
    Excel drops. Words of a status and columns that are not known are listed at
    the end. Rejected rows are in FILE.rejected.csv; mended, it can be imported
    itself.""")


class Command(BaseCommand):
    help = "Import the orders of an account's shop or stores from a CSV file."

    def create_parser(self, *args: Any, **options: Any) -> Any:
        return super().create_parser(
            *args, formatter_class=RawDescriptionHelpFormatter, **options
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _DESCRIPTION
        parser.add_argument("file", type=Path)
        parser.add_argument("--account", required=True, metavar="SLUG")
        parser.add_argument("--mapping", type=Path, metavar="FILE.yaml")
        parser.add_argument(
            "--store", metavar="CODE", help="the store of rows that name none"
        )
        parser.add_argument(
            "--whole-orders",
            action="store_true",
            help="the file holds all lines of its orders; others that they have go",
        )
        parser.add_argument(
            "--addresses-confirmed",
            action="store_true",
            help="the shop has confirmed the phone numbers and mail addresses of its "
            "members: they become verified contacts where they are nobody's",
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
        chosen = import_settings(account)
        return Source(
            account,
            read_mapping(options["mapping"]),
            store,
            fillers=Fillers(chosen.words),
            shared_limit=chosen.shared_limit,
            addresses_confirmed=options["addresses_confirmed"],
            whole_orders=options["whole_orders"],
        )

    def _print(self, report: Report) -> None:
        for title, value in _rows(report):
            self.stdout.write(f"{title}: {value}")
        if report.rejected_file:
            self.stdout.write(
                _("Rejected rows are in %(file)s") % {"file": report.rejected_file}
            )


def _rows(report: Report) -> list[tuple[str, object]]:
    """The summary; what is seldom there only where it is."""
    counts = report.counts
    unknown_words = [f"{word} ({rows})" for word, rows in counts.unknown_words.items()]
    seldom: list[tuple[str, object]] = [
        (_("Layout"), counts.layout),
        (_("Rows of checkouts that were never completed"), counts.rows_unfinished),
        (_("Contacts confirmed by the shop"), counts.identities_confirmed),
        (_("Addresses of too many people, left out"), counts.shared_addresses),
        (_("Words not understood (see --mapping)"), ", ".join(unknown_words)),
        (_("Columns not imported"), ", ".join(counts.unknown_columns)),
    ]
    return [
        (_("Encoding"), report.encoding),
        (_("Rows read"), counts.rows_read),
        (_("Rows rejected"), counts.rows_rejected),
        (_("Orders new"), counts.orders_created),
        (_("Orders updated"), counts.orders_updated),
        (_("Orders unchanged"), counts.orders_unchanged),
        (_("Customers new"), counts.customers_created),
        (_("Customers completed"), counts.customers_completed),
        (_("Stated addresses recorded"), counts.claims_recorded),
        (_("Unreadable numbers and addresses left out"), counts.unreadable_addresses),
        *[(title, value) for title, value in seldom if value],
        (_("Seconds"), f"{report.seconds:.1f}"),
    ]
