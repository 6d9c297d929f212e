"""Frozen values of billing: what rules take and give. Plain Python."""
