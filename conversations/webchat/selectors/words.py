"""Every word of the chat that a visitor reads, in the language that is active."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def chat_words() -> dict[str, str]:
    return _frame_words() | _message_words() | _form_words() | _call_words()


def _frame_words() -> dict[str, str]:
    return {
        "open": _("Open the chat"),
        "openUnread": _("Open the chat: %(count)s new messages"),
        "close": _("Close the chat"),
        "back": _("Back to the chat"),
        "backUnread": _("Back to the chat: %(count)s new messages"),
        "greeting": _("Hello! How can we help you?"),
        "away": _(
            "We are away right now. Leave a message with your email address or "
            "phone number, and we will answer you there."
        ),
        "statusOpen": _("We usually answer within minutes"),
        "statusClosed": _("Outside business hours"),
        "statusAway": _("Nobody is at the desk right now"),
        "nextOpening": _("We open again on %(time)s."),
        "offline": _("No connection. What you write is kept and sent later."),
        "log": _("Messages"),
        "earlier": _("Show earlier messages"),
        "newMessages": _("New messages"),
        "today": _("Today"),
        "yesterday": _("Yesterday"),
        "failed": _("The chat could not be loaded. Please try again."),
        "retry": _("Try again"),
        "identityRefused": _("You are chatting without being signed in."),
    }


def _message_words() -> dict[str, str]:
    return {
        "write": _("Write a message"),
        "send": _("Send"),
        "attach": _("Attach a file"),
        "sending": _("Sending…"),
        "waiting": _("Waiting to be sent"),
        "sent": _("Sent"),
        "seen": _("Read"),
        "notSent": _("Not sent"),
        "sendAgain": _("Send again"),
        "discard": pgettext("message", "Discard"),
        "tooFast": _("Many messages at once: sending goes on in %(seconds)s seconds."),
        "tooLong": _("Too long: %(over)s characters over the limit."),
        "fileTooBig": _("This file is too large: at most %(limit)s MB."),
        "fileKind": _(
            "Files of this kind cannot be sent. Pictures, PDF, Office and text can."
        ),
        "uploading": _("Sending %(name)s: %(percent)s%%"),
        "download": _("Download %(name)s"),
        "typing": _("Writing an answer…"),
        "agent": _("Agent: %(name)s"),
        "you": _("You"),
        "shop": _("Shop"),
    }


def _form_words() -> dict[str, str]:
    return {
        "formTitle": _("Before we begin"),
        "formHelp": _("So that we can help you quickly, please tell us:"),
        "awayTitle": _("Leave a message"),
        "name": _("Your name"),
        "email": _("Your email address"),
        "phone": _("Your phone number"),
        "subject": _("What is it about?"),
        "message": _("Your message"),
        "start": _("Start the chat"),
        "leave": _("Send the message"),
        "left": _("Thank you. We will answer to %(address)s."),
        "required": _("Please fill this in."),
        "badEmail": _("Please check the email address."),
        "badPhone": _("Please check the phone number."),
        "oneOf": _("Please enter an email address or a phone number."),
        "optional": _("optional"),
        "changeAddress": _("Change the address"),
    }


def _call_words() -> dict[str, str]:
    return {
        "call": _("Inquiries by phone"),
        "callHelp": _(
            "Call this number and read out the code. "
            "You need not explain again what you have written here."
        ),
        "callNumber": _("Number to call"),
        "callCode": _("Code to read out"),
        "callQr": _("Scan with your phone to call"),
        "callEnds": _("Valid for another %(time)s"),
        "callEnded": _("This code is no longer valid."),
        "callRenew": _("New code"),
    }
