"""Shared words of the project: types, schemas, errors, distances. Imports no other room."""
