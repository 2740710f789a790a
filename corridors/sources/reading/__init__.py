"""Cells, sheets and encodings: tables of text from any file."""
