"""Pictures as SVG text. Plain Python: no inline style, so that they pass the page's policy."""
