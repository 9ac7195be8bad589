"""Every screen of the product: who looks at it, where, and what they press there.

`do` are keys ("e", "Control+k") and things to click (selectors); "!word" is something
that happens meanwhile. An empty path stays on the page. `see` is what must be there.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Screen:
    path: str
    do: tuple[str, ...] = ()
    see: str = "h1"


_DIALOGS = (
    ("e", "#picker [role=option]"),
    ("z", "#picker [role=option]"),
    ("a", "#picker [role=option]"),
    ("t", "#picker [role=option]"),
    ("h", "#timeline-dialog"),
    ("s", "#picker [role=option]"),
    ("v", "#via-menu"),
    ("l", "#send-later [data-send-at]"),
    ("?", "#shortcuts"),
    ("Control+k", "#palette"),
    ("[popovertarget=filter-menu]", "#filter-menu"),
    ("[popovertarget=notification-panel]", "#notification-panel"),
    ("[popovertarget=account-menu]", "#account-menu"),
    ("[popovertarget=user-menu]", "#user-menu"),
)
# An agent of two accounts, in a call.
DESK = (
    Screen("/desk/", see="#list .entry"),
    Screen("", ("x",), "#bulk-form"),
    Screen("/desk/", ("x", "e"), "#bulk-close-dialog"),
    Screen("/desk/", ("x", "a"), "#bulk-assign-dialog"),
    Screen("/desk/", ("x", "z"), "#bulk-snooze-dialog"),
    Screen("/conversations/{conversation}/", see="#thread .message--in"),
    *(Screen("", (key,), see) for key, see in _DIALOGS),
    Screen("", ("m", "@"), "#mention-list"),
    Screen(
        "/conversations/{conversation}/", ("r", "/"), "#template-list [role=option]"
    ),
    Screen("/calls/", see="#call-notes"),
    Screen("", ("#call-head [data-shortcut=q]",), "#call-wrap-up"),
    Screen("/customers/"),
    Screen("/customers/new/"),
    Screen("/customers/{customer}/", see="#customer-history .history"),
    Screen("", ("#customer-head [data-edit]",), "#customer-head input"),
    Screen(
        "",
        ("#customer-profile summary", "#customer-profile [data-edit]"),
        "#customer-profile form",
    ),
    Screen("", ("#customer-identities [data-edit]",), "#customer-identities input"),
    Screen("", (".purchase > summary",), ".purchase__body .lines"),
    Screen("/nowhere/"),
    Screen("/settings/kogane/general/"),
    Screen("/accounts/logout/"),
    Screen("/conversations/{conversation}/", ("!rest", "e"), "#reauthenticate input"),
    Screen("/accounts/locked/"),
)
# An agent who has just signed in with the password, then set up a second step.
OWN = (
    Screen("/me/"),
    Screen("/me/sessions/"),
    Screen("/accounts/password/change/"),
    Screen("/accounts/2fa/"),
    Screen("/accounts/2fa/totp/activate/"),
    Screen("/accounts/2fa/webauthn/"),
    Screen("/accounts/2fa/webauthn/add/"),
    Screen("/accounts/2fa/", ("!second step",)),
    Screen("/accounts/2fa/totp/deactivate/"),
    Screen("/accounts/2fa/recovery-codes/"),
    Screen("/accounts/2fa/recovery-codes/generate/"),
    Screen("/accounts/2fa/webauthn/"),
    Screen("/accounts/2fa/webauthn/keys/{passkey}/edit/"),
    Screen("/accounts/2fa/webauthn/keys/{passkey}/remove/"),
    Screen("/accounts/reauthenticate/"),
    Screen("/accounts/2fa/reauthenticate/"),
    Screen("/accounts/2fa/webauthn/reauthenticate/"),
)
NOBODY = (
    Screen("/accounts/login/"),
    Screen("/accounts/login/?lang=en"),
    Screen("/accounts/inactive/?lang=ja"),
    Screen("/accounts/password/reset/"),
    Screen("/accounts/password/reset/done/"),
    Screen("{reset_link}"),
    Screen("/accounts/password/reset/key/done/"),
    Screen("{invitation}"),
    Screen("/invitation/forged/"),
    Screen("/failures/429/"),
    Screen("/failures/500/"),
    Screen("/accounts/login/", ("!app", "!password"), "[name=code]"),
)
FIRST_RUN = (Screen("{setup_link}"),)
_SETTINGS = "/settings/kogane/"
_PAGES = (
    *("general", "hours", "queue", "ranks", "attributes", "imports", "reasons"),
    "phones",
)
_MEMBER = "#member-{member} .table__actions button"
# In both languages.
SETTINGS = (
    *(Screen(f"{_SETTINGS}{page}/") for page in _PAGES),
    Screen(f"{_SETTINGS}templates/"),
    Screen("", ("#template-{template}-folder",), "#template-to-folder"),
    Screen(f"{_SETTINGS}templates/new/", see=".template-variables button"),
    Screen(f"{_SETTINGS}templates/import/", see="[type=file]"),
    Screen(f"{_SETTINGS}templates/{{template}}/", see="#template-preview"),
    Screen(f"{_SETTINGS}sending/"),
    Screen(f"{_SETTINGS}inboxes/"),
    Screen(f"{_SETTINGS}inboxes/new/"),
    Screen(f"{_SETTINGS}inboxes/{{inbox}}/"),
    Screen("", ("#inbox-state-{inbox} [hx-get$='/partial/']",), "#partial-dialog"),
    Screen(f"{_SETTINGS}inboxes/{{inbox}}/failures/"),
    Screen(f"{_SETTINGS}quarantine/"),
    Screen(f"{_SETTINGS}quarantine/{{event}}/"),
    Screen(f"{_SETTINGS}webchats/"),
    Screen(f"{_SETTINGS}webchats/{{webchat}}/"),
    Screen("/chat/{webchat_key}/preview/", see="body"),
    Screen("/settings/new/"),
    Screen(f"{_SETTINGS}people/"),
    Screen("", (f"{_MEMBER}[hx-get$='/{{member}}/']",), "dialog[open]"),
    Screen("", (f"{_MEMBER}[hx-get$='/help/']",), "dialog[open]"),
    Screen("", (f"{_MEMBER}[hx-get$='/deactivate/']",), "dialog[open]"),
    Screen("/audit/"),
    Screen("/setup/done/"),
)
_SHOP = "/demo/kogane/"
SHOP = (
    Screen(_SHOP),
    Screen(_SHOP, ("!staffed", ".launcher"), ".composer textarea"),
    Screen(_SHOP, ("!staffed", ".launcher", "[aria-label^=お電話]"), "output.code"),
    Screen(_SHOP, ("!unstaffed", ".launcher"), ".form textarea"),
)
# In a browser that has not read how this chat was set up before.
SHOP_FORM = (Screen(_SHOP, ("!staffed", ".launcher"), ".form [name=email]"),)
ALL = (*DESK, *OWN, *NOBODY, *FIRST_RUN, *SETTINGS)
# What is reached in the lists above, but by no address of its own.
BEHIND_LINKS = {"accounts:invitation", "accounts:join", "setup:setup", "setup:begin"}
BEHIND_LINKS |= {"mfa_authenticate"}
BEHIND_LINKS |= {"account_reset_password_from_key"}
# Of other packages, for operators and programmers; and answers that are no pages.
NOT_OURS = {"admin:", "api-v1:"}
NO_PAGES = {"mfa_download_recovery_codes", "mfa_login_webauthn"}
