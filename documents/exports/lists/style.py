"""Measures and colours of lists in points, as letter.css has them for what WeasyPrint sets."""

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT = 25 * MM, 190 * MM
TOP = PAGE_HEIGHT - 25 * MM
BOTTOM = 22 * MM
# The first page of a letter ends above the company's particulars.
FIRST_BOTTOM = 31 * MM

INK, TEAL, GREY, RULE = (
    "0.094 0.153 0.169",
    "0.043 0.333 0.388",
    "0.29 0.357 0.373",
    "0.835 0.867 0.875",
)
THIN, THICK = 0.15 * MM, 0.3 * MM

# Sizes of text with the height of a line; the baseline lies nearly its size below the line's top.
ROW_SIZE, HEAD_SIZE, TITLE_SIZE, TEXT_SIZE, MARGIN_SIZE = 8.6, 8.0, 11.0, 9.4, 8.0
ROW_LINE, HEAD_LINE, TITLE_LINE, TEXT_LINE = 8.6 * 1.3, 8.0 * 1.3, 11.0 * 1.25, 9.4 * 1.38
BASELINE = 1.0055
CELL_PADDING = 0.7 * MM
CELL_GAP = 2 * MM
BEFORE_TITLE, AFTER_TITLE, AFTER_TEXT, AFTER_TABLE = 4.4 * MM, 1.3 * MM, 2.2 * MM, 3 * MM

HEADS_GAP = 5 * MM

# Baselines of what stands in the margins.
RUNNING_HEAD = PAGE_HEIGHT - 18 * MM + 0.273 * MARGIN_SIZE
PAGE_NUMBER = 16 * MM - 0.984 * MARGIN_SIZE
FIRST_PAGE_NUMBER = 26.6 * MM - 0.984 * MARGIN_SIZE
