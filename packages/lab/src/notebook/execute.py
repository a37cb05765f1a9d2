"""
Executes a notebook and writes it with its outputs: execute.py <notebook> <output>.

Tells on standard output how it goes, a line of JSON each: {"missing": [...]} packages to install, and nothing was
done; {"cell": 3, "cells": 19} begins; {"failed": "..."} the error of a cell, which ends the notebook. Exit code 0.
"""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

# What the notebook imports, and what executes it. nbclient brings nbformat.
PACKAGES = ["nbclient", "ipykernel", "boto3", "pandas", "matplotlib"]


def tell(**line):
    print(json.dumps(line), flush=True)


def execute(source, output):
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": str(source.parent)}},
        on_cell_start=lambda cell, cell_index: tell(cell=cell_index + 1, cells=len(notebook.cells)),
    )
    try:
        client.execute()
    except CellExecutionError as error:
        tell(failed=f"{error.ename}: {error.evalue}")
    finally:
        nbformat.write(notebook, output)


missing = [name for name in PACKAGES if find_spec(name) is None]
if missing:
    tell(missing=missing)
else:
    execute(*map(Path, sys.argv[1:]))
