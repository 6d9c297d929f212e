"""Addresses of the insurer's room: bank."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
