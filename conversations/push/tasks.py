from agentdesk.jobs.declare import OUTBOUND, job
from conversations.push import send


@job(queue=OUTBOUND)
def push_notification(pk: int) -> None:
    """None that was lost is sent later: by then it stands in the bell."""
    send.push_notification(pk)
