"""Pure decisions about where and when work is taken; no model is read here."""
