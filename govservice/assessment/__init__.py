"""Records under a scheme: who, when, how much, in which order: the machinery of `score` and `grade`."""
