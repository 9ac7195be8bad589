"""Email, as it really arrives: reading it, without any model. What cannot be read is
shown as far as it can be, and named in `Mail.broken`; no mail raises."""
