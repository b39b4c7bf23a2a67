"""What is broken on purpose: a database, a disk, a mail server, and every process of the site at every step.

Real processes, a real PostgreSQL and real SIGKILLs; visitors who behave like browsers, and a count of what they were
told and of what there is in the end. `make test` runs a part of it (test_*.py), `make faults` all (__main__.py).
"""
