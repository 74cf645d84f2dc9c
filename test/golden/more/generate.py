"""Makes the reference results beside this file: run it in this folder, without arguments.

Made with Python 3.11.7, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1, hdbscan 0.8.43, umap-learn 0.5.12. The README
says what is in the files.
"""

import gzip
import json
import pathlib
import warnings

import hdbscan
import numpy as np
from hdbscan._hdbscan_linkage import label
from hdbscan.hdbscan_ import _tree_to_labels
from hdbscan.prediction import all_points_membership_vectors, approximate_predict, membership_vector
from scipy.spatial import cKDTree
from sklearn.datasets import make_moons

warnings.simplefilter("ignore")
HERE = pathlib.Path(__file__).parent
GOLDEN = HERE.parent
GENERIC_GOLDEN = ["moons", "blobs", "umap5d_2000", "umap5d_hard_2000", "umap5d_10000", "umap5d_hard_10000"]


def squared_distances(points, others):
    """Summed dimension after dimension, so that every edge has the same bits from both of its ends."""
    total = np.zeros(len(points) if points.ndim == 2 else len(others))
    for j in range(others.shape[-1]):
        difference = points[..., j] - others[..., j]
        total += difference * difference
    return total


def squared_core_distances(points, min_samples):
    k = min(min_samples, len(points) - 1)
    _, near = cKDTree(points).query(points, k=k + 1)
    return squared_distances(points, points[near[:, k]])


def spanning_tree(points, min_samples):
    """Prim's algorithm; of edges of equal mutual reachability distance the shorter is the lighter one."""
    n = len(points)
    core = squared_core_distances(points, min_samples)
    weight, length = np.full(n, np.inf), np.full(n, np.inf)
    source, outside = np.zeros(n, dtype=int), np.ones(n, dtype=bool)
    edges, lengths, current = np.zeros((n - 1, 3)), np.zeros(n - 1), 0
    for row in range(n - 1):
        outside[current] = False
        straight = squared_distances(points[current], points)
        heavy = np.maximum(straight, np.maximum(core[current], core))
        better = outside & ((heavy < weight) | ((heavy == weight) & (straight < length)))
        weight[better], length[better], source[better] = heavy[better], straight[better], current
        candidates = np.flatnonzero(outside & (weight == weight[outside].min()))
        following = candidates[np.argmin(length[candidates])]
        edges[row] = source[following], following, np.sqrt(weight[following])
        lengths[row] = length[following]
        current = following
    order = np.lexsort((lengths, edges[:, 2]))
    return edges[order]


def fit(points, params):
    model = hdbscan.HDBSCAN(approx_min_span_tree=False, gen_min_span_tree=True, core_dist_n_jobs=1, **params)
    return model.fit(points.astype(np.float64))


def resolve_ties(model, points, params):
    """Gives the model the tree that is unique, and lets the reference cut it."""
    tree = spanning_tree(points.astype(np.float64), params["min_samples"] or params["min_cluster_size"])
    shipped = model.minimum_spanning_tree_.to_numpy()[:, 2].sum()
    assert abs(tree[:, 2].sum() - shipped) <= 1e-9 * shipped, "not a minimum spanning tree"
    cut = _tree_to_labels(
        points,
        label(tree),
        params["min_cluster_size"],
        params["cluster_selection_method"],
        params["allow_single_cluster"],
        cluster_selection_epsilon=params["cluster_selection_epsilon"],
    )
    model.labels_, model.probabilities_, model.cluster_persistence_ = cut[:3]
    model._condensed_tree, model._single_linkage_tree = cut[3:]
    model._outlier_scores = model._prediction_data = None
    model._min_spanning_tree = tree


def exemplars(model):
    """Per label: the points that stay longest in the leaves below the smallest condensed node with all of its points."""
    tree = model.condensed_tree_.to_numpy()
    clusters = tree[tree["child_size"] > 1]
    parent_of = dict(zip(clusters["child"], clusters["parent"]))
    leaves_left = dict(zip(tree["child"], tree["parent"]))
    result = []
    for number in range(model.labels_.max() + 1):
        paths = []
        for start in {leaves_left[point] for point in np.flatnonzero(model.labels_ == number)}:
            path = [start]
            while path[-1] in parent_of:
                path.append(parent_of[path[-1]])
            paths.append(path)
        node = next(node for node in paths[0] if all(node in path for path in paths))
        found, queue = [], [node]
        while queue:
            top = queue.pop()
            below = clusters["child"][clusters["parent"] == top]
            queue.extend(below)
            rows = tree[tree["parent"] == top]
            if len(below) == 0:
                found.extend(rows["child"][rows["lambda_val"] == rows["lambda_val"].max()])
        result.append(sorted(int(point) for point in found))
    return result


def predicts_by_its_labels(model, params):
    """Whether the clusters selected anew for predictions are those of the labels."""
    tree = model.condensed_tree_.to_numpy()
    selected = sorted(model.condensed_tree_._select_clusters())
    if len(selected) != model.labels_.max() + 1 or params["allow_single_cluster"]:
        return False
    cluster_map = model.prediction_data_.cluster_map
    points = tree[tree["child_size"] == 1]
    return all(model.labels_[row["child"]] == cluster_map.get(row["parent"], -1) for row in points)


def record(model, params, heldout, ties, soft):
    tree, linkage = model.condensed_tree_.to_numpy(), model.single_linkage_tree_.to_numpy()
    found = {
        "ties": ties,
        "params": params,
        "labels": model.labels_,
        "probabilities": model.probabilities_,
        "cluster_persistence": np.asarray(model.cluster_persistence_),
        "outlier_scores": model.outlier_scores_,
        "condensed_tree": {name: tree[name] for name in ("parent", "child", "lambda_val", "child_size")},
        "single_linkage": {name: linkage[:, j] if j == 2 else linkage[:, j].astype(int)
                           for j, name in enumerate(("left", "right", "distance", "size"))},
        "mst_total_weight": float(linkage[:, 2].sum()),
        "exemplar_indices": exemplars(model),
    }
    try:
        model.generate_prediction_data()
        if predicts_by_its_labels(model, params):
            labels, strengths = approximate_predict(model, heldout.astype(np.float64))
            found["approximate_predict"] = {"labels": labels, "strengths": strengths}
            if soft:
                found["all_points_membership_vectors"] = all_points_membership_vectors(model)
                found["membership_vector_heldout"] = membership_vector(model, heldout.astype(np.float64))
    except (ValueError, IndexError, KeyError):
        pass  # too small for the reference to predict
    return found


def plain(value):
    """JSON as in the folder above: NaN is null, inf is "Infinity", 9 significant digits."""
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(part) for part in value]
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, (int, np.integer)):
        return int(value)
    if np.isnan(value):
        return None
    return "Infinity" if np.isinf(value) else float(f"{value:.9g}")


def write(name, content):
    text = json.dumps(plain(content), separators=(",", ":")).encode()
    (HERE / f"{name}.json.gz").write_bytes(gzip.compress(text, 9, mtime=0))


def layout(rng):
    """180 vectors about 6 directions, as umap-learn lays them out in 5 dimensions."""
    import umap

    centres = rng.normal(size=(6, 64))
    vectors = centres[rng.integers(6, size=180)] + 0.9 * rng.normal(size=(180, 64))
    return umap.UMAP(n_components=5, metric="cosine", min_dist=0.0, random_state=7).fit_transform(vectors)


def sets(rng):
    """Name -> (points, whether equal distances are the exception)."""
    uneven = [centre + spread * rng.normal(size=(50, 4))
              for centre, spread in zip(8 * rng.normal(size=(4, 4)), (0.3, 0.6, 1.0, 1.6))]
    places = rng.normal(size=(50, 2)) * 3
    return {
        "moons": (make_moons(190, noise=0.07, random_state=5)[0], True),
        "uneven": (np.vstack([*uneven, rng.uniform(-15, 15, size=(30, 4))]), True),
        "line": (np.concatenate([rng.normal(m, s, 50) for m, s in ((0, 1), (5, 0.4), (9, 1.2))])[:, None], True),
        "wide": (rng.normal(size=(160, 16)) + 2.5 * rng.integers(0, 2, size=(160, 1)), True),
        "layout5d": (layout(rng), True),
        "chain": (np.stack([np.arange(90) * 0.25, np.zeros(90)], axis=1), False),
        "duplicates": (np.vstack([places, places, places[:20]]), False),
        "grid": (np.stack(np.meshgrid(*[np.arange(5)] * 3), axis=-1).reshape(-1, 3), False),
        "heaps": (np.vstack([np.repeat([[0, 0], [4, 0], [0, 5]], (20, 12, 9), axis=0), 4 * rng.normal(size=(25, 2))]), False),
        "few": (rng.normal(size=(7, 3)), False),
    }


def cases(points):
    near = float(f"{np.quantile(cKDTree(points).query(points, k=min(6, len(points)))[0][:, -1], 0.6):.3g}")
    for size, samples, method, epsilon, single in (
        (5, None, "eom", 0.0, False),
        (10, 3, "leaf", 0.0, False),
        (8, 4, "eom", near, False),
        (4, 2, "leaf", near, False),
        (15, 5, "eom", 0.0, True),
    ):
        yield {"min_cluster_size": size, "min_samples": samples, "cluster_selection_method": method,
               "cluster_selection_epsilon": epsilon, "allow_single_cluster": single}


def more_sets():
    rng = np.random.default_rng(20261124)
    for name, (points, is_generic) in sets(rng).items():
        points = np.asarray(points, dtype=np.float32)
        heldout = (points[rng.integers(len(points), size=20)] + 0.2 * points.std() * rng.normal(size=(20, points.shape[1])))
        heldout = heldout.astype(np.float32)
        records = []
        for number, params in enumerate(cases(points)):
            model = fit(points, params)
            records.append(record(model, params, heldout, "shipped", number == 1))
            if is_generic:
                resolve_ties(model, points, params)
                records.append(record(model, params, heldout, "resolved", number == 1))
        write(name, {"set": name, "points": points, "heldout": heldout, "cases": records})
        print(name, [int(found["labels"].max()) + 1 for found in records])


def resolved_labels():
    """The golden sets of the folder above again, with ties resolved: labels only."""
    result = {}
    for name in GENERIC_GOLDEN:
        prefix = "" if name.startswith("umap") else "hdbscan_"
        golden = json.load(gzip.open(GOLDEN / f"hdbscan_{name}.json.gz"))
        points = np.load(GOLDEN / f"{prefix}{name}{'_X' if prefix else ''}.npy").astype(np.float64)
        result[name] = []
        for case in golden["cases"]:
            params = {key: value for key, value in case["params"].items() if key != "metric"}
            tree = spanning_tree(points, params["min_samples"] or params["min_cluster_size"])
            assert abs(tree[:, 2].sum() / case["mst_total_weight"] - 1) < 1e-8
            cut = _tree_to_labels(points, label(tree), params["min_cluster_size"], params["cluster_selection_method"],
                                  params["allow_single_cluster"], cluster_selection_epsilon=params["cluster_selection_epsilon"])
            result[name].append(cut[0])
        print(name, len(result[name]))
    write("resolved_labels", result)


if __name__ == "__main__":
    more_sets()
    resolved_labels()
