"""A customer's requests from opening to close: owners, reasons, snoozes, follow-ups.

It knows neither how messages come in nor how they leave.
"""
