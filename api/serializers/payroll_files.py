"""How files for payroll programs look."""

from typing import Any

from rest_framework import serializers

from api.parsing.payroll_files import ORDER_FIELDS
from api.serializers.shapes import MONTH, make_shape, money
from billing.facts.payroll_file import PayrollFormat

NewPayrollFile = make_shape("NewPayrollFile", "A file to be made.", ORDER_FIELDS)


class PayrollFileSerializer(serializers.Serializer[Any]):
    """A file for a payroll program: benefits in kind that no file delivered before."""

    id = serializers.UUIDField()
    employer = serializers.UUIDField()
    number = serializers.IntegerField(help_text="Counts the employer's files.")
    month = serializers.RegexField(MONTH)
    format = serializers.ChoiceField(choices=[one.value for one in PayrollFormat])
    created_at = serializers.DateTimeField()
    people = serializers.IntegerField(help_text="How many people it names.")
    amount = money("What it adds up to.")
    name = serializers.CharField(help_text="What the file is called.")
    byte_count = serializers.IntegerField()
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    withdrawn = serializers.BooleanField(
        help_text="It was taken back in the portal: the next one delivers it again."
    )
