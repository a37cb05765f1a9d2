"""
Stops this notebook instance when nothing ran in it for an hour. An open browser tab alone does not keep it running.
Runs as root from the start of the instance to its stop (infra/constructs/notebook/on-start.ts).
"""

import json
import ssl
import subprocess
import time
from datetime import datetime, timezone
from pathlib import Path
from urllib.request import urlopen

IDLE_SECONDS = 3600
CHECK_SECONDS = 300
# Jupyter of a notebook instance, with a certificate of its own making.
JUPYTER = "https://localhost:8443/api"
UNVERIFIED = ssl._create_unverified_context()
# AWS: "Get Notebook Instance Metadata"
METADATA = Path("/opt/ml/metadata/resource-metadata.json")


def ask(path):
    with urlopen(f"{JUPYTER}/{path}", timeout=30, context=UNVERIFIED) as answer:
        return json.load(answer)


def seconds_since(text):
    then = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (datetime.now(timezone.utc) - then).total_seconds()


def idle_seconds():
    """How long nothing ran; 0 while a kernel is busy. Where Jupyter does not answer, since the start."""
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    try:
        kernels, terminals = ask("kernels"), ask("terminals")
    except OSError as error:
        print(f"Jupyter does not answer: {error}", flush=True)
        return uptime
    if any(kernel["execution_state"] == "busy" for kernel in kernels):
        return 0
    return min([uptime, *(seconds_since(each["last_activity"]) for each in [*kernels, *terminals])])


def stop():
    arn = json.loads(METADATA.read_text())["ResourceArn"].split(":")
    name = arn[5].split("/")[1]
    print(f"Idle for {IDLE_SECONDS} s: stopping {name}.", flush=True)
    command = ["aws", "sagemaker", "stop-notebook-instance", "--region", arn[3], "--notebook-instance-name", name]
    subprocess.run(command, check=True)


while True:
    time.sleep(CHECK_SECONDS)
    if idle_seconds() >= IDLE_SECONDS:
        stop()
