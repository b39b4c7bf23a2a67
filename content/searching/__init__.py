"""Search in what is live: the same words, the same order and the same tolerance on SQLite and on PostgreSQL.

words says how a text is read, index writes what that gives, query answers what somebody typed, highlight shows where it
stands. What differs between the databases is behind `engine.matches` and `engine.known`: SQLite's FTS5 in sqlite,
PostgreSQL's full-text search in postgresql. Nothing here keeps, logs or counts what people search for.
"""
