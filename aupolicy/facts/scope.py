"""What tells PostgreSQL's row-level security whose rows a transaction sees.

The role of the web sees only rows that belong to the ids in three settings. Each holds employer
or broker ids as PostgreSQL writes arrays ("{3,7}"); unset and empty mean nothing. The role that
owns the tables is the insurer's own and sees everything.
"""

from typing import Final

WEB_ROLE: Final = "bau_web"
# What PostgreSQL calls the role that the connection was made with.
OWN_ROLE: Final = "none"
# Employers whose contracts and figures may be seen.
CONTRACTS_OF: Final = "bau.contracts_of"
# Employers whose people may be seen.
PEOPLE_OF: Final = "bau.people_of"
# Brokers whose quotes, applications and clients may be seen.
BROKERS: Final = "bau.brokers"
# The role first: it is also a setting of the transaction.
SCOPE_SETTINGS: Final = ("role", CONTRACTS_OF, PEOPLE_OF, BROKERS)
# For libpq's `options`: a connection that begins in the role of the web, seeing nothing.
BEGIN_AS_WEB: Final = f"-c role={WEB_ROLE}"
# "open" while a transaction may see health data; see `claims.operations.medical`.
MEDICAL: Final = "bau.medical"
