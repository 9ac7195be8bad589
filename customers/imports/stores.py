"""The store a row belongs to: by its code, or the one that was named for the file."""

from django.utils.translation import gettext as _

from agentdesk.audit import log
from customers.imports.base import BadRowError, Source, WrongFileError
from customers.imports.values import words
from customers.models import Store


class StoreFinder:
    """Stores by code, read once. A code with a name beside it makes a new store."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.by_code = {
            store.code: store.pk
            for store in Store.objects.filter(account=source.account)
        }

    def require_default(self) -> None:
        """For a file without a column of stores. Raises WrongFileError."""
        if self.source.default_store is not None:
            return
        if len(self.by_code) == 1:
            self.source.default_store = Store.objects.get(account=self.source.account)
            return
        if not self.by_code:
            raise WrongFileError(
                _(
                    "The account has no store yet: add columns with the code and the "
                    "name of the store (店舗コード, 店舗名), and it is made."
                )
            )
        raise WrongFileError(
            _("The file does not say the store. Name it: --store CODE (%(codes)s).")
            % {"codes": ", ".join(sorted(self.by_code)) or "–"}
        )

    def find(self, code: str, name: str, kind: str) -> int:
        if not code:
            if self.source.default_store is None:
                raise BadRowError(_("The store is missing."))
            return self.source.default_store.pk
        if code not in self.by_code:
            if not name:
                raise BadRowError(
                    _(
                        "There is no store with the code “%(code)s”; with a name "
                        "(店舗名) in the row it would be made."
                    )
                    % {"code": code[:40]}
                )
            self.by_code[code] = self._create(code, name, kind)
        return self.by_code[code]

    def _create(self, code: str, name: str, kind: str) -> int:
        store = Store.objects.create(
            account=self.source.account,
            code=words(code, limit=40, name=_("The code of the store")),
            name=words(name, limit=100, name=_("The name of the store")),
            kind=kind,
        )
        after = {"code": code, "name": name, "kind": kind}
        log.record("store.created", store, actor=None, after=after)
        return store.pk
