"""What Twilio's webhook failed to bring, over HTTP with the simulated Twilio."""

from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.jobs.registry import sweep_of
from conversations.adapters.failures import SendError
from conversations.adapters.simulation.base import Fault
from conversations.adapters.sms.simulator.people import SmsSimulator, phone_of
from conversations.choices import DeliveryState, FileState, InboxState
from conversations.connections.connection import adapter_of, connection_of
from conversations.inbound import tasks
from conversations.inbound.poll import poll_inbox
from conversations.models import Attachment, Message, ProviderEvent
from conversations.simulators.server import served
from tests.conversations.providers.sms import NUMBER, PROVIDER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def inbox(account, queue, settings, live_server):
    settings.PUBLIC_URL, settings.LOCAL_URL = "", live_server.url
    return PROVIDER.connected(account, queue, api=True)


@pytest.fixture
def twilio(inbox, settings):
    simulator = SmsSimulator(lambda: [connection_of(inbox)])
    simulator.receipt_seconds = None
    with served({"sms": simulator}) as address:
        settings.SIMULATOR_URL = address
        yield simulator


def received(person="1") -> list[str]:
    rows = Message.objects.filter(kind="text", direction="inbound")
    return list(rows.order_by("occurred_at").values_list("body", flat=True))


def reply(agent, body="承りました。"):
    http = Client()
    http.force_login(agent.user)
    conversation = Message.objects.filter(kind="text").first().conversation
    form = {"kind": "reply", "body": body, "client_id": str(uuid4())}
    assert (
        http.post(f"/conversations/{conversation.pk}/compose/", form).status_code == 201
    )
    return Message.objects.filter(direction="outbound", kind="text").latest("pk")


def test_one_writes_on_the_page_of_the_simulator_and_reads_the_answer(
    inbox, twilio, agent, settings
):
    page = f"{settings.SIMULATOR_URL}/sms/"
    form = {"inbox": inbox.key, "person": "1", "kind": "text", "text": "いつ届きますか"}
    assert httpx2.post(f"{page}_write", data=form).status_code == 303
    assert received() == ["いつ届きますか"]
    reply(agent, "明日お届けします")
    assert "明日お届けします" in httpx2.get(f"{page}?person=1").text


def test_a_message_whose_webhook_failed_is_found_once(inbox, twilio):
    connection = connection_of(inbox)
    twilio.write(connection, "1", "unheard", "届いていますか")
    assert received() == []
    sweep_of(tasks.poll_inbox)()
    assert received() == ["届いていますか"]
    sweep_of(tasks.poll_inbox)()
    assert received() == ["届いていますか"]
    message = Message.objects.get(kind="text")
    assert message.identity.value == phone_of("1")
    assert message.occurred_at <= timezone.now()


def test_what_the_webhook_has_brought_is_not_doubled_by_the_poll(inbox, twilio):
    connection = connection_of(inbox)
    twilio.write(connection, "1", "text", "一度だけ")
    assert [status for status, _body in twilio.posted] == [200]
    sweep_of(tasks.poll_inbox)()
    assert received() == ["一度だけ"]
    assert ProviderEvent.objects.count() == 1


def test_a_poll_reads_on_through_all_pages(inbox, twilio, monkeypatch):
    connection = connection_of(inbox)
    for number in range(7):
        twilio.write(connection, "1", "unheard", f"{number} 通目")
    whole = SmsSimulator.list_messages

    def small(self, request, account):
        return whole(self, _with(request, PageSize="2"), account)

    small.route = whole.route
    monkeypatch.setattr(SmsSimulator, "list_messages", small)
    sweep_of(tasks.poll_inbox)()
    assert sorted(received()) == [f"{number} 通目" for number in range(7)]


def _with(request, **query):
    return type(request)(
        request.method,
        request.path,
        {**request.query, **query},
        request.headers,
        request.body,
    )


def test_a_poll_goes_back_to_where_the_last_one_ended(inbox, twilio):
    connection = connection_of(inbox)
    twilio.write(connection, "1", "unheard", "三日前")
    twilio.write(connection, "1", "unheard", "大昔")
    days = timedelta(days=3).total_seconds()
    twilio.messages[0]["at"] -= days
    twilio.messages[1]["at"] -= 10 * days
    twilio.messages.reverse()  # as Twilio lists them: by time
    inbox.connection.facts = {
        "polled_until": (timezone.now() - timedelta(days=4)).isoformat()
    }
    inbox.connection.save()
    sweep_of(tasks.poll_inbox)()
    assert received() == ["三日前"]


def test_a_new_inbox_is_not_flooded_with_what_came_before_it(inbox, twilio):
    twilio.write(connection_of(inbox), "1", "unheard", "つなぐ前")
    twilio.messages[0]["at"] -= 3600
    sweep_of(tasks.poll_inbox)()
    assert received() == []


def test_a_picture_is_fetched_from_twilio_with_its_redirect(inbox, twilio):
    twilio.write(connection_of(inbox), "1", "image", "箱です")
    attachment = Attachment.objects.get()
    assert attachment.state == FileState.READY
    assert attachment.content_type == "image/png"
    assert attachment.message.body == "箱です"


def test_a_file_elsewhere_is_never_asked_for_with_our_token(inbox, twilio):
    adapter = adapter_of(inbox)
    for url in ("http://169.254.169.254/x", "https://evil.example/a", "file:///etc"):
        with pytest.raises(SendError), adapter.media({"url": url}):
            pytest.fail("it was fetched")


def test_receipts_arrive_by_webhook_in_whatever_order(inbox, twilio, agent):
    twilio.write(connection_of(inbox), "1", "text", "お願いします")
    message = reply(agent)
    twilio.advance("delivered", "sent")
    message.refresh_from_db()
    assert message.state == DeliveryState.DELIVERED


def test_a_receipt_whose_webhook_failed_is_found_too(inbox, twilio, agent):
    twilio.write(connection_of(inbox), "1", "text", "お願いします")
    message = reply(agent)
    twilio.messages[-1]["status"] = "undelivered"
    twilio.messages[-1]["error_code"] = 30007
    twilio.add("outbound-api", NUMBER, phone_of("2"), "配送通知", "AC")
    twilio.messages[-1]["status"] = "delivered"  # another system's, of the same number
    sweep_of(tasks.poll_inbox)()
    message.refresh_from_db()
    assert (message.state, message.failure) == (DeliveryState.FAILED, "spam")
    assert ProviderEvent.objects.count() == 2


def test_a_reply_whose_answer_was_cut_off_is_found_at_twilio(inbox, twilio, agent):
    twilio.write(connection_of(inbox), "1", "text", "お願いします")
    twilio.faults.append(Fault(is_cut=True))
    message = reply(agent)
    assert message.state == DeliveryState.UNKNOWN
    sid = twilio.messages[-1]["sid"]
    sweep_of(tasks.poll_inbox)()
    message.refresh_from_db()
    assert (message.state, message.provider_message_id) == (DeliveryState.SENT, sid)
    assert [one["direction"] for one in twilio.messages].count("outbound-api") == 1
    twilio.advance("delivered", sid=sid)
    message.refresh_from_db()
    assert message.state == DeliveryState.DELIVERED


def test_a_reply_that_twilio_never_got_stays_for_an_agent_to_decide(
    inbox, twilio, agent
):
    twilio.write(connection_of(inbox), "1", "text", "お願いします")
    twilio.faults.append(Fault(status=500))
    message = reply(agent)
    sweep_of(tasks.poll_inbox)()
    message.refresh_from_db()
    assert message.state == DeliveryState.UNKNOWN


def test_of_two_replies_alike_none_is_taken_for_the_other(inbox, twilio, agent):
    twilio.write(connection_of(inbox), "1", "text", "お願いします")
    twilio.faults.append(Fault(is_cut=True))
    first = reply(agent, "はい")
    twilio.faults.append(Fault(status=500))
    second = reply(agent, "はい")
    sweep_of(tasks.poll_inbox)()
    states = {Message.objects.get(pk=one.pk).state for one in (first, second)}
    assert states == {DeliveryState.UNKNOWN}


def test_two_polls_at_once_are_one(inbox, twilio):
    twilio.write(connection_of(inbox), "1", "unheard", "一つ")
    inbox.connection.facts = {"polling_since": timezone.now().isoformat()}
    inbox.connection.save()
    assert poll_inbox(inbox.pk) == []
    lost = timezone.now() - timedelta(minutes=10)  # its worker died
    inbox.connection.facts = {"polling_since": lost.isoformat()}
    inbox.connection.save()
    assert len(poll_inbox(inbox.pk)) == 1


def test_a_failing_poll_says_what_is_wrong_until_it_works_again(inbox, twilio):
    twilio.write(connection_of(inbox), "1", "unheard", "後で")
    twilio.faults.append(Fault(status=401))
    sweep_of(tasks.poll_inbox)()
    inbox.connection.refresh_from_db()
    assert inbox.connection.trouble == "credentials"
    assert "polling_since" not in inbox.connection.facts
    sweep_of(tasks.poll_inbox)()
    inbox.connection.refresh_from_db()
    assert inbox.connection.trouble == ""
    assert received() == ["後で"]


def test_a_stopped_inbox_is_not_polled(inbox, twilio):
    twilio.write(connection_of(inbox), "1", "unheard", "止めてあります")
    inbox.state = InboxState.STOPPED
    inbox.save()
    sweep_of(tasks.poll_inbox)()
    assert not ProviderEvent.objects.exists()


def test_the_check_says_what_is_still_to_be_set_at_twilio(inbox, twilio):
    adapter = adapter_of(inbox)
    report = adapter.check()
    assert (report.address, report.findings) == (NUMBER, [])
    assert report.name == inbox.name
    twilio.sms_url = "https://demo.twilio.com/welcome/sms/reply"
    assert "go elsewhere" in adapter.check().findings[0]
    twilio.sms_url = connection_of(inbox).public_url + "#rc=3"
    assert adapter.check().findings == []


def test_a_number_that_is_not_ours_is_found_by_the_check(inbox, twilio):
    other = PROVIDER.connected(inbox.account, inbox.queue, api=True, name="別")
    other.connection.settings = {**PROVIDER.settings, "number": "+815099999999"}
    other.connection.save()
    findings = adapter_of(other).check().findings
    assert findings == ["The number does not belong to this Twilio account."]
