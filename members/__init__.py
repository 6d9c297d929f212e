"""Who is insured: persons, memberships, insured pay, notices."""
