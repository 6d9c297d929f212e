"""Whom the rows of each table belong to: said again here, in other words than the policies."""

_OF_CONTRACT = (
    "SELECT t.*, c.employer_id AS owner FROM {table} t"
    " JOIN aupolicy_groupcontract c ON c.id = t.contract_id"
)
_OF_EMPLOYER = "SELECT t.*, t.employer_id AS owner FROM {table} t"
_OF_UPLOAD = (
    "SELECT t.*, c.employer_id AS owner FROM {table} t JOIN members_upload u ON u.id = t.upload_id"
    " JOIN aupolicy_groupcontract c ON c.id = u.contract_id"
)
_OF_OPEN_ITEM = (
    "SELECT t.*, c.employer_id AS owner FROM {table} t"
    " JOIN billing_openitem i ON i.id = t.open_item_id"
    " JOIN aupolicy_groupcontract c ON c.id = i.contract_id"
)
_OF_PLAN = (
    "SELECT t.*, c.employer_id AS owner FROM {table} t"
    " JOIN billing_instalmentplan p ON p.id = t.plan_id"
    " JOIN aupolicy_groupcontract c ON c.id = p.contract_id"
)
_OF_ARREARS = (
    "SELECT t.*, c.employer_id AS owner FROM {table} t"
    " JOIN billing_arrearscase a ON a.id = t.case_id"
    " JOIN aupolicy_groupcontract c ON c.id = a.contract_id"
)
_PREMIUM_KINDS = (
    "('STATEMENT', 'COLLECTION', 'SETTLEMENT', 'REJECTED_DEBIT', 'RETURNED_DEBIT',"
    " 'DISCARDED_DEBIT', 'RECEIPT', 'RECEIPT_CLEARED', 'CHARGE', 'OFFSET', 'WRITE_OFF', 'REFUND',"
    " 'REFUND_RETURNED')"
)

_OF_CLIENT = (
    "SELECT t.*, p.employer_id AS owner FROM {table} t"
    " JOIN aupolicy_apiclient p ON p.id = t.client_id"
)
_OF_DELIVERY = (
    "SELECT t.*, p.employer_id AS owner FROM {table} t"
    " JOIN documents_webhookendpoint e ON e.id = t.endpoint_id"
    " JOIN aupolicy_apiclient p ON p.id = e.client_id"
)

_OF_PAYROLL_FILE = (
    "SELECT t.*, f.employer_id AS owner FROM {table} t"
    " JOIN billing_payrollfile f ON f.id = t.file_id"
)

# What employers and brokers reported themselves; nothing else of a leave is theirs.
_REPORTED = "('EMPLOYER', 'BROKER', 'API')"

# Figures of contracts, which a broker sees for each employer with a contract through it.
FIGURES = {
    "aupolicy_employer": "SELECT t.*, t.id AS owner FROM {table} t",
    "aupolicy_groupcontract": _OF_EMPLOYER,
    "aupolicy_contractversion": _OF_CONTRACT,
    "aupolicy_cancellation": _OF_CONTRACT,
    "aupolicy_brokerauthority": _OF_EMPLOYER,
    "billing_statement": _OF_CONTRACT,
    "aupolicy_premiumdefault": _OF_CONTRACT,
    "billing_arrearscase": _OF_CONTRACT,
    "billing_arrearsitem": _OF_ARREARS,
    "billing_arrearsstep": (f"{_OF_ARREARS} WHERE t.kind NOT IN ('STOP', 'RESUME', 'RELEASE')"),
    "billing_openitem": _OF_CONTRACT,
    "billing_allocation": _OF_OPEN_ITEM,
    "billing_instalmentplan": _OF_CONTRACT,
    "billing_planneditem": _OF_PLAN,
    "billing_instalment": _OF_PLAN,
    "billing_collectionitem": _OF_OPEN_ITEM,
    "billing_returneddebit": (
        "SELECT t.*, c.employer_id AS owner FROM {table} t"
        " JOIN billing_collectionitem d ON d.id = t.debit_id"
        " JOIN billing_openitem i ON i.id = d.open_item_id"
        " JOIN aupolicy_groupcontract c ON c.id = i.contract_id"
    ),
    # Premium only: what the ledger says of benefit is the insurer's.
    "billing_ledgerentry": (
        f"{_OF_CONTRACT} WHERE t.account IN ('1400', '1360', '4000', '1776', '2650', '2670')"
    ),
    "billing_ledgertransaction": f"{_OF_CONTRACT} WHERE t.kind IN {_PREMIUM_KINDS}",
}
# People, what names them, and bank accounts: only those see them who may act for the employer.
PEOPLE = {
    "api_givenanswer": _OF_CLIENT,
    "api_job": _OF_CONTRACT,
    "api_jobrow": (
        "SELECT t.*, c.employer_id AS owner FROM {table} t"
        " JOIN api_job j ON j.id = t.job_id"
        " JOIN aupolicy_groupcontract c ON c.id = j.contract_id"
    ),
    "aupolicy_apiclient": _OF_EMPLOYER,
    "aupolicy_apikey": _OF_CLIENT,
    "documents_webhookattempt": (
        "SELECT t.*, p.employer_id AS owner FROM {table} t"
        " JOIN documents_webhookdelivery d ON d.id = t.delivery_id"
        " JOIN documents_webhookendpoint e ON e.id = d.endpoint_id"
        " JOIN aupolicy_apiclient p ON p.id = e.client_id"
    ),
    "documents_webhookdelivery": _OF_DELIVERY,
    "documents_webhookendpoint": _OF_CLIENT,
    "documents_webhookmessage": _OF_EMPLOYER,
    "aupolicy_application": _OF_EMPLOYER,
    "aupolicy_workitem": (
        "SELECT t.*, t.employer_id AS owner FROM {table} t"
        " WHERE t.kind IN ('notice', 'application', 'mandate', 'arrears', 'other')"
    ),
    "members_person": _OF_EMPLOYER,
    "members_membership": _OF_CONTRACT,
    "members_insuredpay": (
        "SELECT t.*, p.employer_id AS owner FROM {table} t"
        " JOIN members_membership m ON m.id = t.membership_id"
        " JOIN members_person p ON p.id = m.person_id"
    ),
    "members_noticerecord": _OF_CONTRACT,
    "members_noticedecision": (
        "SELECT t.*, c.employer_id AS owner FROM {table} t"
        " JOIN members_noticerecord n ON n.id = t.notice_id"
        " JOIN aupolicy_groupcontract c ON c.id = n.contract_id"
    ),
    "members_upload": _OF_CONTRACT,
    "members_uploadrow": _OF_UPLOAD,
    "members_uploadcorrection": _OF_UPLOAD,
    "members_columnmapping": _OF_EMPLOYER,
    "billing_bookkeepingtarget": _OF_EMPLOYER,
    "billing_mandate": _OF_CONTRACT,
    "billing_mandatechange": _OF_CONTRACT,
    "billing_mandatesignature": _OF_CONTRACT,
    "billing_mandatestop": (
        "SELECT t.*, c.employer_id AS owner FROM {table} t"
        " JOIN billing_mandate m ON m.id = t.mandate_id"
        " JOIN aupolicy_groupcontract c ON c.id = m.contract_id"
    ),
    "billing_premiumline": _OF_CONTRACT,
    "billing_payrolltarget": _OF_EMPLOYER,
    "billing_payrollfile": _OF_EMPLOYER,
    "billing_payrollfileline": _OF_PAYROLL_FILE,
    "billing_payrollfilewithdrawal": _OF_PAYROLL_FILE,
    "documents_document": (
        "SELECT t.*, c.employer_id AS owner FROM {table} t"
        " LEFT JOIN aupolicy_groupcontract c ON c.id = t.contract_id"
    ),
    "claims_sickleave": (
        f"SELECT t.*, t.employer_id AS owner FROM {{table}} t WHERE t.channel IN {_REPORTED}"
    ),
    "claims_certificate": (
        "SELECT t.*, l.employer_id AS owner FROM {table} t"
        " JOIN claims_sickleave l ON l.id = t.sick_leave_id"
        f" WHERE t.channel IN {_REPORTED} AND l.channel IN {_REPORTED}"
    ),
    "documents_filing": (
        "SELECT t.*, c.employer_id AS owner FROM {table} t"
        " JOIN documents_document d ON d.id = t.document_id"
        " JOIN aupolicy_groupcontract c ON c.id = d.contract_id"
    ),
}
OWNED = FIGURES | PEOPLE
# Claims and what is paid for them: the insurer's alone, whoever signed in.
INSURERS = frozenset(
    {
        "billing_bankdelivery",
        "billing_bankentry",
        "billing_bankfile",
        "billing_bankstatus",
        "billing_closedmonth",
        "billing_payout",
        "billing_payoutitem",
        "billing_payoutorder",
        "billing_recovery",
        "billing_recoverysettlement",
        "billing_refunditem",
        "billing_returnreaction",
        "billing_writeoff",
        "claims_assistancecase",
        "claims_assistancefeedback",
        "claims_assistanceorder",
        "claims_benefitrun",
        "claims_benefitslice",
        "claims_checkclearance",
        "claims_claim",
        "claims_claimnote",
        "claims_consent",
        "claims_contact",
        "claims_decision",
        "claims_documentrequest",
        "claims_hold",
        "claims_medicalread",
        "claims_payee",
        "claims_personlink",
        "claims_provider",
        "claims_reintegration",
        "claims_review",
        "documents_lettercause",
        "documents_webhookmark",
        "oauth2_provider_accesstoken",
        "oauth2_provider_application",
        "oauth2_provider_devicegrant",
        "oauth2_provider_grant",
        "oauth2_provider_idtoken",
        "oauth2_provider_refreshtoken",
    }
)
# Health data: hidden from the product itself as well, unless it is opened.
MEDICAL = frozenset({"claims_diagnosis", "claims_medicaldocument", "claims_medicalnote"})
# Shared by the employers who have a debit in them; of brokers.
OTHERS = frozenset(
    {
        "aupolicy_quote",
        "billing_brokeraccount",
        "billing_collection",
        "billing_commissionagreement",
        "billing_commissionentry",
        "billing_commissionstatement",
    }
)
# Nobody's in particular, each with the reason.
COMMON = {
    "aupolicy_broker": "stands in a public register",
    "aupolicy_grant": "decides who sees what, so it is read before",
    "aupolicy_invitation": "is taken by somebody who has no right yet",
    "aupolicy_tariffsnapshot": "tariffs are everybody's",
    "aupolicy_user": "is read before it is known who asks",
    "aupolicy_user_groups": "belongs to the user",
    "aupolicy_user_user_permissions": "belongs to the user",
    "billing_billingrun": "a month and when it was billed",
    "billing_billingslice": "ranges of contracts",
    "billing_numberseries": "the last number of a series",
    "documents_mail": "the address of a user and an occasion",
}


def owned_rows(table: str) -> str:
    """A query of a table's rows and, as `owner`, of the employer each belongs to."""
    return OWNED[table].format(table=table)
