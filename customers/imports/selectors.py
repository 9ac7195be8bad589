from agentdesk.accounts.models import ClientAccount
from customers.models import ImportSettings


def import_settings(account: ClientAccount) -> ImportSettings:
    """What the account has chosen, or the defaults, which are no row yet."""
    chosen = ImportSettings.objects.filter(account=account).first()
    return chosen or ImportSettings(account=account)
