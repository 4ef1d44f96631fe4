"""The Turn at Aleppo: evidence, measures and models behind the book."""

__version__ = "0.3.0"
