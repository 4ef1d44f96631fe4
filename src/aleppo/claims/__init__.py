"""The claims ledger: every checkable claim, the test that decides it, and the verdict."""
