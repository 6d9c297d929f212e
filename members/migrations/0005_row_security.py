"""Whose rows the tables of people hold; see `aupolicy.models.row_security`."""

from django.db import migrations

from aupolicy.models.row_security import fence, of_contract, of_employer, of_parent


class Migration(migrations.Migration):
    dependencies = [("aupolicy", "0005_row_security"), ("members", "0004_upload_channel")]

    operations = [
        fence("members_person", of_employer("employer_id")),
        fence("members_membership", of_contract("contract_id")),
        fence("members_insuredpay", of_parent("membership_id", "members_membership")),
        fence("members_noticerecord", of_contract("contract_id")),
        fence("members_noticedecision", of_parent("notice_id", "members_noticerecord")),
        fence("members_upload", of_contract("contract_id")),
        fence("members_uploadrow", of_parent("upload_id", "members_upload")),
        fence("members_uploadcorrection", of_parent("upload_id", "members_upload")),
        fence("members_columnmapping", of_employer("employer_id")),
    ]
