"""Addresses of the insurer's room: commission."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
