"""Addresses of the insurer's room: mandates."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
