"""The style guide: every component in every state, and the desk in sample data."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from agentdesk.web.templatetags.components import COLOURS

PAGES = ("components", "forms", "desk", "page", "plain")


class SampleForm(forms.Form):
    """One field of each kind, to see what `{{ form }}` makes of it."""

    name = forms.CharField(
        label="氏名", max_length=20, help_text="姓と名のあいだに空白"
    )
    email = forms.EmailField(label="メールアドレス")
    channel = forms.ChoiceField(
        label="チャネル", choices=[("chat", "ウェブチャット"), ("phone", "電話")]
    )
    kind = forms.ChoiceField(
        label="用件",
        choices=[("buy", "購入前"), ("return", "返品・交換")],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label="曜日",
        choices=[("mon", "月"), ("tue", "火"), ("wed", "水")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    when = forms.DateTimeField(
        label="日時",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    text = forms.CharField(label="内容", widget=forms.Textarea, required=False)
    file = forms.FileField(label="ファイル", required=False)
    agree = forms.BooleanField(label="確認しました")


def styleguide(request: HttpRequest, page: str = "components") -> HttpResponse:
    """`?state=empty|lease|call` shows the desk in that state."""
    if page not in PAGES:
        raise Http404
    state = request.GET.get("state", "")
    context = {
        "page": page,
        "pages": PAGES,
        "form": SampleForm(),
        "wrong_form": SampleForm({"name": "とても長い名前" * 5, "email": "x"}),
        "empty": state == "empty",
        "lease": state == "lease",
        "call": state == "call",
        "theme": request.GET.get("theme", ""),
        "tones": ("neutral", "accent", "info", "success", "warning", "danger"),
        "colours": COLOURS,
        "title": _("Style guide"),
    }
    return render(request, f"styleguide/{page}.html", context)
