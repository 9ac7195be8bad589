"""Order files for tests, and the command that reads them."""

import csv
import io
from pathlib import Path

from django.core.management import call_command

from agentdesk.audit.models import AuditEntry
from customers.models import (
    Customer,
    Identity,
    Order,
    OrderLine,
    OrderStatusChange,
    Payment,
    Product,
    Shipment,
    Store,
)

COLUMNS = [
    "注文番号",
    "注文日時",
    "注文状況",
    "注文合計",
    "店舗コード",
    "会員番号",
    "氏名",
    "フリガナ",
    "電話番号",
    "メールアドレス",
    "住所",
    "支払方法",
    "入金状況",
    "配送会社",
    "送り状番号",
    "商品コード",
    "商品名",
    "数量",
    "単価",
]
FIRST = {
    "注文番号": "KG-1001",
    "注文日時": "2026/11/20 14:05",
    "注文状況": "受付",
    "注文合計": "¥13,460",
    "店舗コード": "EC",
    "会員番号": "M-1",
    "氏名": "山田　太郎 様",
    "フリガナ": "ヤマダ タロウ",
    "電話番号": "０９０－１２３４－５６７８",
    "メールアドレス": "Taro@Example.jp",
    "住所": "東京都渋谷区1-2-3",
    "支払方法": "クレジットカード",
    "入金状況": "入金済",
    "配送会社": "",
    "送り状番号": "",
    "商品コード": "KN-01",
    "商品名": "ウールニット",
    "数量": "１",
    "単価": "￥１２，８００",
}


def text_of(*rows: dict[str, str], columns: list[str] = COLUMNS) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**FIRST, **row} for row in rows)
    return out.getvalue()


def run(path: Path, **options) -> str:
    out = io.StringIO()
    options = {"account": "kogane", "stdout": out, "stderr": io.StringIO(), **options}
    call_command("import_orders", str(path), **options)
    return out.getvalue()


def rejected(path: Path) -> list[list[str]]:
    beside = path.with_name(path.name + ".rejected.csv")
    if not beside.exists():
        return []
    return list(csv.reader(io.StringIO(beside.read_text("utf-8-sig"))))[1:]


def everything() -> list[object]:
    """All rows an import may write, every column of them."""
    models = (
        Customer,
        Identity,
        Order,
        OrderLine,
        OrderStatusChange,
        Payment,
        Product,
        Shipment,
        Store,
        AuditEntry,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


def fresh(number: int) -> dict[str, str]:
    return {
        "注文番号": f"N-{number}",
        "会員番号": f"M-{number}",
        "電話番号": "",
        "メールアドレス": "",
    }


def raw_lines(*lines: str) -> str:
    return text_of({}).splitlines()[0] + "\r\n" + "\r\n".join(lines) + "\r\n"


def line_of(**row: str) -> str:
    return text_of(row).splitlines()[1]
