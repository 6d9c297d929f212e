"""What goes on in the rooms of the constructed world: files, papers, an account, a quote."""

from datetime import UTC, date, datetime, time

from aupolicy.kernel.month import Month
from aupolicy.models import GroupContract, User, WorkItem
from aupolicy.operations.work import claim_work
from billing.facts.debit import Scheme
from billing.operations.mandate_changes import request_mandate_change
from billing.operations.uploads import check_upload
from documents.facts import DocumentKind
from documents.models import Document
from documents.operations import file_confirmations, issue_confirmations
from members.facts import Channel, Notice, NoticeKind, UploadKind
from members.models import Upload
from members.operations import apply_notices
from members.operations.uploads import apply_upload, receive_upload, release_upload
from tests.portal.offers import create_application
from tests.portal.world import World

_HEADING = "Personalnummer;Nachname;Vorname;Geburtsdatum;Meldung;Wirksam ab;Bruttoentgelt;Grund"


def play(world: World, people: dict[str, User]) -> dict[str, Upload]:
    """Everything, in the order in which a month goes; returns the files by what became of them."""
    uploads = {
        "applied": hand_in(world, people["hr"], "Zugänge.csv", _joiners(world)),
        "checked": hand_in(world, people["hr_editor"], "Änderungen.csv", _mixed(world)),
        "columns": hand_in(world, people["broker"], "Export.csv", _unknown_columns(world)),
        "refused": hand_in(world, people["hr"], "Bericht.csv", ["%PDF-1.7"]),
    }
    released = release_upload(
        upload=uploads["applied"], skips_failed_rows=False, by=people["hr"], now=_at(world.today)
    )
    apply_upload(upload_id=released.pk, now=_at(world.today))
    _file_papers(world, people["hairdresser"])
    request_mandate_change(
        contract=world.contract,
        account_holder="Luftdruck GmbH",
        iban="DE75512108001245126199",
        scheme=Scheme.CORE,
        requested_by=people["hr"],
        now=_at(world.today),
    )
    create_application(by=people["broker"], today=world.today)
    _ask_the_insurer(world, people)
    return uploads


def hand_in(world: World, sender: User, name: str, lines: list[str]) -> Upload:
    """Hand a file in for the large employer and have it checked."""
    upload = receive_upload(
        contract=world.contract,
        kind=UploadKind.CHANGES,
        file_name=name,
        content="\r\n".join(lines).encode(),
        effective=None,
        sender=sender,
        now=_at(world.today),
    )
    check_upload(upload_id=upload.pk, now=_at(world.today))
    upload.refresh_from_db()
    return upload


def _ask_the_insurer(world: World, people: dict[str, User]) -> None:
    """Notices that cannot pass by themselves; a clerk has taken the first of them."""
    last_day = Month.of(world.today).last_day
    salon = world.contracts["Friseursalon Haarschön"]
    for contract, sender, kind, number in (
        (world.contract, "hr_editor", NoticeKind.RETURN, "1012"),
        (world.contract, "broker", NoticeKind.LEAVE, "4711"),
        (salon, "hairdresser", NoticeKind.LEAVE, "1017"),
    ):
        notice = Notice(kind, number, last_day, _at(world.today))
        apply_notices(
            contract=contract, notices=[notice], sender=people[sender], channel=Channel.FORM
        )
    item = WorkItem.objects.filter(kind=WorkItem.Kind.NOTICE, done_at=None).earliest("pk")
    claim_work(item=item, user=people["clerk"], now=_at(world.today))


def _joiners(world: World) -> list[str]:
    day = _written(Month.of(world.today).plus(2).first_day)
    return [
        _HEADING,
        f"3101;Arslan;Deniz;14.03.1994;Zugang;{day};2.850,00;",
        f"3102;Lorenz;Birgit;02.11.1971;Zugang;{day};3.420,00;",
    ]


def _mixed(world: World) -> list[str]:
    """Rows that pass, one that jumps, one with a day that is none, one about nobody.

    They hold from the next month on, so that the next statement shows what they cost.
    """
    day = _written(Month.of(world.today).plus(1).first_day)
    end = _written(Month.of(world.today).last_day)
    return [
        _HEADING,
        f"3103;Okafor;Grace;30.02.1988;Zugang;{day};2.700,00;",
        f"1003;;;;Gehaltsänderung;{day};2.900,00;",
        f"1006;;;;Gehaltsänderung;{day};24.000,00;",
        f"1009;;;;Abgang;{end};;Kündigung",
        f"9999;;;;Abgang;{end};;Rente",
    ]


def _unknown_columns(world: World) -> list[str]:
    day = _written(Month.of(world.today).plus(2).first_day)
    return [
        "Schlüssel;Nachname;Vorname;Geburtsdatum;Meldung;Wirksam ab;Betrag A;Abteilung",
        f"3104;Weber;Karin;11.07.1985;Zugang;{day};3.100,00;Lager",
    ]


def _file_papers(world: World, by: User) -> None:
    contract: GroupContract = world.contracts["Friseursalon Haarschön"]
    issue_confirmations(contract=contract, as_of=world.today, processes=1)
    copies = Document.objects.filter(
        contract=contract, kind=DocumentKind.CONFIRMATION_EMPLOYER
    ).order_by("pk")
    file_confirmations(
        documents=list(copies[:2]),
        signed_on=max(world.today, copies[0].created_at.date()),
        filed_by=by,
        now=_at(world.today),
        today=world.today,
    )


def _written(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9, 45), tzinfo=UTC)
