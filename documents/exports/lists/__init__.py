"""Lists of a letter set row by row: as WeasyPrint would set them, at a fraction of its time.

`fonts` measures and cuts the letter's fonts, `update` writes objects behind a finished PDF, `sheet`
is a page that is being written, `table` sets rows with their tags, `letter` puts the lists of a
letter behind it.
"""
