"""What an admin pastes from Meta's consoles, the same for all its channels."""

from django.utils.translation import gettext_noop as _

from conversations.adapters.base import Field

_BASIC = "Meta for Developers > マイアプリ > アプリの設定 > ベーシック"

APP_ID = Field(
    "app_id",
    _("App ID"),
    help=_("The number of your app at Meta for Developers."),
    where=f"{_BASIC} > アプリID (App settings > Basic > App ID)",
    pattern=r"\d{5,20}",
)
APP_SECRET = Field(
    "app_secret",
    _("App secret"),
    help=_("Meta signs its events with it. Press Show beside it, then copy."),
    where=f"{_BASIC} > app secret (App settings > Basic > App secret)",
    pattern=r"[0-9a-f]{32}",
    is_secret=True,
)
VERIFY_TOKEN = Field(
    "verify_token",
    _("Verify token"),
    help=_(
        "Any text you make up, eight characters or more: write the same here and at"
        " Meta, below our webhook address."
    ),
    where="Webhooks > コールバックURL・トークンを認証 (Callback URL and Verify token)",
    pattern=r"[!-~]{8,100}",
)
HUMAN_AGENT = Field(
    "human_agent",
    _("Answers up to 7 days"),
    help=_(
        "Choose yes once Meta has granted your app the Human Agent feature: people may"
        " then answer for seven days instead of 24 hours."
    ),
    where="アプリレビュー > アクセス許可と機能 > Human Agent (App review > Permissions and features)",
    is_required=False,
    choices=(("", _("No: 24 hours")), ("yes", _("Yes: granted by Meta"))),
)
PAGE_ID = Field(
    "page_id",
    _("Page ID"),
    help=_("The number of the Facebook page. Use one app for each page."),
    where="Facebookページ > 基本データ > ページの透明性 > ページID (About > Page transparency > Page ID)",
    pattern=r"\d{5,20}",
)
PAGE_TOKEN = Field(
    "access_token",
    _("Page access token"),
    help=_("Add the page, then press Generate token beside it."),
    where="Messenger > Messenger APIの設定 > アクセストークンを生成 (Messenger API settings > Generate access tokens)",
    pattern=r"[!-~]{20,600}",
    is_secret=True,
)
