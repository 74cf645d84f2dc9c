"""From vectors to concepts with the Python packages that are installed, stage by stage: what `bench/versus.mjs` compares with.

    python fit.py --list
    python fit.py --peer umap+hdbscan --vectors images.npy --words words.npy [--map] [--runs 2]

The last line on stdout is JSON: seconds of each stage, CPU seconds (helper processes too) and peak of memory, for each run.
The first run in a process pays for imports and for what numba compiles or loads from its cache; the second is warm.
Settings are the originals': UMAP with 15 neighbours to 5 dimensions, min_dist 0, cosine, no random_state (so that it uses
all threads); HDBSCAN with min_cluster_size 30; ten words a concept by cosine.
"""

import argparse
import importlib.util
import json
import os
import platform
import resource
import sys
import time
from importlib import metadata

PEERS = {
    "umap+hdbscan": ("umap", "hdbscan"),
    "umap+fast_hdbscan": ("umap", "fast_hdbscan"),
    "evoc": ("evoc",),
}
DISTRIBUTIONS = {"umap": "umap-learn"}
RUNTIME = ("numba", "numpy", "scikit-learn", "pynndescent")
MIN_CLUSTER_SIZE = 30
WORDS_PER_CONCEPT = 10


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--list", action="store_true", help="print the peers that can be imported, as JSON")
    parser.add_argument("--peer", choices=PEERS)
    parser.add_argument("--vectors", help=".npy, float32, rows x dimensions, rows of length 1")
    parser.add_argument("--words", help=".npy, float32, words x dimensions")
    parser.add_argument("--map", action="store_true", help="also lay out in 2 dimensions, from the same neighbours")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--started", type=float, default=time.time(), help="when the process was asked for, epoch seconds")
    options = parser.parse_args()
    print(json.dumps(available() if options.list else measure(options)))


def available():
    return [name for name, modules in PEERS.items() if all(importlib.util.find_spec(m) for m in modules)]


def version(module):
    """The version as installed or, for a module on PYTHONPATH only, as it says itself."""
    try:
        return metadata.version(DISTRIBUTIONS.get(module, module))
    except metadata.PackageNotFoundError:
        return getattr(sys.modules.get(module), "__version__", "?")


def measure(options):
    clock = Stages(options.started)
    import numpy

    fit = fit_evoc if options.peer == "evoc" else fit_umap
    modules = [importlib.import_module(module) for module in PEERS[options.peer]]
    clock.end("start")
    vectors, words = numpy.load(options.vectors), numpy.load(options.words)
    clock.end("read")

    runs = []
    for _ in range(options.runs):
        labels = fit(modules, vectors, options.map, clock)
        describe(vectors, labels, words, clock)
        runs.append({**clock.finish(), "concepts": int(labels.max()) + 1, "noise": float((labels < 0).mean())})
    names = [f"{DISTRIBUTIONS.get(module, module)} {version(module)}" for module in PEERS[options.peer]]
    return {
        "program": " + ".join(names),
        "runtime": ", ".join([f"Python {platform.python_version()}"] + [f"{p} {v}" for p, v in runtime_versions()]),
        "rows": len(vectors),
        "runs": runs,
    }


def runtime_versions():
    for package in RUNTIME:
        try:
            yield package, metadata.version(package)
        except metadata.PackageNotFoundError:
            pass


def fit_umap(modules, vectors, with_map, clock):
    umap, clustering = modules
    spent = Timed(umap.umap_, "nearest_neighbors")
    reducer = umap.UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine")
    layout = reducer.fit_transform(vectors)
    # Below 4,096 rows the distances of all pairs are computed outside of that function, and count as reduction.
    clock.end("reduce", {"neighbors": spent.stop()})
    if with_map:
        # Above 4,096 rows the neighbours can be handed on, as a user who wants speed would do it.
        names = ("_knn_indices", "_knn_dists", "_knn_search_index")
        known = {"precomputed_knn": tuple(getattr(reducer, name) for name in names)} if hasattr(reducer, names[2]) else {}
        umap.UMAP(n_neighbors=15, n_components=2, min_dist=0.1, metric="cosine", **known).fit_transform(vectors)
        clock.end("map")
    labels = clustering.HDBSCAN(min_cluster_size=MIN_CLUSTER_SIZE).fit_predict(layout)
    clock.end("cluster")
    return labels


def fit_evoc(modules, vectors, with_map, clock):
    labels = modules[0].EVoC(base_min_cluster_size=MIN_CLUSTER_SIZE).fit_predict(vectors)
    clock.end("cluster")
    return labels


def describe(vectors, labels, words, clock):
    """The ten nearest words of each concept's mean vector."""
    import numpy
    from sklearn.metrics.pairwise import cosine_similarity

    concepts = numpy.stack([vectors[labels == label].mean(axis=0) for label in range(labels.max() + 1)] or [vectors[0]])
    similarity = cosine_similarity(concepts, words)
    best = numpy.argpartition(-similarity, WORDS_PER_CONCEPT, axis=1)[:, :WORDS_PER_CONCEPT]
    numpy.take_along_axis(similarity, best, axis=1)
    clock.end("represent")


class Timed:
    """Seconds spent in one function of a module, until stop()."""

    def __init__(self, module, name):
        self.module, self.name, self.original, self.seconds = module, name, getattr(module, name), 0.0
        setattr(module, name, self)

    def __call__(self, *args, **kwargs):
        start = time.perf_counter()
        try:
            return self.original(*args, **kwargs)
        finally:
            self.seconds += time.perf_counter() - start

    def stop(self):
        setattr(self.module, self.name, self.original)
        return self.seconds


class Stages:
    """Seconds between the ends of stages, and what the process used meanwhile."""

    def __init__(self, started):
        # The first stage begins when the process was asked for, not when Python was ready.
        self.before = time.perf_counter() - (time.time() - started)
        self.begin, self.cpu, self.seconds = self.before, 0.0, {}

    def end(self, stage, parts=None):
        now = time.perf_counter()
        within = parts or {}
        self.seconds.update(within)
        self.seconds[stage] = now - self.before - sum(within.values())
        self.before = now

    def finish(self):
        cpu = cpu_seconds()
        run = {
            "seconds": {**self.seconds, "total": self.before - self.begin},
            "cpuSeconds": cpu - self.cpu,
            "peakMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        self.begin, self.cpu, self.seconds = self.before, cpu, {}
        return run


def cpu_seconds():
    """User and system seconds of this process and its helpers, those that still run included (Linux)."""
    times = os.times()
    return sum(times[:4]) + sum(map(running_cpu_seconds, children(os.getpid())))


def running_cpu_seconds(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    ticks = sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK") + sum(map(running_cpu_seconds, children(pid)))


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return file.read().split()
    except OSError:
        return []


if __name__ == "__main__":
    main()
