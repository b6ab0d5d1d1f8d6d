"""Centralka's controller: what the numbers mean, and what each call does next."""
