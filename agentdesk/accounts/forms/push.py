from django import forms
from django.core.exceptions import ValidationError

from agentdesk.web_push import is_endpoint, is_key

_POINT, _SECRET = 65, 16  # bytes. Source: RFC 8291, section 3.1 and 3.2


class PushForm(forms.Form):
    """What a browser says of itself when it subscribes. Nobody types it."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)

    def clean_endpoint(self) -> str:
        endpoint = str(self.cleaned_data["endpoint"])
        if not is_endpoint(endpoint):
            raise ValidationError("no address of a push service")
        return endpoint

    def clean_p256dh(self) -> str:
        return self._key("p256dh", _POINT)

    def clean_auth(self) -> str:
        return self._key("auth", _SECRET)

    def _key(self, name: str, length: int) -> str:
        key = str(self.cleaned_data[name])
        if not is_key(key, length):
            raise ValidationError("no key")
        return key
