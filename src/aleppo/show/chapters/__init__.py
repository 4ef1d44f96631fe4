"""What each chapter draws: one module per notebook, of the same name."""
