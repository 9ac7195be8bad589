"""Text messages by Twilio: signed forms in, its REST API out, and a poll beside them."""
