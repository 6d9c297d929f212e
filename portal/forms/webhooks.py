"""An address that is told of events, and what of."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aupolicy.facts.machine import WebhookTopic
from documents.words import describe_topic, describe_webhook_refusal
from portal.forms.fields import TEXT

_LONGEST = 500
_ABOUT_TOPICS = frozenset({"NO_TOPICS", "SCOPE_MISSING"})


class EndpointForm(forms.Form):
    """Where to, and which events; only those that the program may know of are offered."""

    # Checked by the operation: a browser or a form field would know less about it.
    url = forms.CharField(
        label=_("Adresse"),
        help_text=_(
            "Hierhin senden wir jedes Ereignis, zum Beispiel https://lohn.example.org/ereignisse."
        ),
        max_length=_LONGEST,
        widget=forms.URLInput(attrs={**TEXT, "spellcheck": "false"}),
        error_messages={"required": _("Geben Sie die Adresse an.")},
    )
    topics = forms.MultipleChoiceField(
        label=_("Worüber benachrichtigt wird"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Wählen Sie, worüber das Programm benachrichtigt wird.")},
    )
    # The newest address when the page was opened: sent twice, it makes no second one.
    after = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, offered: Sequence[WebhookTopic], after: str) -> None:
        everything = [topic.value for topic in offered]
        super().__init__(data, initial={"topics": everything, "after": after})
        field: Any = self.fields["topics"]
        field.choices = [(topic.value, topic.value) for topic in offered]
        self._offered = offered

    @property
    def options(self) -> list[tuple[WebhookTopic, str, str, bool]]:
        """Each event with its words, what it means, and whether it is chosen."""
        chosen = set(self["topics"].value() or ())
        return [(topic, *describe_topic(topic), topic.value in chosen) for topic in self._offered]

    @property
    def chosen(self) -> list[WebhookTopic]:
        """The events chosen; the form must be valid."""
        return [WebhookTopic(topic) for topic in self.cleaned_data["topics"]]

    def refuse(self, code: str, params: Mapping[str, str]) -> None:
        """Show why the operation does not take it, at the field."""
        told = dict(params)
        if "topic" in told:
            told["topic"] = describe_topic(WebhookTopic(told["topic"]))[0]
        field = "topics" if code in _ABOUT_TOPICS else "url"
        self.add_error(field, describe_webhook_refusal(code, told))
