"""Faults on purpose: workers are killed, starts collide, and the books must agree all the same."""
