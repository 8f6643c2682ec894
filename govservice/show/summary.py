"""The one-page summary: what a centre's director asks first, as one HTML file that needs no other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from html import escape
from importlib.resources import files
from typing import Any, Final

from govservice.decimals import half_up, without_zeros
from govservice.errors import Lang
from govservice.rules.book.contents import labelled
from govservice.show.summary_texts import TEXTS

__all__ = ["fragment", "page", "rate_in_words", "settings_given", "shown_rate", "unheard_kinds"]

# apart in lightness as well as in hue; a type keeps its colour on every page
_COLOURS: Final = {
    "instant": "#14508c", "promised": "#4b93d0", "joint": "#2f7d6b", "supplement": "#d9a441", "returned": "#a8442a", "urgent": "#7b2d8b",
    "escalated": "#5d6b2f", "special": "#8a6d4d", "other": "#8593a6", "open": "#c9ced6", "no_rule": "#3b3f46",
}  # fmt: skip
BY_NOTHING: Final = "nothing to divide by"
LISTED: Final = 10  # groups of a kind; summary.json has more
_SPARE: Final = ("#35618e", "#7aa35a", "#b5793c", "#6d5a9c", "#3f8f9b")


_PAGE: Final = "@page { size: A4; margin: 14mm; } body { margin: 0; background: #f4f6f9; } @media print { body { background: #fff; } }\n"


def fragment(figures: Mapping[str, Any], lang: Lang) -> str:
    """The same as one piece of HTML within another page, whose own style it leaves alone."""
    return _Page(figures, lang).scoped()


def page(figures: Mapping[str, Any], lang: Lang) -> str:
    """The page of the figures that `figures` gave, in one language.

    >>> page({}, "en")
    Traceback (most recent call last):
    KeyError: 'rulebook'
    """
    return _Page(figures, lang).html()


class _Page:
    def __init__(self, figures: Mapping[str, Any], lang: Lang) -> None:
        self.figures = figures
        self.lang: Lang = lang
        self.title = figures["rulebook"]["title"] or figures["rulebook"]["id"]

    def say(self, key: str, **values: object) -> str:
        """A sentence of the page, its values escaped."""
        return TEXTS[key].text(self.lang).format(**{name: escape(str(value)) for name, value in values.items()})

    def html(self) -> str:
        title = f"{escape(self.title)} · {self.say('summary')}"
        return (
            f'<!doctype html>\n<html lang="{self.say("html_lang")}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
            f"<style>\n{_PAGE}</style>\n</head>\n<body>\n{self.scoped()}\n</body>\n</html>\n"
        )

    def scoped(self) -> str:
        """The page's own part: its style speaks of nothing outside it."""
        css = (files("govservice.show") / "summary.css").read_text(encoding="utf-8")
        parts = [
            self.head(),
            self.cards(),
            self.applications(),
            self.due(),
            self.rates(),
            self.groups(),
            self.items(),
            self.records(),
            self.foot(),
        ]
        inside = "\n".join(part for part in parts if part)
        return f'<main class="gs-summary" lang="{self.say("html_lang")}">\n<style>\n{css}</style>\n{inside}\n</main>'

    # -- parts of the page

    def head(self) -> str:
        asked = self.figures["asked"]
        days = [self.say(name, day=asked[name]) for name in ("now", "on", "accepted_on") if asked[name]]
        line = " · ".join([self.say("under", id=self.figures["rulebook"]["id"]), *days])
        return f"<header><h1>{escape(self.title)}</h1><p>{self.say('summary')}</p><p class=soft>{line}</p></header>"

    def cards(self) -> str:
        items, due = self.figures["items"], self.figures["due"]
        aside = sum(source["set_aside"] for source in self.figures["rows"])
        speed = items["speed_up"]["compression"]
        open_ = max(self.figures["applications"]["open"], self.figures["cases"]["open"])
        cards = [(source["table"], source["in"], False) for source in self.figures["rows"] if source["table"] in TEXTS]
        cards += [("open", open_, open_ > 0)] if self.figures["applications"]["total"] or self.figures["cases"]["total"] else []
        cards += [("overdue", due["overdue"]["count"], due["overdue"]["count"] > 0)] if due["overdue"] else []
        cards += [("speed_up", _percent(speed), False)] if speed is not None else []
        cards += [("set_aside", aside, aside > 0)]
        inside = "".join(
            f'<div class="card{" warn" if warn else ""}"><b>{_figure(value)}</b><span>{self.say(name)}</span></div>'
            for name, value, warn in cards
        )
        return f"<div class=cards>{inside}</div>"

    def applications(self) -> str:
        table = "applications" if self.figures["applications"]["total"] else "cases"
        counts = self.figures[table]
        if not counts["total"]:
            return ""
        shares = _shares(counts)
        shares += [("open", self.say("open_type"), None, counts["open"])] if counts["open"] else []
        shares += [("no_rule", self.say("no_rule"), None, counts["no_rule"])] if counts["no_rule"] else []
        types = self.shares(shares, counts["total"])
        return self.section("types_of", f"<div class=pair><div>{types}</div><div>{self.opened(counts)}</div></div>", what=self.say(table))

    def opened(self, counts: Mapping[str, Any]) -> str:
        if not counts["open"]:
            return f"<h3>{self.say('none_open')}</h3>"
        rows = [
            (
                escape(fact["label"] or fact["fact"]) + (f" <span class=tag>{self.say('setting')}</span>" if fact["setting"] else ""),
                fact["count"],
            )
            for fact in counts["open_by_fact"]
        ]
        head = self.say("open_head", count=counts["open"])
        return f"<h3>{head}</h3>{self.table(('fact', 'waits'), rows)}<p class=soft>{self.say('open_hint')}</p>"

    def due(self) -> str:
        due = self.figures["due"]
        if not self.figures["cases"]["total"]:
            return ""
        sentences = [self.say("running", running=due["running"], dated=due["dated"])]
        if any(each["clock"] != "promised" for each in due["by_clock"]):
            clocks = ", ".join(f"{each['label'] or each['clock']} {each['count']}" for each in due["by_clock"])
            sentences.append(self.say("by_clock", clocks=clocks))
        if due["finished"]:
            sentences.append(self.say("finished", finished=due["finished"], late=due["finished_late"]))
        if due["overdue"] is None:
            sentences.append(self.say("no_now"))
        if any(due["moved"].values()):
            sentences.append(self.say("moved", **due["moved"]))
        if self.figures["course"]["unheard"]:
            sentences.append(self.say("unheard", kinds=unheard_kinds(self.figures["course"], self.lang)))
        lists = []
        if due["overdue"] and due["overdue"]["count"]:
            lists.append(self.cases("overdue_head", due["overdue"]["listed"], due["overdue"]["count"]))
        if due["nearest"]:
            lists.append(self.cases("nearest_head" if self.figures["asked"]["now"] else "earliest_head", due["nearest"], due["ahead"]))
        if due["provisional"]:
            note = f"<p class=soft>{self.say('provisional_hint', day=self.figures['calendar']['official_through'])}</p>"
            lists.append(self.cases("provisional_head", due["provisional_listed"], due["provisional"]) + note)
        if due["signals"]:
            signals = [
                (escape((signal["label"] if self.lang == "zh" else None) or signal["signal"]), signal["count"]) for signal in due["signals"]
            ]
            lists.append(f"<h3>{self.say('signals_head')}</h3>{self.table(('signal', 'cases_waiting'), signals)}")
        if due["undated"]:
            lists.append(self.undated(due))
        body = f"<p>{' '.join(sentences)}</p><div class=pair>{''.join(f'<div>{part}</div>' for part in lists)}</div>"
        return self.section("due_head", body)

    def undated(self, due: Mapping[str, Any]) -> str:
        """Why cases have no due day."""
        parts = [f"<h3>{self.say('no_due_head', count=due['undated'])}</h3>"]
        later = due["not_started"]
        if later["count"]:
            parts.append(f"<p>{self.say('not_started', count=later['count'], now=self.figures['asked']['now'], first=later['first'])}</p>")
        parts += [f"<p>{self.say(name, count=due[name])}</p>" for name in ("stopped", "no_clock_running") if due[name]]
        if due["undated_by_fact"]:
            rows = [(escape(fact["label"] or fact["fact"]), fact["count"]) for fact in due["undated_by_fact"]]
            parts.append(f"<h3>{self.say('undated_head', count=due['unknown'])}</h3>{self.table(('fact', 'cases_waiting'), rows)}")
        return "".join(parts)

    def cases(self, head: str, listed: Sequence[Mapping[str, Any]], count: int) -> str:
        rows = [
            (
                escape(case["id"]),
                escape(case["case_type"] or self.say("open_type")),
                f"<span class=day>{case['due_on']}</span>{self.provisional(case)}",
            )
            for case in listed
        ]
        more = f"<p class=soft>{self.say('listed', listed=len(listed), count=count)}</p>" if count > len(listed) else ""
        return f"<h3>{self.say(head, count=count)}</h3>{self.table(('case', 'type', 'due_on'), rows)}{more}"

    def provisional(self, entry: Mapping[str, Any]) -> str:
        if entry["official"] is not False:
            return ""
        span = "" if entry["earliest"] == entry["latest"] else f" {entry['earliest']} – {entry['latest']}"
        return f" <span class=tag>{self.say('provisional')}{span}</span>"

    def rates(self) -> str:
        """The measures of each centre, then those of departments and windows."""
        rates = self.figures["rates"]
        parts = [self.rates_of(centre) for centre in rates["centre"]]
        parts += [part for kind in ("department", "window") if (part := self.rates_by(kind, rates[kind]))]
        if not any(parts):
            return ""
        head = f"<p class=soft>{self.say('rates_as_of', day=rates['as_of'])}</p>" if rates["as_of"] else ""
        return self.section("rates_head", head + "".join(parts))

    def rates_of(self, subject: Mapping[str, Any]) -> str:
        rows = [(self.called(rate), self.rate(rate)) for rate in subject["rates"]]
        name = self.title if subject["id"] == self.figures["rulebook"]["id"] else subject["id"]
        return f"<h3>{escape(name)}</h3>{self.table(('measure', 'value'), rows)}"

    def rates_by(self, kind: str, subjects: Sequence[Mapping[str, Any]]) -> str:
        """The largest of a kind, a column for each measure that says something of some of them."""
        shown = subjects[:LISTED]
        told = range(len(shown[0]["rates"])) if shown else range(0)
        columns = [at for at in told if any(self.cell(one["rates"][at]) != _NOTHING for one in shown)]
        if not columns:
            return ""
        heads = "".join(f"<th class=n>{self.called(shown[0]['rates'][at])}</th>" for at in columns)
        lines = "".join(
            f"<tr><td>{escape(one['id'])}</td>" + "".join(f"<td class=n>{self.cell(one['rates'][at])}</td>" for at in columns) + "</tr>"
            for one in shown
        )
        table = f"<table class=rates><thead><tr><th>{self.say(kind)}</th>{heads}</tr></thead><tbody>{lines}</tbody></table>"
        count = len(subjects)
        return table + (f"<p class=soft>{self.say('listed_groups', listed=len(shown), count=count)}</p>" if count > len(shown) else "")

    def called(self, rate: Mapping[str, Any]) -> str:
        return escape(rate["label"] or rate["measure"]) if self.lang == "zh" else escape(rate["measure"])

    def rate(self, rate: Mapping[str, Any]) -> str:
        """A measure's value, to two digits; while it is open, between which it lies and what is missing."""
        said = escape(rate_in_words(rate, self.lang))
        settled = rate["value"] is not None or (rate["low"] is not None and rate["high"] is not None)
        return said if settled or not said else f"<span class=soft>{said}</span>"

    def cell(self, rate: Mapping[str, Any]) -> str:
        """The same in a narrow column, where nothing to divide by is a dash."""
        told = [one["fact"] for one in rate["undecided"]] != [BY_NOTHING] and rate_in_words(rate, self.lang) != _NOTHING
        return self.rate(rate) if told else _NOTHING

    def groups(self) -> str:
        """The cases by department, window and item, where they name any; their types stand above."""
        parts = [part for kind in ("department", "window", "item") if (part := self.group(kind, self.figures["by"][kind]))]
        return self.section("groups_head", f"<div class=pair>{''.join(f'<div>{part}</div>' for part in parts)}</div>") if parts else ""

    def group(self, kind: str, by: Mapping[str, Any]) -> str:
        largest = by["largest"]
        if all(group["id"] is None for group in largest):
            return ""
        late = self.figures["asked"]["now"] is not None
        rows = [
            (
                self.say("unnamed") if group["id"] is None else escape(group["label"] or group["id"]),
                group["cases"],
                group["running"],
                *((group["overdue"],) if late else ()),
                group["finished_late"],
            )
            for group in largest[:LISTED]
        ]
        heads = (kind, "count", "running_short", *(("overdue_short",) if late else ()), "late_short")
        count = by["groups"]
        more = f"<p class=soft>{self.say('listed_groups', listed=len(rows), count=count)}</p>" if count > len(rows) else ""
        return self.table(heads, rows) + more

    def items(self) -> str:
        items = self.figures["items"]
        if not items["total"]:
            return ""
        shares = _shares(items)
        typed = sum(count for _, _, _, count in shares)
        shares += [("open", self.say("untyped"), None, items["total"] - typed)] if typed < items["total"] else []
        left = self.shares(shares, items["total"]) + self.lacking(items) + self.items_due(items["due"])
        return self.section("items_head", f"<div class=pair><div>{left}</div><div>{self.speed_up(items)}</div></div>")

    def lacking(self, items: Mapping[str, Any]) -> str:
        if not items["lacking"]:
            return ""
        rows = [(escape(fact["label"] or fact["fact"]), fact["count"]) for fact in items["lacking"]]
        names = self.say("comma").join(escape(item["name"] or item["id"]) for item in items["lacking_items"])
        named = f"<p class=soft>{self.say('lacking_names')}{names}</p>"
        return f"<h3>{self.say('lacking_head')}</h3>{self.table(('fact', 'items_lacking'), rows)}{named}"

    def speed_up(self, items: Mapping[str, Any]) -> str:
        speed = items["speed_up"]
        if speed["compression"] is None:
            return ""
        share = max(1.0 - float(speed["compression"]), 0.0)
        bars = (
            f'<div class="meter law" style="width:100%">{self.say("law_days", days=_figure(speed["statutory_days"]))}</div>'
            f'<div class=meter style="width:{min(share, 1.0) * 100:.1f}%;margin-top:4px">{_figure(speed["promised_days"])}</div>'
        )
        sentence = self.say(
            "speed_said", items=speed["items"], promised=_figure(speed["promised_days"]), share=_percent(speed["compression"])
        )
        exact = self.say("exact", figure=speed["compression"])
        rows = [
            (escape(department["department"]), department["all_items"], _percent(department["compression"]))
            for department in items["departments"]
            if department["compression"] is not None
        ]
        table = f"<h3>{self.say('departments')}</h3>{self.table(('department', 'items', 'speed_up'), rows)}" if len(rows) > 1 else ""
        return f"<h3>{self.say('speed_head')}</h3>{bars}<p>{sentence} <span class=soft>{exact}</span></p>{table}"

    def items_due(self, due: Mapping[str, Any] | None) -> str:
        if due is None or due["earliest"] is None:
            return ""
        sentence = self.say("items_due", day=due["accepted_on"], earliest=due["earliest"], latest=due["latest"])
        if due["provisional"]:
            sentence += " " + self.say("items_provisional", count=due["provisional"])
        rows = [
            (escape(item["name"] or item["id"]), f"<span class=day>{item['due_on']}</span>{self.provisional(item)}")
            for item in due["longest"]
        ]
        return f"<h3>{self.say('items_due_head')}</h3><p>{sentence}</p>{self.table(('item', 'due_on'), rows)}"

    def form(self, source: Mapping[str, Any]) -> str:
        """How rows were read: the encoding of a text, the kind of a file or database, or that they were handed over."""
        encoding = source["encoding"]
        if encoding is None:
            return "Parquet" if source["file"].lower().endswith(".parquet") else self.say("handed_over")
        return {"postgresql": "PostgreSQL", "mysql": "MariaDB / MySQL"}.get(encoding, str(encoding).upper())

    def records(self) -> str:
        rows = [
            (escape(source["file"]), escape(self.form(source)), source["in"], source["out"], source["set_aside"])
            for source in self.figures["rows"]
        ]
        parts = [self.table(("file", "encoding", "rows_in", "rows_out", "rows_aside"), rows)]
        if self.figures["set_aside"]:
            aside = [
                (f"<span class=day>{escape(row['file'])}:{row['line']}</span>", escape(row["id"] or ""), escape(row["reason"]))
                for row in self.figures["set_aside"]
            ]
            parts.append(
                f"<h3>{self.say('aside_head')}</h3>{self.table(('place', 'id', 'reason'), aside)}<p class=soft>{self.say('aside_hint')}</p>"
            )
        if self.figures["cases"]["missing"]:
            parts.append(f"<p>{self.say('missing', count=self.figures['cases']['missing'])}</p>")
        if self.figures["not_read"]:
            parts.append(f"<p class=soft>{self.say('not_read', files=', '.join(self.figures['not_read'][:20]))}</p>")
        called = {source["table"]: source["label"] for source in self.figures["rows"]} if self.lang == "zh" else {}
        unread = [f"{escape(called.get(table, table))}: {escape(', '.join(columns))}" for table, columns in self.figures["unread"].items()]
        parts += [f"<p class=soft>{self.say('unread')} {'; '.join(unread)}</p>"] if unread else []
        return self.section("records_head", "".join(parts))

    def foot(self) -> str:
        book = self.figures["rulebook"]
        settings = settings_given(book["settings"], book.get("labels", {}), self.lang)
        sentences = [
            self.say("foot_book", id=book["id"], digest=book["digest"]),
            self.say("foot_settings", settings=settings) if settings else "",
            self.say("foot_open", settings="、".join(book["settings_open"].values())) if book["settings_open"] else "",
            self.say("foot_calendar", name=self.figures["calendar"]["name"], day=self.figures["calendar"]["official_through"]),
            self.say("foot_version", version=self.figures["version"]),
        ]
        return f"<footer>{''.join(f'<p>{sentence}</p>' for sentence in sentences if sentence)}</footer>"

    # -- pieces

    def section(self, head: str, body: str, **values: object) -> str:
        return f"<section><h2>{self.say(head, **values)}</h2>{body}</section>"

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
        """Texts of the rows are HTML already; numbers and shares stand to the right."""
        body = list(rows)
        right = [all(isinstance(row[at], int) or str(row[at]).endswith("%") for row in body) for at in range(len(heads))]
        head = "".join(f"<th{' class=n' if n else ''}>{self.say(name)}</th>" for name, n in zip(heads, right, strict=True))
        lines = "".join(
            "<tr>" + "".join(f"<td{' class=n' if n else ''}>{_cell(value)}</td>" for value, n in zip(row, right, strict=True)) + "</tr>"
            for row in body
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"

    def shares(self, shares: Sequence[tuple[str, str, int | None, int]], total: int) -> str:
        """One bar and its table: each type with its count and share."""
        spare = iter(_SPARE * 20)
        colours = {name: _COLOURS.get(name) or next(spare) for name, _, _, _ in shares}
        bar = "".join(
            f'<i style="width:{count / total * 100:.2f}%;background:{colours[name]}" title="{escape(label)} {count}"></i>'
            for name, label, _, count in shares
        )
        rows = [
            (
                f'<span class=chip style="background:{colours[name]}"></span>{escape(label)}',
                "" if code is None else str(code),
                count,
                f"{count / total:.1%}",
            )
            for name, label, code, count in shares
        ]
        return f"<div class=bar>{bar}</div>{self.table(('type', 'code', 'count', 'share'), rows)}"


_NOTHING: Final = "–"


def rate_in_words(rate: Mapping[str, Any], lang: Lang) -> str:
    """A rate as the page and the terminal have it: its value; while it is open, between which it lies, else what is missing, or why."""
    if rate["value"] is not None:
        return shown_rate(rate["measure"], rate["value"], lang)
    facts = [(one["label"] if lang == "zh" else None) or one["fact"] for one in rate["undecided"]]
    if rate["low"] is not None and rate["high"] is not None:
        low, high = (shown_rate(rate["measure"], rate[end], lang) for end in ("low", "high"))
        return TEXTS["rate_between"].text(lang).format(low=low, high=high)
    if [one["fact"] for one in rate["undecided"]] == [BY_NOTHING]:
        return TEXTS["rate_of_nothing"].text(lang)
    if rate["why"] is not None:
        return str(rate["why"][lang])
    return TEXTS["rate_open"].text(lang) + TEXTS["comma"].text(lang).join(facts) if facts else _NOTHING


def shown_rate(measure: str, value: object, lang: Lang) -> str:
    """A measure's value as a reader sees it: numbers to two digits, those of a percent with its sign, yes and no as words.

    >>> shown_rate("completion_percent", "99.581590", "en"), shown_rate("items", 912, "en"), shown_rate("met", True, "zh")
    ('99.58%', '912', '是')
    """
    if isinstance(value, bool):
        return {("en", True): "yes", ("en", False): "no", ("zh", True): "是"}.get((lang, value), "否")
    try:
        number = without_zeros(half_up(Decimal(str(value)), 2))
    except (InvalidOperation, ValueError, OverflowError):  # no number, whether or not that is trapped
        return str(value)
    text = f"{number:,f}"
    return f"{text}%" if measure.endswith("_percent") else text


def _shares(counts: Mapping[str, Any]) -> list[tuple[str, str, int | None, int]]:
    return [(each["case_type"], each["label"] or each["case_type"], each["national_code"], each["count"]) for each in counts["case_types"]]


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _figure(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else escape(str(value))


def _percent(share: str | None) -> str:
    return "" if share is None else f"{float(share):.1%}"


def settings_given(settings: Mapping[str, str], called: Mapping[str, str], lang: Lang) -> str:
    """The settings that were given, in Chinese by their labels.

    >>> settings_given({"few": "2", "many": "9"}, {"few": "少数上限"}, "zh")
    '少数上限（few）= 2、many = 9'
    """
    if lang == "en":
        return ", ".join(f"{name} = {value}" for name, value in settings.items())
    return "、".join(f"{labelled(name, called.get(name)).lstrip()}= {value}" for name, value in settings.items())


def unheard_kinds(course: Mapping[str, Any], lang: Lang) -> str:
    """The kinds of pause that stop no clock and how many there are of each, in Chinese by what the book calls them."""
    called = course.get("labels", {}) if lang == "zh" else {}
    return ("、" if lang == "zh" else ", ").join(f"{called.get(kind, kind)} {count}" for kind, count in course["unheard"].items())
