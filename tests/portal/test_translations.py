"""English is complete, and compiled from what it says."""

import re

import polib
import pytest

from portal.management.commands.update_translations import (
    CATALOGUE,
    find_messages,
    list_untranslated,
    merge,
)
from portal.parsing import Message, find_in_calls, find_in_python

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    """The English catalogue as it is committed."""
    return polib.pofile(str(CATALOGUE))


def test_every_text_has_an_english_wording(catalogue: polib.POFile) -> None:
    needed = merge(find_messages(), catalogue)
    assert [entry.msgid for entry in list_untranslated(needed)] == []


def test_nothing_is_translated_that_is_not_there(catalogue: polib.POFile) -> None:
    used = {(message.text, message.context or None) for message in find_messages()}
    assert [e.msgid for e in catalogue if (e.msgid, e.msgctxt) not in used] == []


def test_the_compiled_catalogue_says_the_same(catalogue: polib.POFile) -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert {_content(entry) for entry in compiled} == {_content(entry) for entry in catalogue}


def _content(entry: polib.POEntry | polib.MOEntry) -> tuple[str, str, str, tuple[str, ...]]:
    plurals = tuple(text for _, text in sorted(entry.msgstr_plural.items()))
    return (entry.msgctxt or "", entry.msgid, entry.msgstr, plurals)


def test_placeholders_are_kept(catalogue: polib.POFile) -> None:
    def names(text: str) -> set[str]:
        return {match[0] for match in _PLACEHOLDER.finditer(text)}

    wrong = []
    for entry in catalogue:
        allowed = names(entry.msgid) | names(entry.msgid_plural)
        for text in entry.msgstr_plural.values() or [entry.msgstr]:
            exact = not entry.msgid_plural
            if (exact and names(text) != allowed) or not names(text) <= allowed:
                wrong.append(entry.msgid)
    assert wrong == []


def test_texts_are_found_where_they_can_stand() -> None:
    python = """
from django.utils.translation import gettext as _
a = _("eins")
b = ngettext("%(n)s Tag", "%(n)s Tage", 2)
c = pgettext_lazy("Meldung", "wirksam")
d = _(variable)
e = other("nicht")
"""
    assert set(find_in_python(python)) == {
        Message("eins"),
        Message("%(n)s Tag", plural="%(n)s Tage"),
        Message("wirksam", context="Meldung"),
    }
    template = "XX gettext(u'zwei (2)') XX ngettext(u'a', u'b', count) X _(\"drei\") X"
    assert set(find_in_calls(template)) == {
        Message("zwei (2)"), Message("a", plural="b"), Message("drei")
    }  # fmt: skip
