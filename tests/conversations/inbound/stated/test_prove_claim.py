"""How a stated address is proved: by an answer to our mail, or by a code."""

import json
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from agentdesk.audit.models import AuditEntry
from conversations.choices import Channel, ThreadEvent
from conversations.models import ClaimCode, Delivery, Message, Reach
from customers.choices import ClaimState
from customers.models import Claim, Identity
from tests.conversations.adapters.email.mailbox import Box
from tests.conversations.inbound.stated.words import STATED, thread_of
from tests.conversations.providers.email import ADDRESS
from tests.conversations.webchat.chat import ChatVisitor

pytestmark = pytest.mark.django_db


def write_to_stated(box: Box, http, claim: Claim, **more) -> Message:
    """By the desk's form, to the address that was stated."""
    written = {
        "kind": "reply",
        "body": "ご注文の件です。",
        "client_id": str(uuid4()),
        "via": f"{box.inbox.pk}:c{claim.pk}",
        **more,
    }
    path = reverse("desk:compose", args=[thread_of(claim).pk])
    with box.committing(execute=True):
        assert http.post(path, written).status_code == 201
    return Message.objects.get(client_id=written["client_id"])


def sent_mails(esp) -> list[dict[str, object]]:
    return [json.loads(request.data) for request, _answer in esp.log]


def reply_address(esp) -> str:
    return str(sent_mails(esp)[-1]["ReplyTo"])


# --- writing there ---
def test_the_composer_offers_it_and_says_that_it_is_only_stated(box, claim, http):
    thread = thread_of(claim)
    html = http.get(reverse("desk:conversation", args=[thread.pk])).content.decode()
    value = f"{box.inbox.pk}:c{claim.pk}"
    assert f'data-pick="{value}"' in html
    path = reverse("desk:composer-via", args=[thread.pk])
    via = http.get(path, {"picked": value}).content.decode()
    assert "本人申告で、まだ確認されていません" in via
    usual = http.get(path).content.decode()
    assert "本人申告で、まだ確認されていません" not in usual


def test_a_mail_goes_there_and_nobody_owns_the_address_by_it(box, claim, http, esp):
    message = write_to_stated(box, http, claim)
    message.refresh_from_db()
    assert (message.state, message.identity) == ("sent", None)
    [mail] = sent_mails(esp)
    assert mail["To"] == STATED
    assert not Identity.objects.filter(value=STATED).exists()
    html = http.get(
        reverse("desk:conversation", args=[message.conversation_id])
    ).content.decode()
    assert f"{STATED} へ送信" in html


def test_who_asked_for_no_more_messages_gets_none_by_anothers_word(box, claim, http):
    real = box.get(sender=STATED)
    Reach.objects.filter(identity=real.identity).update(closed_reason="opted_out")
    written = {"kind": "reply", "body": "ご注文の件です。", "client_id": str(uuid4())}
    written["via"] = f"{box.inbox.pk}:c{claim.pk}"
    path = reverse("desk:compose", args=[thread_of(claim).pk])
    refused = http.post(path, written)
    assert refused.status_code == 422
    assert not Delivery.objects.exists()
    assert http.post(reverse("desk:claim-code", args=[claim.pk])).status_code == 422


# --- by an answer ---
def test_an_answer_with_our_mark_proves_it(box, claim, http, esp):
    write_to_stated(box, http, claim)
    answer = box.get(sender=STATED, to=reply_address(esp), text="ありがとうございます")
    assert answer.conversation == thread_of(claim)
    identity = Identity.objects.get(value=STATED)
    assert (identity.customer, identity.verified) == (claim.customer, True)
    claim.refresh_from_db()
    assert claim.state == ClaimState.PROVED
    assert AuditEntry.objects.get(action="claim.proved").after["proof"] == "answer"


def test_an_answer_by_its_message_id_proves_it_too(box, claim, http, esp):
    message = write_to_stated(box, http, claim)
    ours = Delivery.objects.get(message=message).provider_message_ids[-1]
    answer = box.get(sender=STATED, fields=f"In-Reply-To: <{ours}>\r\n")
    assert answer.conversation == thread_of(claim)


def test_a_mail_without_the_mark_goes_to_the_real_senders_own_customer(
    box, claim, http, esp
):
    write_to_stated(box, http, claim)
    mail = box.get(sender=STATED, text="何のことでしょうか")
    assert mail.conversation != thread_of(claim)
    assert Identity.objects.get(value=STATED).customer != claim.customer


def test_the_mark_in_somebody_elses_mail_proves_nothing(box, claim, http, esp):
    write_to_stated(box, http, claim)
    mail = box.get(sender="jiro@example.jp", to=reply_address(esp), text="横から")
    assert mail.conversation != thread_of(claim)
    claim.refresh_from_db()
    assert claim.state == ClaimState.OPEN
    line = thread_of(claim).messages.get(event=ThreadEvent.TO_CHECK)
    assert line.data["after"]["conversation"] == mail.conversation_id


def test_a_machines_answer_proves_nothing(box, claim, http, esp):
    write_to_stated(box, http, claim)
    auto = "Auto-Submitted: auto-replied\r\n"
    box.get(sender=STATED, to=reply_address(esp), text="不在です", fields=auto)
    claim.refresh_from_db()
    assert claim.state == ClaimState.OPEN


def test_who_had_a_copy_cannot_prove_it_with_a_forged_sender(box, claim, http, esp):
    write_to_stated(box, http, claim, cc="thief@example.jp")
    mail = box.get(sender=STATED, to=reply_address(esp), text="偽物です")
    assert mail.conversation != thread_of(claim)
    claim.refresh_from_db()
    assert claim.state == ClaimState.OPEN


# --- by a code ---
def send_code(box: Box, http, claim: Claim):
    with box.committing(execute=True):
        return http.post(reverse("desk:claim-code", args=[claim.pk]))


def code_in(esp) -> str:
    found = re.search(r"確認コードは (\d{6})", str(sent_mails(esp)[-1]["TextBody"]))
    assert found is not None
    return found[1]


def redeem(http, claim: Claim, code: str):
    return http.post(reverse("desk:claim-redeem", args=[claim.pk]), {"code": code})


def test_the_code_is_sent_and_stored_nowhere(box, claim, http, esp):
    assert send_code(box, http, claim).status_code == 200
    code = code_in(esp)
    message = Message.objects.get(data__has_key="claim_code")
    delivery = Delivery.objects.get(message=message)
    stored = (message.body, message.mail.text, message.mail.html, delivery.payload)
    assert code not in repr((stored, message.data, AuditEntry.objects.values_list()))
    assert "######" in message.body
    assert AuditEntry.objects.filter(action="claim.code_sent").exists()


def test_the_visitor_types_it_into_the_chat(box, claim, visitor, http, esp):
    send_code(box, http, claim)
    visitor.send(f"コードは {code_in(esp)} です")
    assert Identity.objects.get(value=STATED).customer == claim.customer
    proved = thread_of(claim).messages.filter(event=ThreadEvent.CLAIM_PROVED)
    assert proved.count() == 1


def test_the_agent_types_what_the_customer_reads_out(box, claim, http, esp, agent):
    send_code(box, http, claim)
    code = code_in(esp)
    assert redeem(http, claim, f"{code[:3]} {code[3:]}").status_code == 200
    assert Identity.objects.get(value=STATED).verified
    entry = AuditEntry.objects.get(action="claim.proved")
    assert (entry.actor, entry.after["proof"]) == (agent.user, "code")


def test_five_wrong_tries_and_the_code_is_good_no_more(box, claim, visitor, http, esp):
    send_code(box, http, claim)
    code = code_in(esp)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _try in range(2):
        visitor.send(wrong)
    for _try in range(3):
        assert redeem(http, claim, wrong).status_code == 422
    assert redeem(http, claim, code).status_code == 422
    visitor.send(code)
    assert not Identity.objects.filter(value=STATED).exists()
    assert AuditEntry.objects.filter(action="claim.code_refused").count() == 5


def test_an_old_code_a_used_code_and_one_of_another_claim_are_no_good(
    box, claim, visitor, webchat, http, esp
):
    other = ChatVisitor(webchat)
    other.begin()
    other.send("別の人です")
    other.post("about/", {"email": STATED})
    send_code(box, http, claim)
    first = code_in(esp)
    other.send(first)  # read over somebody's shoulder: it is not theirs
    send_code(box, http, claim)
    visitor.send(first)
    assert not Identity.objects.filter(value=STATED).exists()
    second = code_in(esp)
    ClaimCode.objects.update(expires_at=ClaimCode.objects.latest("pk").created_at)
    assert redeem(http, claim, second).status_code == 422


def test_nobody_is_flooded_with_codes(box, claim, http, esp):
    for _time in range(3):
        assert send_code(box, http, claim).status_code == 200
    assert send_code(box, http, claim).status_code == 422
    assert len(sent_mails(esp)) == 3


def test_a_right_code_for_what_another_has_is_for_somebody_to_judge(
    box, claim, visitor, http, esp
):
    send_code(box, http, claim)
    code = code_in(esp)
    real = box.get(sender=STATED).conversation
    visitor.send(code)
    assert Identity.objects.get(value=STATED).customer == real.customer
    reasons = {
        line.data["after"]["reason"]
        for line in thread_of(claim).messages.filter(event=ThreadEvent.TO_CHECK)
    }
    assert reasons == {"states_other", "code_right"}


def test_a_member_who_types_that_code_learns_that_it_was_right(box, claim, http, esp):
    send_code(box, http, claim)
    code = code_in(esp)
    box.get(sender=STATED)
    response = redeem(http, claim, code)
    assert response.status_code == 200
    toast = json.loads(response.headers["HX-Trigger"])["toast"]
    assert toast["tone"] == "info"
    assert "正しく入力" in toast["text"]


# --- and the visitor sees nothing of it ---
def test_nothing_of_it_is_shown_to_the_visitor(box, claim, visitor, http, esp):
    box.get(sender=STATED, text="秘密の用件")
    write_to_stated(box, http, claim)
    send_code(box, http, claim)
    shown = json.dumps(visitor.get("messages/").json(), ensure_ascii=False)
    shown += json.dumps(visitor.begin(), ensure_ascii=False)
    for words in ("秘密の用件", "ご注文の件です", "確認コード", "要確認"):
        assert words not in shown
    assert Channel.WEBCHAT in {one.channel for one in Message.objects.all()}
    assert ADDRESS not in shown
