"""Who is known, how they come in, and the sessions that act as them."""
