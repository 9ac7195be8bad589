"""A file of any length is imported within the same memory: as a process of its own."""

import csv
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from customers.models import Order
from tests.customers.order_files import COLUMNS, FIRST

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("store")]

LINES_AN_ORDER = 4
MEASURED = """
import resource, sys
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
call_command("import_orders", sys.argv[1], account="kogane")
status = Path("/proc/self/status")
if status.exists():  # what getrusage says begins, on Linux, with the peak of the parent
    [peak] = [line.split()[1] for line in status.open() if line.startswith("VmHWM")]
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print("peak", peak)
"""


def written(path: Path, lines: int) -> Path:
    """Orders of four lines each, every one of another customer."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        for line in range(lines):
            number = line // LINES_AN_ORDER
            order = {
                "注文番号": f"{lines}-{number}",
                "会員番号": f"M-{number}",
                "電話番号": f"090{number:08}",
                "メールアドレス": f"customer{number}@example.jp",
                "商品コード": f"SKU-{line % 500}",
            }
            writer.writerow(FIRST | order)
    return path


def peak(path: Path) -> float:
    """Megabytes the import of that file took at most."""
    database = connection.settings_dict
    address = f"postgresql://{database['USER']}@/{database['NAME']}"
    ended = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": f"{address}?host={quote(database['HOST'], safe='')}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return int(ended.stdout.rpartition("peak ")[2]) / 1024


def test_four_times_the_lines_take_no_more_memory(tmp_path):
    little = peak(written(tmp_path / "little.csv", 10_000))
    much = peak(written(tmp_path / "much.csv", 40_000))
    assert Order.objects.count() == 50_000 / LINES_AN_ORDER
    assert much < little + 10
    assert much < 200
