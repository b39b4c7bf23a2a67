"""One module for each part of the table. `run(bench)` measures it."""
