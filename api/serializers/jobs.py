"""How jobs look."""

from typing import Any

from rest_framework import serializers

from api.models import Job
from api.serializers.problems import FaultSerializer
from api.serializers.workforce import PreviewSerializer


class JobProgressSerializer(serializers.Serializer[Any]):
    """How far the work is, in notices or rows; `total` 0 while a file is still being read."""

    done = serializers.IntegerField()
    total = serializers.IntegerField()


class JobProblemSerializer(serializers.Serializer[Any]):
    """Why a job failed or was not applied."""

    code = serializers.CharField(help_text="For programs; it does not change.")
    field = serializers.CharField(allow_blank=True)
    message_de = serializers.CharField(help_text="For people, in German.")
    message_en = serializers.CharField(help_text="For people, in English.")
    errors = FaultSerializer(many=True, help_text="What is wrong in a file.")


class JobSerializer(serializers.Serializer[Any]):
    """A payroll or a file that was sent, and where it stands."""

    id = serializers.UUIDField(allow_null=True, help_text="null of a dry run: it is not kept.")
    kind = serializers.ChoiceField(choices=Job.Kind.values)
    state = serializers.ChoiceField(
        choices=Job.State.values,
        help_text="received: it is being checked. checked: it waits to be confirmed. confirmed: it"
        " is being applied. applied, failed, discarded: it is done.",
    )
    contract = serializers.CharField(help_text="Number of the contract.")
    as_of = serializers.DateField(allow_null=True)
    file_name = serializers.CharField(allow_null=True)
    people = serializers.IntegerField(
        allow_null=True, help_text="How many people or rows were sent, once that is known."
    )
    created_at = serializers.DateTimeField()
    checked_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    progress = JobProgressSerializer(allow_null=True)
    problem = JobProblemSerializer(allow_null=True)


class JobWithResultSerializer(JobSerializer):
    """A job with its preview; what was applied is what was shown."""

    result = PreviewSerializer(allow_null=True, help_text="null until it is checked.")
