"""Tests of signing in, of one's own account, of invitations and of the users pages."""
