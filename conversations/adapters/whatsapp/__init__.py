"""WhatsApp Cloud API: one business number, in both directions, templates included."""
