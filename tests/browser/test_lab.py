"""The set-up of the browser tests itself: they would be worth little if it saw no trouble."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import both_applications, one_theme


@both_applications
def test_a_notebook_runs_in_both_themes(server, open_notebook, theme):
    notebook = open_notebook(server.write_notebook("sum.ipynb", "1 + 1", "print('done')"))
    notebook.run_all()
    expect(notebook.output(0)).to_have_text("2")
    expect(notebook.output(1)).to_have_text("done")
    expect(notebook.page.locator("body")).to_have_attribute("data-jp-theme-light", str(theme == "light").lower())
    assert notebook.trouble == []


@both_applications
@one_theme
def test_a_cell_that_fails_is_seen(server, open_notebook):
    notebook = open_notebook(server.write_notebook("fails.ipynb", "1 / 0", "1"))
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        notebook.run_all()


@both_applications
@one_theme
def test_trouble_in_the_page_is_seen(server, open_notebook):
    notebook = open_notebook(server.write_notebook("quiet.ipynb", "1"))
    notebook.page.evaluate("console.error('broken')")
    notebook.page.evaluate("fetch('http://127.0.0.1:9/elsewhere').catch(() => null)")
    assert "console: broken" in notebook.trouble
    assert "request to another host: http://127.0.0.1:9/elsewhere" in notebook.trouble


@one_theme
def test_no_news_are_offered(server, open_notebook):
    notebook = open_notebook(server.write_notebook("news.ipynb", "1"))
    notebook.run_all()
    expect(notebook.page.get_by_text("official Jupyter news")).to_have_count(0)
