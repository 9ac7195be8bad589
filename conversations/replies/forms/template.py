import re
import unicodedata
from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from agentdesk.web.fields import LineField, ProseField, SearchSelect
from conversations.adapters.registry import ADAPTERS
from conversations.choices import Channel
from conversations.models.template import LEVELS, MAX_TEMPLATE
from conversations.models.word_list import LONGEST_LINE, MOST_LINES
from conversations.replies.checks.variables import unknown_variables
from conversations.replies.checks.words import word_lines

_SEPARATOR = re.compile(r"[/／›>＞]")
_SHORTCUT = re.compile(r"[0-9a-z_-]+")


def _written_channels() -> list[tuple[str, str]]:
    """All but those that carry no written reply."""
    return [
        (value, str(label))
        for value, label in Channel.choices
        if value not in ADAPTERS or ADAPTERS[Channel(value)].capabilities.can_reply
    ]


def folder_path(typed: str) -> str:
    """配送 / 遅延 → 配送/遅延. Raises ValidationError where it is too deep."""
    parts = [part.strip() for part in _SEPARATOR.split(typed)]
    parts = [part for part in parts if part]
    if len(parts) > LEVELS:
        raise forms.ValidationError(
            gettext("A folder may lie in one other folder, not deeper.")
        )
    return "/".join(parts)


class FolderForm(forms.Form):
    folder = LineField(max_length=60, widget=forms.HiddenInput)
    name = LineField(
        label=_("Folder"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        path = folder_path(self.cleaned_data["name"])
        if not path:
            raise forms.ValidationError(gettext("Write a name."))
        return path


class FolderChoiceForm(forms.Form):
    """One of the folders there are, or a new one by its name."""

    folder = forms.ChoiceField(
        label=_("Folder"), required=False, widget=forms.RadioSelect
    )
    new = LineField(
        label=_("Or a new folder"),
        max_length=60,
        required=False,
        help_text=_("One or two levels, with a slash between them: Delivery/Late"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, folders: Sequence[str], **kwargs) -> None:  # type: ignore[no-untyped-def]  # as Form
        super().__init__(*args, **kwargs)
        shown = [(path, path.replace("/", " › ")) for path in folders]
        choices = [("", gettext("In no folder")), *shown]
        self.fields["folder"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean_new(self) -> str:
        return folder_path(self.cleaned_data["new"])

    @property
    def chosen(self) -> str:
        return str(self.cleaned_data["new"] or self.cleaned_data["folder"])


class TemplateForm(forms.Form):
    name = LineField(label=_("Name"), max_length=80)
    folder = LineField(
        label=_("Folder"),
        max_length=60,
        required=False,
        help_text=_("One or two levels, with a slash between them: Delivery/Late"),
    )
    shortcut = LineField(
        label=_("Shortcut"),
        max_length=21,
        required=False,
        help_text=_("Latin letters and digits: /okure finds it while writing a reply."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "off",
                "spellcheck": "false",
            }
        ),
    )
    body = ProseField(
        label=pgettext_lazy("template", "Text"),
        max_length=MAX_TEMPLATE,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels"),
        choices=_written_channels,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: offered on every channel."),
    )

    def __init__(self, *args, folders: Sequence[str] = (), **kwargs) -> None:  # type: ignore[no-untyped-def]  # as Form
        super().__init__(*args, **kwargs)
        self.fields["folder"].widget = SearchSelect(lambda: [(f, f) for f in folders])

    def clean_folder(self) -> str:
        return folder_path(self.cleaned_data["folder"])

    def clean_shortcut(self) -> str:
        typed = unicodedata.normalize("NFKC", self.cleaned_data["shortcut"])
        shortcut = typed.lower().lstrip("/")
        if shortcut and not _SHORTCUT.fullmatch(shortcut):
            raise forms.ValidationError(
                gettext("Only latin letters, digits, hyphens and underscores.")
            )
        return shortcut[:20]

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        unknown = unknown_variables(body)
        if unknown:
            raise forms.ValidationError(
                gettext("There is no variable %(names)s. Choose one from the list.")
                % {"names": ", ".join(unknown[:5])}
            )
        return body


class WordListForm(forms.Form):
    lines = ProseField(
        label=_("Words to avoid"),
        required=False,
        max_length=MOST_LINES * LONGEST_LINE,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "One a line. With an arrow, a better word is offered: 了解しました → 承知いたしました"
        ),
    )

    def clean_lines(self) -> list[str]:
        lines = word_lines(self.cleaned_data["lines"])
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(
                gettext("At most %(count)s words.") % {"count": MOST_LINES}
            )
        long = next((line for line in lines if len(line) > LONGEST_LINE), "")
        if long:
            raise forms.ValidationError(
                gettext("This line is too long: %(line)s") % {"line": long[:30] + "…"}
            )
        return lines
