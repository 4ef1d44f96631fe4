"""The book's test of its own tests: change the data a little, and see whether anything notices.

``changes`` draws changes of single cells and rows, ``watched`` computes what a reader sees of the data, ``trials``
makes each change on a copy and looks for a difference, ``report`` keeps the outcome, and ``page`` writes it into the
book.
"""
