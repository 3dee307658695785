"""Views of a run: what a picture needs to know of it, as arrays whose row t is step t. Nothing is drawn here.

A view runs the library's own methods and keeps what they gave; a picture in `diagrams` draws it, the questions in
`exercises.predict` ask about it.
"""
