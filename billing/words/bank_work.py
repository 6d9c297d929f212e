"""What is said to whoever clears the bank's entries and looks after returned debits."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from billing.facts.reactions import MandateEffect, NextStep, Occurrence
from billing.queries.reactions import get_shipped_reactions
from billing.rules.receipt_matching import Reason


def describe_clear_refusal(code: str, params: Mapping[str, str]) -> str:
    """Why an entry cannot be cleared so."""
    texts = {
        "NOT_ALLOWED": _("Dazu fehlt Ihnen das Recht."),
        "NOT_UNCLEAR": _("Das ist schon geklärt."),
        "NO_NOTE": _("Schreiben Sie dazu, was es ist oder was mit dem Rest geschehen soll."),
        "NOTHING_CHOSEN": _("Geben Sie bei mindestens einem Posten einen Betrag an."),
        "NO_RECEIPT": _("Das passt nicht zur Richtung dieses Umsatzes."),
        "TOO_MUCH": _("Bei %(number)s ist nicht so viel offen."),
        "MORE_THAN_CAME": _("Sie verteilen mehr, als eingegangen ist."),
        "DEBIT_ENDED": _("Diese Lastschrift ist schon zurückgekommen oder nie eingereicht worden."),
        "LESS_THAN_DEBIT": _("Der Umsatz ist kleiner als diese Lastschrift."),
        "NO_CODE": _("Geben Sie den Rückgabegrund der Bank an, zum Beispiel MS03."),
    }
    return texts[code] % params


def describe_hand_refusal(code: str, params: Mapping[str, str]) -> str:
    """Why a return cannot be recorded by hand."""
    texts = {
        "NOT_ALLOWED": _("Dazu fehlt Ihnen das Recht."),
        "NO_CODE": _("Geben Sie den Rückgabegrund der Bank an, zum Beispiel MS03."),
        "ENDED": _("Diese Lastschrift ist schon zurückgekommen oder nie eingereicht worden."),
        "IN_FUTURE": _("Der Tag liegt in der Zukunft."),
        "BEFORE_DUE": _("Diese Lastschrift war erst am %(day)s fällig."),
        "FEE_NEGATIVE": _("Das Entgelt kann nicht negativ sein."),
    }
    return texts[code] % params


def describe_reaction_refusal(code: str) -> str:
    """Why a rule cannot be changed so."""
    texts = {
        "NOT_ALLOWED": _("Dazu fehlt Ihnen das Recht."),
        "CODE_UNKNOWN": _("Diesen Rückgabegrund gibt es nicht."),
        "PAST": _("Eine Regel kann nicht für Tage gelten, die schon vorbei sind."),
        "NO_REASON": _("Nennen Sie den Grund der Änderung."),
        "RETRY_WITHOUT_MANDATE": _(
            "Ein ruhendes Mandat trägt keinen zweiten Einzug. Lassen Sie die Tage leer oder das"
            " Mandat weitergelten."
        ),
        "NO_RETRY_DAYS": _("Geben Sie an, nach wie vielen Tagen erneut eingereicht wird."),
    }
    return texts[code]


def describe_proposal_reason(reason: Reason) -> str:
    """Why an open item is proposed for a transfer."""
    return {
        Reason.NUMBER: _("Nummer im Verwendungszweck"),
        Reason.CONTRACT: _("Vertrag im Verwendungszweck"),
        Reason.AMOUNT: _("gleicher Betrag"),
        Reason.IBAN: _("Konto des Mandats"),
        Reason.NAME: _("gleicher Name"),
    }[reason]


def describe_occurrence(occurrence: str) -> str:
    """The first time, or again."""
    return {Occurrence.FIRST: _("erstes Mal"), Occurrence.REPEAT: _("wiederholt")}[
        Occurrence(occurrence)
    ]


def describe_mandate_effect(effect: str) -> str:
    """What becomes of the mandate."""
    return {MandateEffect.KEEP: _("gilt weiter"), MandateEffect.SUSPEND: _("ruht")}[
        MandateEffect(effect)
    ]


def describe_next_step(step: str) -> str:
    """What happens next."""
    return {
        NextStep.REQUEST_PAYMENT: _("Zahlung anfordern"),
        NextStep.RESEND: _("erneut einreichen"),
        NextStep.CLERK: _("Sachbearbeitung"),
    }[NextStep(step)]


def describe_return_reason(code: str) -> str:
    """What a bank's code for a returned debit means; the code itself where it is not known."""
    return _meanings().get(code, get_shipped_reactions().meanings.get(code, code))


def _meanings() -> dict[str, str]:
    """The meanings of the shipped table, so that they are translated."""
    return {
        "AC01": _("IBAN falsch"),
        "AC04": _("Konto aufgelöst"),
        "AC06": _("Konto für Lastschriften gesperrt"),
        "AC13": _("Zahler ist Verbraucher, nur Basislastschrift möglich"),
        "AG01": _("Lastschrift auf diesem Konto nicht zugelassen"),
        "AG02": _("Art oder Abfolge der Lastschrift falsch"),
        "AM02": _("Betrag nicht zulässig"),
        "AM04": _("Konto nicht gedeckt"),
        "AM05": _("doppelt eingereicht"),
        "AM10": _("Kontrollsumme falsch"),
        "BE05": _("Gläubiger-ID nicht anerkannt"),
        "CNOR": _("Bank des Gläubigers im Verfahren nicht erreichbar"),
        "DNOR": _("Bank des Zahlers im Verfahren nicht erreichbar"),
        "DT01": _("Datum nicht zulässig"),
        "ED05": _("Verrechnung fehlgeschlagen"),
        "FF01": _("Dateiformat nicht zulässig"),
        "FF05": _("Lastschriftart nicht zulässig"),
        "MD01": _("kein gültiges Mandat"),
        "MD02": _("Mandatsangaben fehlen oder sind falsch"),
        "MD06": _("Zahler hat widersprochen"),
        "MD07": _("Kontoinhaber verstorben"),
        "MS02": _("vom Zahler vor Fälligkeit abgelehnt"),
        "MS03": _("kein Grund genannt"),
        "RC01": _("BIC falsch"),
        "RR01": _("Pflichtangaben fehlen (Konto des Zahlers)"),
        "RR02": _("Pflichtangaben fehlen (Name oder Anschrift des Zahlers)"),
        "RR03": _("Pflichtangaben fehlen (Name oder Anschrift des Gläubigers)"),
        "RR04": _("aufsichtsrechtlicher Grund"),
        "SL01": _("vom Zahler bei seiner Bank gesperrt"),
        "TM01": _("nach Annahmeschluss"),
        "OTHER": _("jeder andere Grund"),
    }
