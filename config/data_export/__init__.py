"""The insurer's own systems get every entity as CSV or Parquet, whole or what changed since."""
