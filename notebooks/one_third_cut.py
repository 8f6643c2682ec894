"""What if every promise were cut by a third? Who moves, whose day comes earlier, who would be late had nobody worked faster."""

import marimo

app = marimo.App(app_title="The one-third cut")


@app.cell(hide_code=True)
def _(mo):
    mo.md(
        """
        # The one-third cut

        A centre thinks of cutting every promised limit (承诺时限) by a third. Before it says so in public it asks last year's cases: who would
        have been late? The cases here are **made up** (`centre_year` says so itself), with the rates that real centres publish.
        """
    )


@app.cell
def _():
    import marimo as mo

    from govservice import load_rulebook, what_if
    from govservice.sample import centre_year

    return centre_year, load_rulebook, mo, what_if


@app.cell(hide_code=True)
def _(mo):
    mo.md(
        "## The change is one line\n\nAn amendment gives paths through the rulebook and what shall stand there. The book itself stays as it is."
    )


@app.cell
def _(load_rulebook):
    before = load_rulebook("kunshan", settings={"few_attachments": 2})
    after = before.amend({"clocks.promised.limit": "promised_limit * 2 / 3"})
    before.diff(after)
    return after, before


@app.cell(hide_code=True)
def _(mo):
    mo.md("## One history under both books")


@app.cell
def _(after, before, centre_year, what_if):
    done = what_if(before, after, centre_year(cases=400, seed=3), period="2025-01")
    f"{done.moved_cases} cases of another type, {len(done.shifts)} due days moved, {done.changed_scores} scorecards changed"
    return (done,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("Days are calendar days; a minus is earlier. *late* says whether the case ends after its day. What happened is held as recorded.")


@app.cell
def _(done):
    done.deadlines.head(8)


@app.cell
def _(done):
    earlier = done.deadlines["days"].drop_nulls()
    spread = earlier.value_counts(sort=True).head(8)
    spread


@app.cell
def _(done):
    import altair as alt

    counted = done.deadlines.group_by("days").len("due days").drop_nulls().sort("days")
    alt.Chart(counted, title="到期日提前的天数 (calendar days by which the due day moves)", width=480, height=200).mark_bar(
        color="#14508c"
    ).encode(x=alt.X("days:O", title="自然日 calendar days"), y=alt.Y("due days:Q", title="到期日个数 due days"))


@app.cell(hide_code=True)
def _(mo):
    mo.md("## Who would have been late")


@app.cell
def _(done):
    newly = done.deadlines.filter(~done.deadlines["late_before"] & done.deadlines["late_after"])
    newly.group_by("department").len("newly late").sort("newly late", "department", descending=[True, False]).head(8)


@app.cell(hide_code=True)
def _(mo):
    mo.md("## The report\n\n`done.to_html()` is the whole of it as one page for a screen, a phone and paper; here is its short form.")


@app.cell
def _(done):
    done


if __name__ == "__main__":
    app.run()
