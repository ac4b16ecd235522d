"""Recurrent networks: cells, and what unrolls them over time.

Read cell first, then cells and dynamic.
"""
