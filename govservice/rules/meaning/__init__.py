"""What entries mean: the reference interpreter, and what it asks of its surroundings."""
