from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import STATUS_INVALID, DeskRequest, toast
from agentdesk.web.settings_pages import managing
from conversations.models import WordList
from conversations.replies.actions.word_list import change_word_list
from conversations.replies.forms.template import WordListForm

_FORM = "replies/settings/_sending_form.html"


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def sending(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """What is looked at before a reply leaves, and the account's own words."""
    if request.method == "GET":
        context = {"account": account, "form": _form(account)}
        return render(request, "replies/settings/sending.html", context)
    form = WordListForm(request.POST)
    if not form.is_valid():
        context = {"account": account, "form": form}
        return render(request, _FORM, context, status=STATUS_INVALID)
    change_word_list(account, actor=request.user, lines=form.cleaned_data["lines"])
    context = {"account": account, "form": _form(account)}
    return toast(render(request, _FORM, context), _("Saved"))


def _form(account: ClientAccount) -> WordListForm:
    found = WordList.objects.filter(account=account).first()
    return WordListForm(initial={"lines": "\n".join(found.lines if found else [])})
