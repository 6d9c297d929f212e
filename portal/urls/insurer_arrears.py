"""Addresses of the insurer's room: arrears."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
