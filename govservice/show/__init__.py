"""Every result as text, HTML or iCalendar: drawing only, nothing is decided here."""
