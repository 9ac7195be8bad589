"""Telegram, by recorded updates and by its simulator."""
