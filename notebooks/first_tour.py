"""A first tour: a calendar, a time limit, a rulebook's decision, its reasons, and what would change them."""

import marimo

app = marimo.App(app_title="A first tour")


@app.cell(hide_code=True)
def _(mo):
    mo.md(
        """
        # A first tour

        An administrative service centre (政务服务中心) promises to finish a case within so many working days, says of each case which type it
        is, and is held to both. `govservice` holds such rules as data that an official can read, and says why it decides as it does.

        Four things are enough to begin with: a **calendar**, a **time limit**, a **rulebook**, and an **outcome**.
        """
    )


@app.cell
def _():
    from datetime import date

    import marimo as mo

    from govservice import china, classify, clocks, deadline, load_rulebook

    return china, classify, clocks, date, deadline, load_rulebook, mo


@app.cell(hide_code=True)
def _(mo):
    mo.md("""## Which days are worked

    China moves working days around its holidays: 休 marks a rest day, 班 a weekend day that is worked. The days come from the published notices.""")


@app.cell
def _(china):
    china().month(2026, 2)


@app.cell(hide_code=True)
def _(mo):
    mo.md("""## When a limit ends

    Five working days (5个工作日) from 12 February 2026. The day it starts is not counted (民法典 201), and Spring Festival lies between.""")


@app.cell
def _(date, deadline):
    due = deadline("5个工作日", date(2026, 2, 12))
    due


@app.cell(hide_code=True)
def _(mo):
    mo.md("""## A rulebook

    Kunshan's rules ship with the library. What its source leaves open is listed, and must be given before a rule that needs it can run.""")


@app.cell
def _(load_rulebook):
    book = load_rulebook("kunshan", settings={"few_attachments": 2})
    book
    return (book,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("""## What a case is, and why

    Facts go by id or by their Chinese label. What nobody recorded is *unknown*, which is neither no nor zero.""")


@app.cell
def _(book, classify, date):
    found = classify({"正式申请": True, "主件": "有而未带", "所缺材料": ["验资报告"]}, book, on=date(2026, 11, 20))
    found
    return (found,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("Which small change would have made it something else?")


@app.cell
def _(book, date):
    outcome = book.decide("case_type", {"main_document": "not_brought", "formal": True}, on=date(2026, 11, 20))
    [change.text("zh") for change in outcome.contrast()][:1]


@app.cell(hide_code=True)
def _(mo):
    mo.md("## Its clock\n\nA case of the promised type (承诺件), complete on 2 November and still open on the 20th.")


@app.cell
def _(book, clocks, date):
    case = {"case_type": "promised", "materials_completed_on": date(2026, 11, 2), "promised_limit": "5个工作日"}
    (promised,) = clocks(case, book, now=date(2026, 11, 20), on=date(2026, 11, 20), only=["promised"])
    promised


@app.cell(hide_code=True)
def _(mo, found):
    mo.md(f"""## On from here

    The case above is **{found.label}** by rule `{found.rule}` ({found.cite}). `govservice try kunshan` opens a page with a form for all this.""")


if __name__ == "__main__":
    app.run()
