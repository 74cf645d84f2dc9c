"""Measures the finished model and writes its card, models/mini/README.md, from card.md."""
import argparse
from pathlib import Path

import numpy as np
import torch

import data
from captions import Captions
from evaluate import figures, image_vectors, naming, ranks_of_names, small, spread
from export import DEFAULT_FOLDER, ExportedText, encode_texts, fused, load
from fetch_data import DEFAULT_CACHE
from tokenizer import Tokenizer


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def rows(table: dict) -> str:
    return "\n".join(f"| {name} | {', '.join(f'{word} {score:.2f}' for word, score in words)} |" for name, words in table.items())


def measure(model, captions: Captions, arrays: dict) -> dict:
    """Everything the card prints, by the names it uses."""
    tokenizer = Tokenizer(captions)
    text = ExportedText(model, tokenizer).eval()
    model.image = fused(model.image)  # from here on the weights are the exported ones, 16 bits and all
    nouns = [word for word in captions.wordnet.single_words() if word.isascii()]
    noun_vectors = encode_texts(text, tokenizer, nouns)
    result = {key: percent(value) for key, value in figures(model, captions, arrays, lambda texts: encode_texts(text, tokenizer, texts)).items()}
    photo_labels = arrays["cifar_test_labels"]
    photos = image_vectors(model, arrays["cifar_test_images"])
    result["nmi"] = f"{spread(photos, photo_labels):.2f}"
    result["nouns"] = f"{len(nouns):,}"
    result["known_nouns"] = f"{int((noun_vectors[:, -1] < 0.99).sum()):,}"
    result["tokens"] = f"{len(tokenizer.tokens):,}"
    result["photo_names"] = rows(naming(photos, {name: np.flatnonzero(photo_labels == index) for index, name in enumerate(data.CIFAR_CLASSES)},
                                        nouns, noun_vectors, 6))
    short_names = encode_texts(text, tokenizer, [record["short_name"] for record in captions.records])
    for vendor in ("google", "twitter"):
        labels = arrays[f"{vendor}_labels"]
        vectors = image_vectors(model, np.stack([small(rgba) for rgba in arrays[f"{vendor}_images"]]))
        ranks = ranks_of_names(vectors, short_names, labels)
        result[f"{vendor}_short10"] = percent((ranks < 10).mean())
        for kind in ("category", "subcategory"):
            of_picture = np.array([captions.records[label][kind] for label in labels])
            groups = {name: np.flatnonzero(of_picture == name) for name in dict.fromkeys(of_picture)}
            groups = {name: members for name, members in groups.items() if len(members) >= 12}
            result[f"{vendor}_{kind}_names"] = rows(naming(vectors, groups, nouns, noun_vectors, 5))
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    parser.add_argument("--model", type=Path, default=DEFAULT_CACHE / "model.pt")
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    options = parser.parse_args()
    torch.set_num_threads(2)
    captions = Captions(options.cache)
    stored = torch.load(options.model, map_location="cpu")
    values = measure(load(options.model, captions), captions, data.load(options.cache))
    values |= dict(steps=f"{stored['steps']:,}", minutes=f"{stored['seconds'] / 60:.0f}", pictures=f"{stored['steps'] * 512 / 1e6:.2f} million",
                   phrases=f"{len(captions.phrases):,}", words=f"{len(captions.vocabulary):,}",
                   megabytes=f"{sum(path.stat().st_size for path in options.folder.rglob('*') if path.is_file()) / 1e6:.1f}")
    template = (Path(__file__).parent / "card.md").read_text()
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    (options.folder / "README.md").write_text(template)
    print({name: value for name, value in values.items() if "\n" not in value})
