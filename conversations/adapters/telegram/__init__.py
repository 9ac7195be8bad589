"""Telegram: one bot, in private chats. Groups are not taken up.

Source for all of it: Telegram Bot API.
"""
