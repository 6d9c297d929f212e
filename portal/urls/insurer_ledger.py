"""Addresses of the insurer's room: ledger."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
