"""What a new client company starts with, in the language of its customers."""

from typing import TypedDict

from agentdesk.accounts.models import ClientAccount
from conversations.adapters.registry import ADAPTERS
from conversations.choices import Channel
from conversations.inboxes.actions.default_webchat import default_webchat
from conversations.models import ContactReason, Inbox, Queue, WebChatSettings

ReasonTree = dict[str, list[str]]


class _Names(TypedDict):
    queue: str
    phone: str
    webchat: str
    reasons: ReasonTree


_NAMES: dict[str, _Names] = {
    "ja": {
        "queue": "総合窓口",
        "phone": "電話窓口",
        "webchat": "ウェブチャット",
        "reasons": {
            "商品について": ["仕様・サイズ", "在庫・入荷", "使い方"],
            "注文について": ["注文方法", "内容の変更", "キャンセル"],
            "配送について": ["配送状況", "未着・遅延", "届け先の変更"],
            "返品・交換": ["不良・破損", "お客様都合", "返金"],
            "会員・ポイント": [],
            "その他": ["ご意見・ご要望", "間違い・無言"],
        },
    },
    "en": {
        "queue": "General enquiries",
        "phone": "Phone",
        "webchat": "Web chat",
        "reasons": {
            "Products": ["Specification and size", "Availability", "How to use"],
            "Orders": ["How to order", "Change of order", "Cancellation"],
            "Delivery": ["Where is my order", "Late or lost", "Change of address"],
            "Returns": ["Faulty or damaged", "Changed my mind", "Refund"],
            "Membership and points": [],
            "Other": ["Feedback", "Wrong number or silent"],
        },
    },
}


def create_default_setup(account: ClientAccount) -> None:
    """The default queue, a phone inbox, a web chat and the first contact reasons."""
    names = _NAMES.get(account.locale, _NAMES["ja"])
    queue = Queue.objects.create(account=account, name=names["queue"], is_default=True)
    for channel, name in (
        (Channel.PHONE, names["phone"]),
        (Channel.WEBCHAT, names["webchat"]),
    ):
        inbox = Inbox.objects.create(
            account=account, queue=queue, channel=channel, name=name
        )
        if ADAPTERS[channel].capabilities.is_on_sites:
            WebChatSettings.objects.create(inbox=inbox, **default_webchat(account))
    _create_reasons(account, names["reasons"])


def _create_reasons(account: ClientAccount, tree: ReasonTree) -> None:
    roots = ContactReason.objects.bulk_create(
        ContactReason(account=account, name=name, position=position)
        for position, name in enumerate(tree)
    )
    ContactReason.objects.bulk_create(
        ContactReason(account=account, parent=root, name=name, position=position)
        for root in roots
        for position, name in enumerate(tree[root.name])
    )
