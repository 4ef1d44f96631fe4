"""The computed tests of the claims, one module per part of the subject.

A test is a function of `aleppo.claims.exhibits.Exhibits` that returns a `aleppo.claims.verdict.Verdict`; the
decorator `aleppo.claims.registry.computed` says which claims it decides and where the book treats them.
"""
