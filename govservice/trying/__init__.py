"""The page to try a rulebook: what it asks, what the book says of the answers, a sheet decided at once, and the server."""
