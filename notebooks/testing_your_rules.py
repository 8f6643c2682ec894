"""Testing your own rules with hypothesis: thousands of made-up facts against a sentence that must always hold."""

import marimo

app = marimo.App(app_title="Testing your own rules")


@app.cell(hide_code=True)
def _(mo):
    mo.md(
        """
        # Testing your own rules

        A test case shows that a rule does what it should *once*. A **property** is a sentence that must hold for all facts, and
        [hypothesis](https://hypothesis.readthedocs.io) looks for facts that break it. `govservice.strategies` makes up facts that fit a book:
        values at and beside what its conditions compare with, some of them missing.
        """
    )


@app.cell
def _():
    from datetime import date

    import marimo as mo
    from hypothesis import find, given, settings

    from govservice import load_rulebook
    from govservice.strategies import facts_for

    return date, facts_for, find, given, load_rulebook, mo, settings


@app.cell
def _(date, load_rulebook):
    book = load_rulebook("kunshan", settings={"few_attachments": 2})
    today = date(2026, 11, 20)
    return book, today


@app.cell(hide_code=True)
def _(mo):
    mo.md("## A sentence that must hold\n\n> Whoever lacks the main document (主件缺少) has no case of the promised type (承诺件).")


@app.cell
def _(book, facts_for, given, settings, today):
    @settings(max_examples=200, database=None, deadline=None)
    @given(facts_for(book, "case_type"))
    def lacking_is_never_promised(facts):
        outcome = book.decide("case_type", {**facts, "main_document": "lacking"}, on=today)
        assert outcome.value("case_type") != "promised"

    lacking_is_never_promised()
    "200 made-up applications: the sentence holds"


@app.cell(hide_code=True)
def _(mo):
    mo.md(
        "## A sentence that does not\n\n> The case type (办件分类) is always settled.\n\nFacts are found that show otherwise, and the smallest of them are shown: here nothing is known at all."
    )


@app.cell
def _(book, facts_for, find, settings, today):
    shown = find(
        facts_for(book, "case_type"),
        lambda facts: book.decide("case_type", facts, on=today).open,
        settings=settings(max_examples=200, database=None, derandomize=True),
    )
    book.decide("case_type", shown, on=today)


@app.cell(hide_code=True)
def _(mo):
    mo.md(
        "## What the library can prove itself\n\nSome sentences need no made-up facts: whether rules leave a gap, or contradict each other."
    )


@app.cell
def _(book):
    overlaps = book.check().of("overlap")
    [finding.text("zh") for finding in overlaps]


if __name__ == "__main__":
    app.run()
