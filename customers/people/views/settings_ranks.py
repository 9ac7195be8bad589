from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agentdesk.accounts.models import ClientAccount, Colour
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import DeskRequest
from agentdesk.web.settings_pages import managing
from customers.models import MemberRank
from customers.people.actions.rank import add_rank, change_rank
from customers.people.forms.settings import RankForm
from customers.people.views.settings_lists import SettingsList

RANKS = SettingsList(
    model=MemberRank,
    kind="rank",
    template="ranks",
    new_form=lambda: RankForm(initial={"colour": Colour.SLATE}),
)


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def ranks(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    return RANKS.page(request, account)


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def ranks_region(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """The list alone; POST adds to it."""
    if request.method == "POST":
        return RANKS.add(request, account, RankForm(request.POST), add_rank)
    return RANKS.region(request, account, "")


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def rank(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    row = RANKS.row(account, pk)
    if request.method == "POST":
        return RANKS.change(request, row, RankForm(request.POST), change_rank)
    form = RankForm(initial={"name": row.name, "colour": row.colour})
    return RANKS.editor(request, row, form)


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def move_rank(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    return RANKS.move(request, RANKS.row(account, pk))


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def retire_rank(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    return RANKS.retire(request, RANKS.row(account, pk))


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def restore_rank(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    return RANKS.restore(request, RANKS.row(account, pk))
