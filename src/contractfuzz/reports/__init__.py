"""Reports in every format: text, HTML, JSON, JUnit XML and GitHub annotations.

``rendering`` lists the formats and loads the module of one when it is used. Nothing is imported here, because the command
line reads that list for ``--help``.
"""
