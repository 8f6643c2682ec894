"""The page to try a rulebook: what can be tried, a form's answers as facts, their outcome as HTML, a sheet decided at once, and the server."""
