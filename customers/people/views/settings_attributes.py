from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import DeskRequest
from agentdesk.web.settings_pages import managing
from customers.models import AttributeDefinition
from customers.people.actions.attribute import add_attribute, change_attribute
from customers.people.forms.settings import AttributeForm
from customers.people.views.settings_lists import SettingsList

ATTRIBUTES = SettingsList(
    model=AttributeDefinition,
    kind="attribute",
    template="attributes",
    new_form=lambda: AttributeForm(),
)


@require_GET
@managing(Permission.MANAGE_SETTINGS)
def attributes(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    return ATTRIBUTES.page(request, account)


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def attributes_region(request: DeskRequest, account: ClientAccount) -> HttpResponse:
    """The list alone; POST adds to it."""
    if request.method == "POST":
        return ATTRIBUTES.add(
            request, account, AttributeForm(request.POST), add_attribute
        )
    return ATTRIBUTES.region(request, account, "")


@require_http_methods(["GET", "POST"])
@managing(Permission.MANAGE_SETTINGS)
def attribute(request: DeskRequest, account: ClientAccount, pk: int) -> HttpResponse:
    row = ATTRIBUTES.row(account, pk)
    if request.method == "POST":
        form = AttributeForm(request.POST, kind=row.kind)
        return ATTRIBUTES.change(request, row, form, change_attribute)
    initial = {"label": row.label, "options": "\n".join(row.options)}
    return ATTRIBUTES.editor(
        request, row, AttributeForm(initial=initial, kind=row.kind)
    )


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def move_attribute(
    request: DeskRequest, account: ClientAccount, pk: int
) -> HttpResponse:
    return ATTRIBUTES.move(request, ATTRIBUTES.row(account, pk))


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def retire_attribute(
    request: DeskRequest, account: ClientAccount, pk: int
) -> HttpResponse:
    return ATTRIBUTES.retire(request, ATTRIBUTES.row(account, pk))


@require_POST
@managing(Permission.MANAGE_SETTINGS)
def restore_attribute(
    request: DeskRequest, account: ClientAccount, pk: int
) -> HttpResponse:
    return ATTRIBUTES.restore(request, ATTRIBUTES.row(account, pk))
