from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from agentdesk.web.http import DeskRequest, signed_in
from agentdesk.web.keyset import InvalidCursorError
from conversations.desk.selectors.history import further_history, history
from customers.models import Customer


@require_GET
@signed_in
def customer_history(request: DeskRequest, customer_pk: int) -> HttpResponse:
    """Earlier inquiries of a customer: channel, reason, owner and date."""
    customer = get_object_or_404(
        Customer.objects.visible_to(request.access), pk=customer_pk
    )
    cursor = request.GET.get("cursor", "")
    if not cursor:
        context = {"history": history(request.access, customer), "customer": customer}
        return render(request, "desk/_history.jinja", context | {"is_refresh": True})
    try:
        further = further_history(request.access, customer, cursor=cursor)
    except InvalidCursorError:
        return HttpResponse(status=400)
    context = {"page": further, "customer": customer}
    return render(request, "desk/_history_rows.jinja", context)
