"""What a new web chat says and how it looks, until an admin changes it."""

from agentdesk.accounts.models import ClientAccount


def default_webchat(account: ClientAccount) -> dict[str, str]:
    """Colour and texts of a new web chat of the account, in both languages."""
    return {
        "colour": account.colour,
        "title_ja": account.name[:60],
        "title_en": account.name[:60],
        "greeting_ja": "お問い合わせありがとうございます。ご用件をお聞かせください。",
        "greeting_en": "Thank you for contacting us. How can we help you?",
        "away_ja": "ただいま担当者が不在です。メールアドレスまたは電話番号とともに"
        "ご用件をお送りください。担当者より折り返しご連絡いたします。",
        "away_en": "Nobody is here right now. Leave your message with an email address "
        "or a phone number, and we will get back to you.",
    }
