"""Texts to people, in Chinese; pure of rows: facts in, subject and body out."""
