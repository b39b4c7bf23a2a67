"""The pictures that the site draws: plain values in, what templates need to draw and to say the same in words out.

Geometry is in units of each drawing's own view box. Nothing here reads the database or marks HTML safe.
"""
