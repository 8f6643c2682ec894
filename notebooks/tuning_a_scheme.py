"""Tuning a scheme before it is issued: what each number does, where an outcome turns, which number matters most."""

import marimo

app = marimo.App(app_title="Tuning a scheme")


@app.cell(hide_code=True)
def _(mo):
    mo.md(
        """
        # Tuning a scheme before it is issued

        A draft of an assessment scheme (考核办法) says that a window begins the month with 100 points and loses some for
        every case that is not finished on the day it is received. How many? Grades hang on it, so it is tried on last year's cases first. The cases are made up.
        """
    )


@app.cell
def _():
    from pathlib import Path
    from tempfile import TemporaryDirectory
    from textwrap import dedent

    import marimo as mo
    import polars as pl

    from govservice import load_rulebook
    from govservice.sample import centre_year
    from govservice.whatif import sweep, tipping_point, weights

    return Path, TemporaryDirectory, centre_year, dedent, load_rulebook, mo, pl, sweep, tipping_point, weights


@app.cell
def _(Path, TemporaryDirectory, dedent, load_rulebook):
    DRAFT = """
    rulebook: draft
    title: 窗口月度考核办法（征求意见稿）
    extends: [standard]
    conventions: {part_floor: none, part_overflow: capped, unserved_periods: skip, part_served: full, ties: best, pause_needs_notice: no}
    settings:
      late_points: {type: decimal, label: 超期每件扣分, value: 2}
      pass_mark: {type: decimal, label: 合格线, value: 90}
    schemes:
      month:
        scores: window
        period: month
        title: 窗口月度考核
        full: 100
        parts:
          limits:
            full: 100
            items:
              - {id: late, label: 超期, for: cases, when: closed_on > received_on, points: -late_points}
    decisions:
      passed:
        about: month
        label: 是否合格
        hit: first
        rules:
          - {id: passed, when: total >= pass_mark, then: 合格}
          - {then: 不合格}
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "draft.yaml"
        file.write_text(dedent(DRAFT), encoding="utf-8")
        book = load_rulebook(file)
    book
    return (book,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("## One number, many values")


@app.cell
def _(book, centre_year, sweep):
    records = centre_year(cases=150, seed=2)
    figures = {"分数变动 scores": lambda one: one.changed_scores, "等级变动 grades": lambda one: len(one.grade_changes)}
    found = sweep(book, {"settings.late_points": [1, 2, 3, 4, 6]}, records, figures=figures, period="2025-01")
    found
    return found, records


@app.cell(hide_code=True)
def _(mo):
    mo.md("## Where it turns\n\nHalving finds the first pass mark (合格线) at which a grade becomes another.")


@app.cell
def _(book, records, tipping_point):
    turn = tipping_point(
        book, "settings.pass_mark", records, lambda one: len(one.grade_changes) > 0, among=range(90, 101), period="2025-01"
    )
    turn if turn is not None else "no grade changes between 90 and 100"


@app.cell(hide_code=True)
def _(mo):
    mo.md("## Which number matters most\n\nEach is moved by a tenth, down and up; counted are the scorecards and grades that change.")


@app.cell
def _(book, pl, records, weights):
    matters = weights(book, records, period="2025-01")
    pl.DataFrame(
        {
            "数 number": [weight.label or weight.path for weight in matters],
            "减一成 a tenth lower": [weight.lower for weight in matters],
            "加一成 a tenth higher": [weight.higher for weight in matters],
        }
    )


if __name__ == "__main__":
    app.run()
