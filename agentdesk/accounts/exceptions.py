class SettingRefusedError(Exception):
    """A setting that cannot be as asked. The message is fit for the screen.

    `field` names the form field it belongs to; empty when it concerns the whole.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
