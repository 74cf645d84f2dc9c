"""Trains both towers together. Keeps a checkpoint of the averaged weights, so that a usable model exists at any time."""
import argparse
import copy
import math
import os
import re
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import augment
import data
from captions import Captions
from evaluate import figures
from fetch_data import DEFAULT_CACHE
from model import DualEncoder, normalise

PHOTOS, EMOJI = 224, 288  # pictures of each kind in a batch
WARM = 100  # steps until the full learning rate
KEEP = 0.995  # of the averaged weights, a step
SIDED = re.compile(r"left|right|arrow|clock|flag|letter|squared|number|digit|keycap|magnif|text|musical|backhand|anticlockwise")
COLOURED = re.compile(r"red|blue|green|yellow|orange|purple|brown|black|white|grey|gray|pink|heart|circle|square|flag|book|apple|tone|modifier")


class Phrases:
    """All captions as word numbers, in the form that the text tower takes."""

    def __init__(self, captions: Captions):
        number = {word: index for index, word in enumerate(captions.vocabulary)}
        self.ids = torch.tensor([number[word] for phrase in captions.phrases for word in phrase])
        lengths = torch.tensor([0] + [len(phrase) for phrase in captions.phrases[:-1]])
        self.offsets = lengths.cumsum(0)
        self.targets = torch.zeros(len(captions.targets), len(captions.phrases))
        for row, weights in enumerate(captions.targets):
            self.targets[row, list(weights)] = torch.tensor(list(weights.values()))


def contrastive_loss(images, texts, scale, targets):
    """Each picture against all phrases and each phrase against the pictures of the batch, with shares instead of one right answer."""
    logits = scale * F.normalize(images, dim=1) @ F.normalize(texts, dim=1).T
    to_text = -(targets * logits.log_softmax(1)).sum(1).mean()
    present = targets.sum(0)
    columns = present.nonzero().squeeze(1)
    shares = targets[:, columns] / present[columns]
    to_image = -(shares * logits[:, columns].log_softmax(0)).sum(0)
    return to_text + 0.3 * (to_image * present[columns]).sum() / present.sum()


class Batches:
    """Endless mixed batches. Emoji are drawn evenly by name and then by drawing; photos go round in random order."""

    def __init__(self, arrays: dict, captions: Captions, seed: int):
        self.random = np.random.default_rng(seed)
        self.photos = torch.from_numpy(arrays["cifar_train_images"]).permute(0, 3, 1, 2).contiguous()
        self.photo_labels = torch.from_numpy(arrays["cifar_train_labels"]) + len(captions.records)
        self.drawings = torch.from_numpy(arrays["emoji_images"]).permute(0, 3, 1, 2).contiguous()
        self.of_name = [np.flatnonzero(arrays["emoji_labels"] == label) for label in range(len(captions.records))]
        text = [f"{record['name']} {' '.join(record['short_names'])} {record['category']}".lower() for record in captions.records]
        self.may_flip = torch.tensor([not SIDED.search(words) and not words.endswith(("symbols", "flags")) for words in text])
        self.colour_matters = torch.tensor([bool(COLOURED.search(words)) for words in text])
        self.queues = {"photo": np.empty(0, int), "emoji": np.empty(0, int)}

    def _take(self, kind: str, total: int, count: int):
        while len(self.queues[kind]) < count:
            self.queues[kind] = np.concatenate([self.queues[kind], self.random.permutation(total)])
        taken, self.queues[kind] = self.queues[kind][:count], self.queues[kind][count:]
        return taken

    def next(self):
        photo_numbers = torch.from_numpy(self._take("photo", len(self.photos), PHOTOS))
        names = self._take("emoji", len(self.of_name), EMOJI)
        drawings = torch.tensor([self.random.choice(self.of_name[name]) for name in names])
        names = torch.from_numpy(names)
        photos = self.photos[photo_numbers].float() / 255
        emoji = self.drawings[drawings].float() / 255
        emoji[:, :3] *= emoji[:, 3:]
        emoji = augment.emoji(emoji, self.may_flip[names], self.colour_matters[names], photos[:EMOJI // 10])
        pictures = torch.cat([augment.photos(photos), emoji])
        return normalise(pictures).contiguous(memory_format=torch.channels_last), torch.cat([self.photo_labels[photo_numbers], names])


def bfloat16_is_fast() -> bool:
    info = Path("/proc/cpuinfo")
    return info.exists() and "amx_bf16" in info.read_text()


def learning_rate(progress: float) -> float:
    """Half a cosine, from 1 to nearly 0."""
    return 0.5 * (1.002 + 0.998 * math.cos(math.pi * progress))


def save(path: Path, model, captions: Captions, **more) -> None:
    torch.save({"model": model.state_dict(), "vocabulary": captions.vocabulary, **more}, path.with_suffix(".partial"))
    path.with_suffix(".partial").replace(path)


def train(options) -> None:
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    arrays, captions = data.load(options.cache), Captions(options.cache)
    phrases, batches = Phrases(captions), Batches(arrays, captions, options.seed)
    model = DualEncoder(len(captions.vocabulary))
    model.image.to(memory_format=torch.channels_last)
    average = copy.deepcopy(model).eval()
    decayed = [p for name, p in model.named_parameters() if p.ndim > 1 and not name.startswith("text")]
    others = [p for name, p in model.named_parameters() if p.ndim <= 1 or name.startswith("text")]
    optimiser = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}], lr=options.rate)
    first = 0
    if options.resume:
        stored = torch.load(options.resume)
        model.load_state_dict(stored["model"])
        average.load_state_dict(stored["model"])
        first = stored["steps"]
    print(f"{len(captions.phrases)} phrases of {len(captions.vocabulary)} words, {len(batches.drawings)} drawings, "
          f"{sum(p.numel() for p in model.image.parameters()) / 1e6:.2f} M parameters in the image tower", flush=True)
    started, running = time.time(), 0.0
    for step in range(first + 1, options.steps + 1):
        hurry = (time.time() - started) / 60 / options.minutes if options.minutes else 0.0
        progress = max(step / options.steps, (first + (options.steps - first) * hurry) / options.steps)
        for group in optimiser.param_groups:
            group["lr"] = options.rate * learning_rate(min(progress, 1.0)) * min(1.0, (step - first) / WARM)
        pictures, labels = batches.next()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16_is_fast()):
            images = model.image(pictures)
        loss = contrastive_loss(images.float(), model.text(phrases.ids, phrases.offsets), model.scale(), phrases.targets[labels])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimiser.step()
        keep = min(KEEP, (step - first) / (step - first + 20)) if not first else KEEP
        with torch.no_grad():
            for mean, value in zip(average.state_dict().values(), model.state_dict().values()):
                mean.lerp_(value, 1 - keep) if mean.is_floating_point() else mean.copy_(value)
        running += (loss.item() - running) * max(0.02, 1 / (step - first))
        if step % 50 == 0:
            print(f"step {step} loss {running:.3f} scale {model.scale().item():.1f} {(step - first) * (PHOTOS + EMOJI) / (time.time() - started):.0f} pictures/s",
                  flush=True)
        if step % options.every == 0 or step == options.steps or progress >= 1:
            print(f"step {step}", figures(average, captions, arrays), f"after {time.time() - started:.0f} s", flush=True)
            save(options.out, average, captions, steps=step, seconds=time.time() - started)
        if progress >= 1:
            break


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    parser.add_argument("--out", type=Path, default=DEFAULT_CACHE / "model.pt")
    parser.add_argument("--steps", type=int, default=1700)
    parser.add_argument("--every", type=int, default=200, help="steps between checkpoints")
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--minutes", type=float, help="finish within this time: the learning rate falls faster if the machine is busy")
    parser.add_argument("--resume", type=Path, help="a checkpoint to go on from (weights only)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    train(parser.parse_args())
