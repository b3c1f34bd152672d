"""The measuring process in Python: the same protocol and loop as Worker.java.

An engine is an object with name(), remarks(), run() -> loss or 0, verify(), proof() and parameters().
"""

import json
import math
import re
import statistics
import sys
import time

import torch


READY = "accrete-bench: ready"

# Runs of fewer milliseconds are preceded by some that do not count; see Worker.java.
REHEAT = 50


class Engine:
    def remarks(self):
        return []

    def parameters(self):
        return 0

    def verify(self):
        pass

    def proof(self):
        return []


def peak_bytes():
    try:
        with open("/proc/self/status") as status:
            return int(re.search(r"VmHWM:\s*(\d+)", status.read()).group(1)) * 1024
    except OSError:
        return 0


def next_turn():
    """Waits for a turn, as Turns.java does."""
    print(READY, flush=True)
    answer = sys.stdin.readline()
    if not answer:
        sys.exit("the process that asked for a measurement is gone")
    return answer.strip() == "run"


def finite(engine, loss):
    if not math.isfinite(loss):
        sys.exit(f"{engine.name()} computed a loss of {loss}; its times would mean nothing")
    return loss


def repeat(engine, least, least_millis):
    """Returns the milliseconds of the last run, infinitely many if there was none."""
    millis = math.inf
    end = time.perf_counter() + least_millis / 1e3
    runs = 0
    while runs < least or time.perf_counter() < end:
        start = time.perf_counter()
        finite(engine, engine.run())
        millis = (time.perf_counter() - start) * 1e3
        runs += 1
    return millis


def faster_layout(trial):
    """Times trial(memory format) in torch's two layouts; returns the faster one and its name."""
    best = None
    for name, layout in (("", torch.contiguous_format), (" channels-last", torch.channels_last)):
        seconds = trial(layout)
        if best is None or seconds < best[0]:
            best = (seconds, layout, name)
    return best[1], best[2]


def seconds(work, times):
    """The median time of some calls, after one more."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main(create):
    with open(sys.argv[1]) as question:
        task = json.load(question)
    launched = int(sys.argv[3])
    torch.set_num_threads(task["workload"]["threads"])
    torch.manual_seed(0)
    timing = task["timing"]
    engine = create(task["workload"])
    first = finite(engine, engine.run())
    first_millis = time.time() * 1e3 - launched
    first_cpu = time.process_time() * 1e3
    engine.verify()
    previous = repeat(engine, timing["warmUpRuns"] - 1, timing["warmUpSeconds"] * 1e3)
    millis = []
    cpu = 0
    while next_turn():
        if previous < REHEAT:
            repeat(engine, 1, REHEAT)
        cpu_start = time.process_time()
        start = time.perf_counter()
        last = engine.run()
        previous = (time.perf_counter() - start) * 1e3
        cpu += time.process_time() - cpu_start
        millis.append(previous)
        finite(engine, last)
    cpu = cpu * 1e3 / max(1, len(millis))
    with open(sys.argv[2], "w") as answer:
        json.dump(
            {
                "engine": engine.name(),
                "remarks": engine.remarks(),
                "parameters": engine.parameters(),
                "macs": 0,
                "runMillis": millis,
                "cpuMillis": cpu,
                "firstRunMillis": first_millis,
                "firstRunCpuMillis": first_cpu,
                "first": first,
                "last": last,
                "proof": engine.proof(),
                "heldBytes": 0,
                "peakBytes": peak_bytes(),
            },
            answer,
        )
