"""A rulebook's clocks on a row: its history, what runs, alarms, the facts they give: the machinery of `clocks`."""
