"""What mail providers answer where they refuse for good, and what an agent is told."""

from conversations.adapters.simulation.wire import Answer
from conversations.choices import FailureCode

# kind, answer, failure, words of theirs that are shown
REFUSALS = [
    (
        "sendgrid",
        Answer.json(
            {"errors": [{"message": "does not match a verified Sender Identity"}]},
            status=403,
        ),
        FailureCode.PERMISSION,
        "does not match a verified",
    ),
    (
        "sendgrid",
        Answer.json({"errors": [{"message": "Payload too large"}]}, status=413),
        FailureCode.FILE_SIZE,
        "Payload too large",
    ),
    (
        "mailgun",
        Answer.json({"message": "'to' parameter is not a valid address."}, status=400),
        FailureCode.RECIPIENT,
        "not a valid address",
    ),
    (
        "mailgun",
        Answer.json({"message": "Domain mg is not allowed to send"}, status=403),
        FailureCode.PERMISSION,
        "not allowed to send",
    ),
    (
        "ses",
        Answer.json(
            {"message": "Email address is not verified. x@example.jp"},
            status=400,
            headers={"x-amzn-ErrorType": "MessageRejected"},
        ),
        FailureCode.PERMISSION,
        "not verified",
    ),
    (
        "ses",
        Answer.json(
            {"message": "Illegal content"},
            status=400,
            headers={"x-amzn-ErrorType": "MessageRejected"},
        ),
        FailureCode.CONTENT,
        "Illegal content",
    ),
    (
        "ses",
        Answer.json(
            {"message": "Sending is paused"},
            status=400,
            headers={"x-amzn-ErrorType": "SendingPausedException"},
        ),
        FailureCode.PERMISSION,
        "Sending is paused",
    ),
    (
        "postmark",
        Answer.json(
            {
                "ErrorCode": 406,
                "Message": "You tried to send to recipient(s) that have been "
                "marked as inactive. Found inactive addresses: hanako@example.jp. "
                "Inactive recipients are ones that have generated a hard bounce.",
            },
            status=422,
        ),
        FailureCode.BLOCKED,
        "marked as inactive",
    ),
    (
        "postmark",
        Answer.json(
            {"ErrorCode": 300, "Message": "Invalid 'Cc' address: 'x@bad'."},
            status=422,
        ),
        FailureCode.RECIPIENT,
        "Invalid 'Cc' address",
    ),
]
