"""Writes a CLIP ViT-B/32 of random weights in the folder layout of the Hugging Face hub: the arithmetic of the real one, to measure
speed where the hub cannot be reached. It knows nothing. See README.md.

    python3 make.py FOLDER [--seed 1] [--tiny]
"""
import argparse
import inspect
import json
from pathlib import Path

import torch

from model import POSITIONS, TINY, VOCABULARY, Vision, towers

# The other exporter of newer versions puts the weights into a file of another name than the hub's.
TRACED = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tiny", action="store_true", help="an image tower of next to no arithmetic")
    options = parser.parse_args()
    graphs = options.folder / "onnx"
    graphs.mkdir(parents=True, exist_ok=True)
    shape = TINY if options.tiny else Vision()
    vision, text = towers(options.seed, shape)
    export(vision, (torch.zeros(2, 3, shape.image_size, shape.image_size),), graphs / "vision_model.onnx", ["pixel_values"], "image_embeds")
    tokens = torch.ones(2, 5, dtype=torch.long)
    export(text, (tokens, tokens), graphs / "text_model.onnx", ["input_ids", "attention_mask"], "text_embeds")
    torch.save(vision.state_dict(), options.folder / "vision.pt")
    write_configs(options.folder, shape)


def export(tower, inputs, file: Path, names: list, output: str):
    axes = {name: {i: f"{name}_{i}" for i in range(1 if name == "pixel_values" else 2)} for name in names}
    torch.onnx.export(
        tower, inputs, str(file), input_names=names, output_names=[output],
        dynamic_axes={**axes, output: {0: "rows"}}, opset_version=14, do_constant_folding=True, **TRACED,
    )


def write_configs(folder: Path, shape: Vision):
    write(folder / "config.json", {
        "model_type": "clip", "architectures": ["CLIPModel"], "projection_dim": 512,
        "text_config": {"model_type": "clip_text_model", "max_position_embeddings": POSITIONS, "vocab_size": VOCABULARY},
        "vision_config": {"model_type": "clip_vision_model", "image_size": shape.image_size, "patch_size": shape.patch},
    })
    write(folder / "preprocessor_config.json", {
        "image_processor_type": "CLIPFeatureExtractor", "do_resize": True, "size": {"shortest_edge": shape.image_size},
        "resample": 3, "do_center_crop": True, "crop_size": {"height": shape.image_size, "width": shape.image_size},
        "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": MEAN, "image_std": STD,
        "do_convert_rgb": True,
    })
    letters = [chr(c) for c in range(32, 127)]
    vocabulary = {token: i for i, token in enumerate(["[UNK]", "[PAD]", *letters, *(f"##{c}" for c in letters)])}
    write(folder / "tokenizer.json", {
        "version": "1.0", "truncation": None, "padding": None, "normalizer": {"type": "Lowercase"},
        "added_tokens": [
            {"id": i, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
            for i, token in enumerate(["[UNK]", "[PAD]"])
        ],
        "pre_tokenizer": {"type": "Whitespace"}, "post_processor": None, "decoder": None,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": vocabulary},
    })
    write(folder / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "[UNK]", "pad_token": "[PAD]", "model_max_length": POSITIONS,
    })


def write(file: Path, content):
    file.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
