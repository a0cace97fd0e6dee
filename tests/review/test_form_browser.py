"""The form as a page: accessible, at work from a file with nothing fetched, and what it saves is what was filled in."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import yaml

from factsheet.cli.run import run

sys.path.insert(0, str(Path(__file__).parents[1] / "pages"))

from browser import axe_source, chromium

pytest.importorskip("playwright")

COMMENT = 'Two\nlines: - a # b \u2028 c "q" \\ end \U0001f642 </script>'


def test_the_page_is_filled_in_and_saved(sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "<img src=x onerror=alert(1)>\u202e"
    sheet.write_text(
        sheet.read_text(encoding="utf-8").replace("It sorts letters.", hostile), encoding="utf-8"
    )
    assert run(["review", "form", "small.yaml", "-o", "form.html"]) == 0
    form = sheet.with_name("form.html")
    assert "http" not in form.read_text(encoding="utf-8").replace("http-equiv", "")
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 320, "height": 700}, accept_downloads=True)
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(form.as_uri())
        for fold in page.locator("details > summary").all():
            fold.click()
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        page.evaluate(axe_source() + ";0")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            told = page.evaluate(
                "async () => (await axe.run('html')).violations.map((one) => [one.id, one.nodes[0].html])"
            )
            assert told == []

        save = page.get_by_role("button", name="Save the review")
        save.click()
        assert page.locator("#status").inner_text() == "Not saved: something is missing above."
        assert page.evaluate("document.activeElement.id") == "by"
        page.get_by_label("Name, or a code").fill('P7: "x" # \u0007y')
        page.get_by_label("Role in which you read the sheet").select_option("data-scientist")
        save.click()
        assert "there is no grade and no comment yet" in page.locator("#status").inner_text()
        # By the keyboard alone: the group is one stop, arrows choose.
        page.get_by_role("group", name="Completeness of Overview").get_by_label("none").focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        page.get_by_role("group", name="Relevance of Test data").get_by_label("high").check()
        page.get_by_label("What should change in Overview").fill(COMMENT)
        assert "2 of 12 grades given, not saved yet" in page.locator("#status").inner_text()
        with page.expect_download() as download:
            save.click()
        name = download.value.suggested_filename
        download.value.save_as(sheet.with_name(name))
        assert faults == []
    assert name == "small-P7-x-y.review.yaml"

    review = yaml.safe_load(sheet.with_name(name).read_text(encoding="utf-8"))["rounds"][0]["reviews"][0]
    assert (review["by"], review["role"]) == ('P7: "x" # y', "data-scientist")
    assert review["scores"] == {
        "overview": {"completeness": "medium", "comment": COMMENT},
        "test_data": {"relevance": "high"},
    }
    capsys.readouterr()
    assert run(["review", "add", "small.yaml", name]) == 0
    assert "data scientist" in capsys.readouterr().out.lower()
    assert run(["review", "summary", "small.yaml", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["rounds"][0]["version"]["is"] == "this"
    assert data["improve_first"][0]["grades"][0]["comment"] == COMMENT.replace("\u2028", "\ufffd")
