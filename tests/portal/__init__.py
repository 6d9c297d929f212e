"""Tests of the portal's pages, one file a view."""
