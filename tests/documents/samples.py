"""Constructed letters: no real people, the figures of the product's worked examples."""

from datetime import date
from decimal import Decimal

from billing.facts.debit import Scheme
from documents.facts import (
    Address,
    BandRow,
    ConfirmationContext,
    Contact,
    CorrectionRow,
    CoverTerms,
    InsuredRow,
    Insurer,
    LeaverRow,
    MandateContext,
    Payment,
    Settlement,
    StatementContext,
    TaxRow,
)

INSURER = Insurer(
    name="Muster Krankenversicherung AG",
    street="Musterallee",
    building_number="1",
    postal_code="12345",
    town="Musterstadt",
    phone="+49 30 23125 000",
    email="bau@muster-kv.example",
    supervisory_text=(
        "Vorstand: Dr. Maria Muster (Vorsitz), Max Beispiel. "
        "Vorsitz des Aufsichtsrats: Erika Mustermann. "
        "Sitz: Musterstadt, Amtsgericht Musterstadt HRB 00000. "
        "Aufsicht: Bundesanstalt für Finanzdienstleistungsaufsicht (BaFin)."
    ),
    creditor_identifier="DE98ZZZ09999999999",
    iban="DE02120300000000202051",
    bic="BYLADEM1001",
)
BROKER = Contact("Maklerhaus Beispiel GmbH", "bau@maklerhaus.example")
EXEMPT = "steuerfrei nach § 4 Abs. 1 Nr. 5 Buchst. b VersStG (Leistung an die versicherte Person)"
EXCLUSIONS = (
    "Arbeitsunfähigkeit infolge von Alkoholismus oder einer Suchterkrankung.",
    "Erkrankungen infolge einer vorsätzlich begangenen oder versuchten Straftat.",
    "Arbeitsunfähigkeit durch medizinisch nicht angezeigte Behandlungen oder Eingriffe.",
    "Unfälle bei Extremsportarten, etwa Base-Jumping oder Tauchen in mehr als 30 Metern Tiefe.",
    "Krankheiten, die mit einer Schwangerschaft einhergehen. Jede andere ist versichert.",
)
BANDS = (
    (1, "0.00", "1000.00", "6.80"),
    (2, "1000.00", "1500.00", "9.00"),
    (3, "1500.00", "2000.00", "11.20"),
    (4, "2000.00", "2500.00", "13.00"),
    (5, "2500.00", "3000.00", "14.80"),
    (6, "3000.00", "3500.00", "16.60"),
    (7, "3500.00", "4000.00", "17.90"),
    (8, "4000.00", None, "19.10"),
)
FIRST_NAMES = ("Anna", "Björn", "Çiğdem", "Dörte", "Łukasz", "Françoise", "Jürgen", "Zoë")
LAST_NAMES = ("Müller", "Weiß", "Öztürk", "Großmann-Äpfelstädt", "Nováková", "Schröder", "Yılmaz")


def band_row(number: int, insured: int) -> BandRow:
    """A band of the published tariff with so many people in it."""
    _, above, up_to, each = BANDS[number - 1]
    return BandRow(
        band=number,
        above=Decimal(above),
        up_to=Decimal(up_to) if up_to else None,
        each=Decimal(each),
        insured=insured,
        premium=Decimal(each) * insured,
    )


def insured_rows(count: int, *, band: int = 5) -> tuple[InsuredRow, ...]:
    """So many people, every seventh with something that has changed."""
    changes = ("Zugang 01.12.2026", "Lohnstufe 4 → 5", "Entgelt geändert")
    return tuple(
        InsuredRow(
            personnel_number=str(1001 + index),
            name=f"{LAST_NAMES[index % 7]}, {FIRST_NAMES[index % 8]}",
            band=band,
            covered_days=None,
            change=changes[index // 7 % 3] if index % 7 == 0 else "",
            premium=Decimal(BANDS[band - 1][3]),
        )
        for index in range(count)
    )


CORRECTIONS = (
    CorrectionRow(
        month=date(2026, 10, 1),
        personnel_number="1188",
        name="Öztürk, Çiğdem",
        reason="Abgang 15.10.2026",
        before=Decimal("14.80"),
        after=Decimal("7.40"),
        difference=Decimal("-7.40"),
    ),
    CorrectionRow(
        month=date(2026, 11, 1),
        personnel_number="1188",
        name="Öztürk, Çiğdem",
        reason="Abgang 15.10.2026",
        before=Decimal("14.80"),
        after=Decimal("0.00"),
        difference=Decimal("-14.80"),
    ),
    CorrectionRow(
        month=date(2026, 11, 1),
        personnel_number="1402",
        name="Großmann-Äpfelstädt, Łukasz",
        reason="Zugang 16.11.2026",
        before=Decimal("0.00"),
        after=Decimal("7.40"),
        difference=Decimal("7.40"),
    ),
)

LEAVERS = (LeaverRow("1188", "Öztürk, Çiğdem", date(2026, 10, 15), "Arbeitsverhältnis beendet"),)


def statement(
    *,
    count: int = 400,
    corrections: tuple[CorrectionRow, ...] = CORRECTIONS,
    employer_name: str = "Luftdruck AG",
    settlement: Settlement | None = None,
) -> StatementContext:
    """The statement of an employer whose people all stand in band 5."""
    month_premium = Decimal("14.80") * count
    corrected = sum((row.difference for row in corrections), start=Decimal("0.00"))
    total = month_premium + corrected
    payroll = Decimal("3000.00") * count
    by_sign = (Settlement.CREDIT, Settlement.NOTHING, Settlement.DEBIT)
    how = settlement or by_sign[(total >= 0) + (total > 0)]
    return StatementContext(
        insurer=INSURER,
        recipient=Address(
            (employer_name, "Frau Petra Personal", "Windparkstraße 7", "26721 Emden")
        ),
        employer_name=employer_name,
        number="2026-0000421",
        contract_number="GV-10003",
        tariff_name="bAU-Gruppentarif 2016",
        month=date(2026, 12, 1),
        issued_on=date(2026, 11, 23),
        broker=BROKER,
        insured_count=count,
        payroll=payroll,
        month_premium=month_premium,
        corrections_count=len(corrections),
        corrections_total=corrected,
        total=total,
        yearly_premium=month_premium * 12,
        yearly_payroll=payroll * 12,
        yearly_percent=Decimal("0.49"),
        premium_percent=None,
        bands=(band_row(5, count),) if count else (),
        taxes=(TaxRow(total, None, Decimal("0.00"), EXEMPT),),
        open_before=Decimal("0.00"),
        payment=payment(how, abs(total)),
    )


def payment(settlement: Settlement, amount: Decimal) -> Payment:
    """How a statement is settled, with a mandate where it is a debit."""
    if settlement is not Settlement.DEBIT:
        due = date(2026, 12, 7) if settlement is Settlement.TRANSFER else None
        return Payment(settlement, amount, due)
    return Payment(
        settlement=settlement,
        amount=amount,
        due_date=date(2026, 12, 7),
        scheme=Scheme.CORE,
        mandate_reference="GV-10003-1",
        creditor_identifier="DE98ZZZ09999999999",
        masked_iban="DE02 xxxx xxxx xxxx xx20 51",
        account_holder="Luftdruck AG",
    )


def confirmation(
    *,
    first_name: str = "Anna",
    last_name: str = "Müller",
    personnel_number: str = "1001",
    employer_name: str = "Haarschön Karl Haarschön",
    benefit: str = "335.00",
) -> ConfirmationContext:
    """A person's copy; for the employer's copy replace the recipient."""
    return ConfirmationContext(
        insurer=INSURER,
        recipient=Address(
            (f"{first_name} {last_name}", employer_name, "Lockengasse 3", "48143 Münster")
        ),
        employer_name=employer_name,
        contract_number="GV-10001",
        tariff_name="bAU-Gruppentarif 2016",
        broker=BROKER,
        first_name=first_name,
        last_name=last_name,
        personnel_number=personnel_number,
        birth_date=date(1988, 3, 14),
        cover_begins=date(2026, 12, 1),
        cover_ends=None,
        retirement_age_last_day=date(2055, 3, 31),
        terms=CoverTerms(
            valid_from=date(2026, 12, 1),
            benefit=Decimal(benefit),
            premium=Decimal("13.00"),
            band=4,
            above=Decimal("2000.00"),
            up_to=Decimal("2500.00"),
            pay=None,
        ),
        deferral_days=42,
        benefit_until_day=546,
        benefit_ends_with_cover=True,
        signs_by_guardian=False,
        exclusions=EXCLUSIONS,
    )


def mandate(
    *, scheme: Scheme = Scheme.CORE, iban: str = "DE02120300000000202051"
) -> MandateContext:
    """A mandate form, filled in as far as the insurer knows."""
    return MandateContext(
        insurer=INSURER,
        recipient=Address((INSURER.name, "Beitragseinzug", "Musterallee 1", "12345 Musterstadt")),
        contract_number="GV-10003",
        creditor_identifier="DE98ZZZ09999999999",
        reference="GV-10003-1",
        scheme=scheme,
        account_holder="Luftdruck AG",
        street="Windparkstraße 7",
        town="26721 Emden",
        country="Deutschland",
        iban=iban,
        bic="BYLADEM1001" if iban else "",
        bank_name="Deutsche Kreditbank Berlin" if iban else "",
    )
