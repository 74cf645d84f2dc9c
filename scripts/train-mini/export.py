"""Writes the model in the folder layout of the Hugging Face hub that transformers.js loads as CLIP."""
import argparse
import copy
import json
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

from captions import Captions
from fetch_data import DEFAULT_CACHE, HERE
from model import DIMENSIONS, IMAGE_SIZE, MEAN, STD, DualEncoder, normalise
from tokenizer import PADDING, UNKNOWN, Tokenizer

OPSET = 14
DEFAULT_FOLDER = HERE.parent.parent / "models" / "mini"


class ExportedText(nn.Module):
    """Sum of the words' vectors; unknown words, and what a leaning word lacks, go along the reserved last axis."""

    def __init__(self, model: DualEncoder, tokenizer: Tokenizer):
        super().__init__()
        vectors = model.text.words.weight.detach()
        typical = vectors.norm(dim=1).median()
        vectors = (vectors / typical).half()  # 16 bits on disk; the graph widens them
        rows, strength = torch.tensor(tokenizer.rows), torch.tensor(tokenizer.strength)
        lacking = torch.where(strength > 0, (1 - strength ** 2).clamp(min=0).sqrt(), torch.zeros(()))
        self.register_buffer("vectors", vectors)
        self.register_buffer("rows", rows.int())
        self.register_buffer("strength", strength)
        self.register_buffer("aside", lacking * vectors.float().norm(dim=1)[rows] + torch.tensor(tokenizer.unknown))

    def forward(self, input_ids, attention_mask):
        mask = attention_mask.float()
        weights = (self.strength[input_ids] * mask).unsqueeze(-1)
        known = (self.vectors[self.rows[input_ids].long()].float() * weights).sum(1)
        aside = (self.aside[input_ids] * mask).sum(1, keepdim=True) + 1e-4  # a text without any content has a direction, too
        return torch.cat([known, aside], 1)


class HalfConvolution(nn.Module):
    """A convolution and the batch normalisation after it as one, with 16-bit weights on disk that the graph widens."""

    def __init__(self, convolution: nn.Conv2d, normalisation: nn.BatchNorm2d):
        super().__init__()
        fused = fuse_conv_bn_eval(convolution, normalisation)
        self.register_buffer("weight", fused.weight.detach().half())
        self.register_buffer("bias", fused.bias.detach())
        self.stride, self.padding = fused.stride, fused.padding

    def forward(self, x):
        return F.conv2d(x, self.weight.float(), self.bias, self.stride, self.padding)


def fused(module: nn.Module) -> nn.Module:
    """A copy in which every convolution followed by a batch normalisation is a HalfConvolution."""
    module = copy.deepcopy(module).eval().to(memory_format=torch.contiguous_format)
    for name, child in list(module.named_modules()):
        if isinstance(child, nn.Sequential) and len(child) == 2 and isinstance(child[1], nn.BatchNorm2d):
            parent = module.get_submodule(name.rpartition(".")[0])
            setattr(parent, name.rpartition(".")[2], HalfConvolution(*child))
    return module


def encode_texts(text: ExportedText, tokenizer: Tokenizer, texts: list) -> torch.Tensor:
    """Unit vectors, as the product computes them."""
    rows = [tokenizer.encode(one) for one in texts]
    length = max(1, max(map(len, rows)))
    ids = torch.tensor([row + [tokenizer.tokens[PADDING]] * (length - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])
    with torch.no_grad():
        return F.normalize(text(ids, mask), dim=1)


def load(checkpoint: Path, captions: Captions) -> DualEncoder:
    stored = torch.load(checkpoint, map_location="cpu")
    assert stored["vocabulary"] == captions.vocabulary, "the checkpoint was trained on other captions"
    model = DualEncoder(len(captions.vocabulary))
    model.load_state_dict(stored["model"])
    return model.eval()


def write_json(path: Path, content: dict, **options) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, **options) + "\n")


def export(model: DualEncoder, captions: Captions, folder: Path) -> None:
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(captions)
    text = ExportedText(model, tokenizer).eval()
    pixels = torch.randn(2, 3, IMAGE_SIZE, IMAGE_SIZE)
    torch.onnx.export(fused(model.image), pixels, str(folder / "onnx" / "vision_model.onnx"),
                      input_names=["pixel_values"], output_names=["image_embeds"], opset_version=OPSET, do_constant_folding=False,
                      dynamic_axes={"pixel_values": {0: "batch"}, "image_embeds": {0: "batch"}})
    torch.onnx.export(text, (torch.zeros(2, 5, dtype=torch.long), torch.ones(2, 5, dtype=torch.long)), str(folder / "onnx" / "text_model.onnx"),
                      input_names=["input_ids", "attention_mask"], output_names=["text_embeds"], opset_version=OPSET, do_constant_folding=False,
                      dynamic_axes={"input_ids": {0: "batch", 1: "sequence"}, "attention_mask": {0: "batch", 1: "sequence"}, "text_embeds": {0: "batch"}})
    write_json(folder / "tokenizer.json", tokenizer.as_json(), separators=(",", ":"))
    write_json(folder / "tokenizer_config.json", dict(tokenizer_class="PreTrainedTokenizerFast", unk_token=UNKNOWN, pad_token=PADDING,
                                                      model_max_length=64), indent=2)
    write_json(folder / "config.json", dict(
        model_type="clip", architectures=["CLIPModel"], projection_dim=DIMENSIONS, logit_scale_init_value=round(model.scale().log().item(), 4),
        text_config=dict(model_type="clip_text_model", projection_dim=DIMENSIONS, vocab_size=len(tokenizer.tokens), max_position_embeddings=64),
        vision_config=dict(model_type="clip_vision_model", projection_dim=DIMENSIONS, image_size=IMAGE_SIZE)), indent=2)
    write_json(folder / "preprocessor_config.json", dict(
        image_processor_type="CLIPFeatureExtractor", do_resize=True, size=dict(shortest_edge=IMAGE_SIZE),
        resample=1,  # Lanczos: transformers.js on Node does not antialias with 3, bicubic
        do_center_crop=True, crop_size=dict(height=IMAGE_SIZE, width=IMAGE_SIZE), do_rescale=True, rescale_factor=1 / 255,
        do_normalize=True, image_mean=[MEAN] * 3, image_std=[STD] * 3, do_convert_rgb=True), indent=2)


def reference(model: DualEncoder, captions: Captions, path: Path) -> None:
    """A few inputs with PyTorch's outputs, for check.mjs."""
    tokenizer = Tokenizer(captions)
    text = ExportedText(model, tokenizer).eval()
    texts = ["a photo of a dog", "cat", "dogs", "Flag: Côte d'Ivoire", "poodle", "zzyzx quux", "keycap #", "", "a", "red_heart emoji", "strawberries", "日", "hello, world!"]
    values = torch.randint(0, 256, (7, IMAGE_SIZE, IMAGE_SIZE, 3), generator=torch.Generator().manual_seed(7))
    with torch.no_grad():
        images = fused(model.image)(normalise(values.permute(0, 3, 1, 2).float() / 255))
    write_json(path, dict(texts=texts, ids=[tokenizer.encode(one) for one in texts], text_embeds=encode_texts(text, tokenizer, texts).tolist(),
                          size=IMAGE_SIZE, pixels=values.flatten(1).tolist(), image_embeds=F.normalize(images, dim=1).tolist()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    parser.add_argument("--model", type=Path, default=DEFAULT_CACHE / "model.pt")
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    options = parser.parse_args()
    captions = Captions(options.cache)
    model = load(options.model, captions)
    export(model, captions, options.folder)
    reference(model, captions, options.cache / "reference.json")
