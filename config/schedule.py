"""What the clock does by itself: the tasks that Celery beat sends, and when."""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "reconcile-runs": {"task": "billing.tasks.reconcile_runs", "schedule": timedelta(seconds=60)},
    "reconcile-uploads": {
        "task": "billing.tasks.reconcile_uploads",
        "schedule": timedelta(seconds=60),
    },
    "watch-bank-folder": {
        "task": "billing.tasks.watch_bank_folder",
        "schedule": timedelta(seconds=60),
    },
    "reconcile-bank-deliveries": {
        "task": "billing.tasks.reconcile_bank_deliveries",
        "schedule": timedelta(seconds=60),
    },
    "deliver-collections": {
        "task": "billing.tasks.deliver_collections",
        "schedule": timedelta(seconds=60),
    },
    "reconcile-jobs": {"task": "api.tasks.reconcile_jobs", "schedule": timedelta(seconds=60)},
    "forget-old-answers": {
        "task": "api.tasks.forget_what_is_over",
        "schedule": crontab(hour=3, minute=50),
    },
    "send-mails": {"task": "documents.tasks.send_mails", "schedule": timedelta(seconds=60)},
    "send-webhooks": {"task": "documents.tasks.send_webhooks", "schedule": timedelta(seconds=15)},
    "send-open-letters": {
        "task": "documents.tasks.send_open_letters",
        "schedule": timedelta(seconds=60),
    },
    "issue-claim-letters": {
        "task": "documents.tasks.issue_claim_letters",
        "schedule": timedelta(seconds=60),
    },
    "work-benefit-runs": {
        "task": "claims.tasks.work_benefit_runs",
        "schedule": timedelta(seconds=60),
    },
    # Before arrears are looked after: what is set off is not in arrears.
    "set-off-credits": {"task": "billing.tasks.set_off", "schedule": crontab(hour=3, minute=30)},
    # Before anybody comes to work; the letters follow within a minute.
    "look-after-arrears": {
        "task": "billing.tasks.look_after_arrears_of_today",
        "schedule": crontab(hour=4, minute=45),
    },
    "issue-arrears-letters": {
        "task": "documents.tasks.issue_letters_of_arrears",
        "schedule": timedelta(seconds=60),
    },
    # After the bank's files of the evening; letters of the statements follow within a minute.
    "settle-commission": {
        "task": "billing.tasks.settle_commission_of_today",
        "schedule": crontab(hour=5, minute=0),
    },
    "issue-commission-letters": {
        "task": "documents.tasks.issue_letters_of_commission",
        "schedule": timedelta(seconds=60),
    },
    "look-after-claims": {
        "task": "claims.tasks.look_after_claims",
        "schedule": crontab(hour=4, minute=30),
    },
}
