from __future__ import annotations

import pytest

from workbook_builder.template.formula_rules import check_formula, declared_formulas, formula_faults

LABELS = frozenset({"gereed", "done", "a"})


def test_every_declared_formula_follows_the_rules(template):
    assert formula_faults(template) == []


def test_every_kind_of_formula_is_looked_at(template):
    found = {one.place: one for one in declared_formulas(template)}
    assert found["plan.account"].text == "${account.name}"  # a form
    assert "goals.revenue.target" in found  # a column
    assert "analysis.sales_vv.revenue, total" in found  # a total row
    assert "budget.account_profit, *" in found  # a line of a statement
    assert "checks.R1" in found  # a check
    assert found["account.coc_no"].is_condition  # a condition on typed values
    assert len(found) > 250


@pytest.mark.parametrize(
    "text",
    [
        "${hours}*${rate}",
        "SUM(${actions.cost})",
        'IF(ISNUMBER(${cost}),${revenue}-${cost},"")',
        'SUMIFS(${src.rows.amount},${src.rows.month},"<="&${plan.closed_month})/12',
        "WEEKNUM(${monday},21)",
        "DATE(${plan.year},12,31)-7*3",
        "${revenue:1}/${revenue:3}-1",
        "_xlfn.ISOWEEKNUM(${monday})",
        'IF(${class}="A",1,0)',  # a label of one letter may be any letter
    ],
)
def test_a_formula_of_the_safe_list_is_accepted(text):
    assert check_formula(text, labels=LABELS) == []


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("SUM(${a};${b})", "separator", ";"),
        ("TODAY()-${date}", "unsteady", "TODAY"),
        ("now()", "unsteady", "now"),
        ("OFFSET(${a},1,0)", "unsteady", "OFFSET"),
        ("INDIRECT(${a})", "unsteady", "INDIRECT"),
        ('TEXT(${date},"")', "unsteady", "TEXT"),
        ("FIXED(${a},2)", "unsteady", "FIXED"),
        ("SOM(${a})", "dutch", "SOM"),
        ("ALS(${a},1,0)", "dutch", "ALS"),
        ("NETTO.WERKDAGEN(${a},${b})", "dutch", "NETTO.WERKDAGEN"),
        ("XLOOKUP(${a},${b},${c})", "function", "XLOOKUP"),
        ("LET(1,1)", "function", "LET"),
        ("_xlfn.FILTER(${a},1)", "function", "_xlfn.FILTER"),
        ("WEBSERVICE(${a})", "function", "WEBSERVICE"),
        ("A1*2", "address", "A1"),
        ("SUM($B$2:$C$3)", "address", "$B$2:$C$3"),
        ("SUM(Blad1!A1)", "address", "Blad1!A1"),
        ("SUM(tbl_x[Omzet])", "address", "tbl_x[Omzet]"),
        ("price*2", "address", "price"),
        ("#REF!", "address", "#REF!"),
        ('IF(${status}="Gereed",1,0)', "label", '"Gereed"'),
        ('COUNTIF(${status}," DONE ")', "label", '" DONE "'),
        ("${a}*1.21", "number", "1.21"),
        ("${a}/1000", "number", "1000"),
        ("${a}*5%", "number", "5"),
    ],
)
def test_what_excel_would_take_wrongly_is_refused_by_name(text, code, part):
    problems = check_formula(text, place="goals.gap", labels=LABELS)
    assert [(problem.code, problem.particulars["part"]) for problem in problems] == [(f"formula_refused_{code}", part)]
    for language in ("nl", "en"):
        assert problems[0].text(language).startswith("goals.gap: ")


@pytest.mark.parametrize("text", ["SUM(${a}", "${a})", 'IF(${a}="', ""])
def test_a_formula_that_is_not_complete_is_refused(text):
    assert {problem.code for problem in check_formula(text)} == {"formula_refused_form"}


def test_every_fault_of_one_formula_is_named():
    codes = [problem.code for problem in check_formula("SOM(A1;1000)")]
    assert codes == [
        "formula_refused_dutch",
        "formula_refused_address",
        "formula_refused_separator",
        "formula_refused_number",
    ]


def test_a_condition_on_typed_values_may_hold_the_lengths_of_a_standard():
    assert check_formula("LEN(${coc_no})=8", numbers=None) == []
    assert [problem.particulars["part"] for problem in check_formula("LEN(${coc_no})=8")] == ["8"]


def test_a_dutch_name_is_answered_with_the_english_one():
    problem = check_formula("SOMMEN.ALS(${a},${b},1)", place="x.y")[0]
    assert problem.text("en") == "x.y: SOMMEN.ALS is a Dutch function name; write SUMIFS."
    assert problem.text("nl") == "x.y: SOMMEN.ALS is een Nederlandse functienaam; schrijf SUMIFS."
