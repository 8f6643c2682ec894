"""The engines that whole tables live in: how each reads facts from its columns, and what it makes of a plan."""
