"""What programs were answered is theirs; tokens are nobody's. See `aupolicy.models.row_security`."""

from django.db import migrations

from aupolicy.models.row_security import fence, fence_insurer_only, of_contract, of_parent


class Migration(migrations.Migration):
    dependencies = [
        ("aupolicy", "0010_row_security_of_programs"),
        ("oauth2_provider", "0022_refreshtoken_token_family_index"),
        ("api", "0001_initial"),
    ]

    operations = [
        fence("api_givenanswer", of_parent("client_id", "aupolicy_apiclient")),
        fence("api_job", of_contract("contract_id")),
        *(
            fence_insurer_only(f"oauth2_provider_{name}")
            for name in (
                "accesstoken",
                "application",
                "devicegrant",
                "grant",
                "idtoken",
                "refreshtoken",
            )
        ),
    ]
