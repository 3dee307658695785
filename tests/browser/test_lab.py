"""The set-up of the browser tests itself: they would be worth little if it saw no trouble."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import both_applications, one_theme


@both_applications
def test_a_notebook_runs_in_both_themes(run_cells, theme):
    notebook = run_cells("1 + 1", "print('done')")
    expect(notebook.output(0)).to_have_text("2")
    expect(notebook.output(1)).to_have_text("done")
    expect(notebook.page.locator("body")).to_have_attribute("data-jp-theme-light", str(theme == "light").lower())
    assert notebook.trouble == []


@both_applications
@one_theme
def test_a_cell_that_fails_is_seen(run_cells):
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        run_cells("1 / 0", "1")


@one_theme
def test_nothing_is_left_of_the_cells_before(run_cells):
    run_cells("here = 1", "here")
    notebook = run_cells("'here' in globals()")
    expect(notebook.output(0)).to_have_text("False")
    assert notebook.page.locator(".jp-Notebook .jp-Cell").count() == 1


@both_applications
@one_theme
def test_trouble_in_the_page_is_seen(run_cells):
    notebook = run_cells("1")
    notebook.page.evaluate("console.error('broken')")
    notebook.page.evaluate("fetch('http://127.0.0.1:9/elsewhere').catch(() => null)")
    assert "console: broken" in notebook.trouble
    assert "request to another host: http://127.0.0.1:9/elsewhere" in notebook.trouble


@one_theme
def test_no_news_are_offered(run_cells):
    notebook = run_cells("1")
    expect(notebook.page.get_by_text("official Jupyter news")).to_have_count(0)
