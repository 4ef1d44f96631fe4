"""The print edition: from resolved document trees to Typst markup, page by page.

``writer`` turns one source page into markup; what the calls in that markup look like on paper is decided in
``book/print``. ``settings``, ``fonts`` and ``order`` say what book is made, and ``latex`` serves the optional LaTeX
builder. The Sphinx builder that puts these together is ``aleppo.bookkit.print``.
"""
