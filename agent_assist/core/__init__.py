"""The domain: exact, pure, standard library only. No I/O, no clock, no randomness."""
