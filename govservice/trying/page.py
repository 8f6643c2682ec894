"""The page itself, as a marimo app: widgets for the fields, and beside them what the rulebook says; that is worked out elsewhere."""

import marimo

app = marimo.App(width="full", app_title="govservice")


@app.cell
def _():
    import marimo as mo

    from govservice.trying import answering, asking, sheet
    from govservice.trying.settled import beside, form, settled, widgets, words

    return answering, asking, beside, form, mo, settled, sheet, widgets, words


@app.cell
def _(mo, settled):
    try_ = settled()
    lang, book = try_.lang, try_.book
    mo.Html(try_.head())
    return book, lang, try_


@app.cell
def _(asking, book, lang, mo, try_, words):
    decisions = asking.decision_names(book, lang)
    decision = mo.ui.dropdown(decisions, value=next(iter(decisions), None), label=words("decision", lang), searchable=True)
    on = mo.ui.text(value=try_.on, placeholder="2026-03-02", label=words("on", lang))
    mo.hstack([decision, on], wrap=True, justify="start", gap=1.5)
    return decision, on


@app.cell
def _(answering, on, lang, mo, try_):
    day, day_refused = try_.day(on.value)
    mo.Html(answering.refusal(day_refused, lang)) if day_refused is not None else None
    return (day,)


@app.cell
def _(asking, book, decision, lang, mo, widgets):
    fields = asking.fields_of(book, decision.value, lang) if decision.value else ()
    answers, none = widgets(mo, fields, lang)
    return answers, fields, none


@app.cell
def _(answering, answers, book, day, decision, fields, lang, none):
    given = answering.given_by(fields, answers.value, none.value)
    said = answering.decision_page(book, decision.value, given, day, day, lang) if decision.value else ""
    return (said,)


@app.cell
def _(asking, book, lang, mo, words):
    clock_names = asking.clock_names(book, lang)
    first = next((name for name, id in clock_names.items() if id != asking.ALL_CLOCKS), None)
    clock = mo.ui.dropdown(clock_names, value=first, label=words("clock", lang))
    kinds = {words("no pause", lang): None, **asking.pause_kinds(book, lang)}
    told = asking.flags(lang)
    pauses = mo.ui.array(
        [
            mo.ui.dictionary(
                {
                    "kind": mo.ui.dropdown(kinds, value=words("no pause", lang), label=words("pause", lang), full_width=True),
                    "from": mo.ui.text(placeholder="2026-03-05", label=words("from", lang), full_width=True),
                    "to": mo.ui.text(placeholder="2026-03-08", label=words("to", lang), full_width=True),
                    "told": mo.ui.dropdown(told, value=next(iter(told)), label=words("told", lang), full_width=True),
                }
            )
            for _ in range(2)
        ]
    )
    return clock, clock_names, pauses


@app.cell
def _(asking, book, clock, clock_names, lang, mo, widgets):
    case_fields = asking.clock_fields(book, clock.value, lang) if clock_names and clock.value is not None else ()
    case_answers, case_none = widgets(mo, case_fields, lang)
    return case_answers, case_fields, case_none


@app.cell
def _(answering, book, case_answers, case_fields, case_none, clock, clock_names, day, lang, pauses):
    case = answering.given_by(case_fields, case_answers.value, case_none.value)
    stopped = answering.pauses_by(pauses.value)
    drawn = answering.clocks_page(book, clock.value, case, stopped, day, day, lang) if clock_names and clock.value is not None else ""
    return (drawn,)


@app.cell
def _(lang, mo, words):
    pasted = mo.ui.text_area(placeholder=words("paste", lang), rows=8, full_width=True, label=words("sheet", lang))
    uploaded = mo.ui.file(filetypes=[".csv", ".txt", ".tsv"], label=words("upload", lang), max_size=5_000_000)
    return pasted, uploaded


@app.cell
def _(day, decision, pasted, try_, uploaded):
    content = uploaded.contents(0) if uploaded.value else pasted.value
    table = try_.sheet(content, decision.value, day)
    return (table,)


@app.cell
def _(book, decision, lang, mo, sheet, table, words):
    if isinstance(table, str):
        decided = mo.Html(table)
    else:
        rows = [dict(zip(table.heads, row, strict=True)) for row in table.rows]
        counts = words("comma", lang).join(f"{state} {count}" for state, count in table.counted.items())
        decided = mo.vstack(
            [
                mo.Html(f'<p role="status">{counts}</p>'),
                mo.ui.table(
                    rows,
                    selection=None,
                    page_size=10,
                    show_download=False,
                    show_column_summaries=False,
                    show_data_types=False,
                    wrapped_columns=list(table.heads[2:5]),
                    freeze_columns_left=list(table.heads[:1]),
                ),
                mo.download(sheet.as_csv(table), filename="decided.csv", mimetype="text/csv", label=words("download", lang)),
            ]
        )
    blank = mo.download(
        ("\ufeff" + sheet.empty_sheet(book, decision.value, lang)).encode() if decision.value else b"",
        filename="facts.csv", mimetype="text/csv", label=words("blank", lang),
    )  # fmt: skip
    return blank, decided


@app.cell
def _(
    answers, beside, blank, case_answers, case_fields, case_none, clock, decided, drawn, fields, form, lang, mo, none, pasted, pauses, said,
    uploaded, words,
):  # fmt: skip
    halts = [mo.hstack([one["kind"], one["from"], one["to"], one["told"]], widths="equal", gap=0.5) for one in pauses.elements]
    mo.ui.tabs(
        {
            words("one", lang): beside(mo, form(mo, fields, answers, none, lang), mo.Html(said)),
            words("clocks", lang): beside(
                mo, mo.vstack([clock, form(mo, case_fields, case_answers, case_none, lang), *halts]), mo.Html(drawn)
            ),
            words("many", lang): mo.vstack([mo.hstack([uploaded, blank], justify="start", wrap=True), pasted, decided]),
        }
    )


if __name__ == "__main__":
    app.run()
