"""Opens what `concept export` wrote in the programs that it is for: pycocotools, DuckDB, pandas, pyarrow.

    concept export MODEL --to json -o DIR/model.json
    for format in csv parquet; concept export MODEL --to $format -o DIR/$format
    concept export MODEL --to coco -o DIR/coco.json; concept export MODEL --to atlas -o DIR/atlas.parquet
    pip install pycocotools duckdb pandas pyarrow && python scripts/check-exports.py DIR MODEL
"""
import json
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from pycocotools.coco import COCO

folder, model = Path(sys.argv[1]), Path(sys.argv[2])
plain = json.loads((folder / "model.json").read_text())
sizes = {concept["id"]: concept["size"] for concept in plain["concepts"]}

coco = COCO(str(folder / "coco.json"))
for concept in plain["concepts"]:
    category = concept["id"] + 1
    assert len(coco.getImgIds(catIds=[category])) == concept["size"], concept["name"]
    annotation = coco.loadAnns(coco.getAnnIds(catIds=[category]))[0]
    image = coco.loadImgs(annotation["image_id"])[0]
    assert annotation["bbox"] == [0, 0, image["width"], image["height"]]
    assert coco.loadCats(category)[0]["name"].startswith(concept["name"])
found = coco.loadRes([{**a} for a in coco.dataset["annotations"]])
assert len(found.getAnnIds()) == sum(sizes.values())
print(f"pycocotools: {len(coco.getImgIds())} images, {len(coco.getCatIds())} categories, {len(coco.getAnnIds())} boxes")

images, concepts = (pq.read_table(folder / "parquet" / f"{name}.parquet") for name in ("images", "concepts"))
assert images.num_rows == len(plain["images"]) and concepts.num_rows == len(plain["concepts"])
print(f"pyarrow: images {images.schema.names}, concepts {concepts.schema.names}")

frame = pd.read_parquet(folder / "parquet" / "images.parquet")
assert frame.groupby("concept").size().drop(-1, errors="ignore").to_dict() == sizes
csv = pd.read_csv(folder / "csv" / "images.csv")
assert (csv["concept"] == frame["concept"]).all() and (csv["path"] == frame["path"]).all()
words = pd.read_parquet(folder / "parquet" / "concepts.parquet").explode(["words", "scores", "aucs", "precisions"])
assert words["aucs"].between(0, 1).all() and words["precisions"].between(0, 1).all()
print(f"pandas: {len(frame)} rows, {len(words)} words with proofs")

sql = f"""SELECT c.name, count(*) FROM '{folder}/parquet/images.parquet' i
JOIN '{folder}/parquet/concepts.parquet' c ON i.concept = c.id GROUP BY 1 ORDER BY 2 DESC"""
assert sum(count for _, count in duckdb.sql(sql).fetchall()) == sum(sizes.values())
atlas = duckdb.sql(f"SELECT category, count(*), avg(x), avg(y) FROM '{folder}/atlas.parquet' GROUP BY 1").fetchall()
assert sum(row[1] for row in atlas) == len(frame)
print(f"DuckDB: {len(atlas)} categories in the table for Embedding Atlas")

saved = {file.name: pq.read_table(file).num_rows for file in sorted(model.glob("*.parquet"))}
merged = pd.read_parquet(model / "images.parquet").merge(pd.read_parquet(model / "concepts.parquet"), left_on="concept", right_on="id")
vectors = np.load(model / "vectors" / "images.npy", mmap_mode="r")
assert len(vectors) == saved["images.parquet"] and len(merged) > 0
print(f"the saved model: {saved}, vectors {vectors.shape}")
