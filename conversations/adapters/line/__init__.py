"""LINE's Messaging API: official accounts, in both directions.

`payloads` is what LINE posts, `reading` what it means, `writing` a reply in its words.
"""
