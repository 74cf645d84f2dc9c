"""Figures on pictures that the model never saw (and, for comparison, on the emoji that it did)."""
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from captions import Captions, names_of
from data import CIFAR_CLASSES, on_white
from model import IMAGE_SIZE, normalise


def small(rgba: np.ndarray) -> np.ndarray:
    """As at inference: flattened on white, then Lanczos."""
    flat = Image.fromarray(on_white(rgba).round().astype(np.uint8))
    return np.asarray(flat.resize((IMAGE_SIZE, IMAGE_SIZE), Image.LANCZOS))


@torch.no_grad()
def image_vectors(model, pictures: np.ndarray) -> torch.Tensor:
    vectors = []
    for start in range(0, len(pictures), 500):
        batch = torch.from_numpy(pictures[start:start + 500]).permute(0, 3, 1, 2).float() / 255
        vectors.append(model.image(normalise(batch).contiguous(memory_format=torch.channels_last)))
    return F.normalize(torch.cat(vectors), dim=1)


@torch.no_grad()
def text_vectors(model, captions: Captions, texts: list) -> torch.Tensor:
    """Unknown words count for nothing here; the exported tower turns a text with them away from all pictures."""
    number = {word: index for index, word in enumerate(captions.vocabulary)}
    rows = [torch.tensor([number[word] for word in captions.words(text) if word in number], dtype=torch.long) for text in texts]
    offsets = torch.tensor([0] + [len(row) for row in rows[:-1]]).cumsum(0)
    return F.normalize(model.text(torch.cat(rows), offsets), dim=1)


def ranks_of_names(images: torch.Tensor, names: torch.Tensor, labels: np.ndarray) -> np.ndarray:
    scores = images @ names.T
    right = scores[torch.arange(len(labels)), torch.from_numpy(labels)]
    return (scores > right[:, None] + 1e-6).sum(1).numpy()


def figures(model, captions: Captions, arrays: dict, encode=None) -> dict:
    """The four figures; `encode` gives the vectors of texts, for instance as the exported text tower computes them."""
    encode = encode or (lambda texts: text_vectors(model, captions, texts))
    result = {}
    classes = encode(CIFAR_CLASSES)
    photos = image_vectors(model, arrays["cifar_test_images"])
    result["cifar"] = float(((photos @ classes.T).argmax(1).numpy() == arrays["cifar_test_labels"]).mean())
    names = encode([names_of(record)[0] for record in captions.records])
    for vendor in ("google", "twitter"):
        pictures = np.stack([small(rgba) for rgba in arrays[f"{vendor}_images"]])
        ranks = ranks_of_names(image_vectors(model, pictures), names, arrays[f"{vendor}_labels"])
        result[f"{vendor}_top1"], result[f"{vendor}_top10"] = float((ranks < 1).mean()), float((ranks < 10).mean())
    return {key: round(value, 4) for key, value in result.items()}


def spread(vectors: torch.Tensor, labels: np.ndarray, groups: int = 10, seed: int = 0) -> float:
    """k-means on unit vectors, then normalised mutual information with the true classes (arithmetic mean)."""
    generator = torch.Generator().manual_seed(seed)
    best, best_score = None, -1.0
    for _ in range(5):
        centres = vectors[torch.randperm(len(vectors), generator=generator)[:groups]]
        for _ in range(40):
            nearest, found = (vectors @ centres.T).max(1)[::-1]
            sums = torch.zeros_like(centres).index_add_(0, nearest, vectors)
            centres = F.normalize(sums, dim=1)
        if found.mean() > best_score:
            best, best_score = nearest.numpy(), float(found.mean())
    table = np.zeros((groups, labels.max() + 1))
    np.add.at(table, (best, labels), 1)
    joint, rows, columns = table / table.sum(), table.sum(1) / table.sum(), table.sum(0) / table.sum()
    mutual = (joint[joint > 0] * np.log(joint[joint > 0] / np.outer(rows, columns)[joint > 0])).sum()
    entropy = sum(-(part[part > 0] * np.log(part[part > 0])).sum() for part in (rows, columns)) / 2
    return float(mutual / entropy)


def naming(vectors: torch.Tensor, groups: dict, words: list, word_vectors: torch.Tensor, count: int = 8) -> dict:
    """For each group of pictures the words nearest to the mean of its vectors."""
    result = {}
    for name, members in groups.items():
        scores = word_vectors @ F.normalize(vectors[members].mean(0), dim=0)
        top = scores.topk(count)
        result[name] = [(words[index], round(score, 3)) for score, index in zip(top.values.tolist(), top.indices.tolist())]
    return result
