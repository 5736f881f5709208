"""Measures, one file each; every docstring gives the formula, the range and the rule for the edge cases."""
