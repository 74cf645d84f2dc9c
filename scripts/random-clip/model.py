"""CLIP's two towers in the right shapes, of ViT-B/32 unless told otherwise, as Radford et al. 2021 and OpenAI's weights have them, and nothing learned."""
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

DIMENSIONS = 512
VOCABULARY, POSITIONS = 49408, 77


@dataclass(frozen=True)
class Vision:
    """The shape of an image tower; as it stands, that of ViT-B/32."""

    image_size: int = 224
    patch: int = 32
    width: int = 768
    layers: int = 12
    heads: int = 12


# Next to no arithmetic: with it, all that is measured is what lies around a model.
TINY = Vision(image_size=32, patch=8, width=64, layers=1, heads=1)


def quick_gelu(x):
    return x * torch.sigmoid(1.702 * x)


class Attention(nn.Module):
    """Written out as Python's transformers writes it, so that the graph has the operators of the hub's exports."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads, self.scale = heads, (width // heads) ** -0.5
        self.q_proj, self.k_proj, self.v_proj = (nn.Linear(width, width) for _ in range(3))
        self.out_proj = nn.Linear(width, width)

    def forward(self, x, mask):
        batch, length, width = x.shape
        split = lambda t: t.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
        q, k, v = split(self.q_proj(x) * self.scale), split(self.k_proj(x)), split(self.v_proj(x))
        weights = q @ k.transpose(2, 3)
        if mask is not None:
            weights = weights + mask
        mixed = weights.softmax(-1) @ v
        return self.out_proj(mixed.transpose(1, 2).reshape(batch, length, width))


class Layer(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.layer_norm1, self.layer_norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.self_attn = Attention(width, heads)
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, mask=None):
        x = x + self.self_attn(self.layer_norm1(x), mask)
        return x + self.fc2(quick_gelu(self.fc1(self.layer_norm2(x))))


class VisionTower(nn.Module):
    def __init__(self, shape: Vision):
        super().__init__()
        width, patches = shape.width, (shape.image_size // shape.patch) ** 2
        self.patches = nn.Conv2d(3, width, shape.patch, shape.patch, bias=False)
        self.class_embedding = nn.Parameter(torch.randn(width) * width**-0.5)
        self.positions = nn.Parameter(torch.randn(patches + 1, width) * width**-0.5)
        self.pre, self.post = nn.LayerNorm(width), nn.LayerNorm(width)
        self.layers = nn.ModuleList(Layer(width, shape.heads) for _ in range(shape.layers))
        self.projection = nn.Linear(width, DIMENSIONS, bias=False)

    def forward(self, pixel_values):
        x = self.patches(pixel_values).flatten(2).transpose(1, 2)
        start = self.class_embedding.expand(x.shape[0], 1, -1)
        x = self.pre(torch.cat([start, x], 1) + self.positions)
        for layer in self.layers:
            x = layer(x)
        return self.projection(self.post(x[:, 0]))


class TextTower(nn.Module):
    """A few layers only: what is measured here are pictures, and words are needed to load a model at all."""

    def __init__(self, width: int = 512, layers: int = 2, heads: int = 8):
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, width)
        self.positions = nn.Parameter(torch.randn(POSITIONS, width) * 0.01)
        self.layers = nn.ModuleList(Layer(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.projection = nn.Linear(width, DIMENSIONS, bias=False)

    def forward(self, input_ids, attention_mask):
        x = self.tokens(input_ids) + self.positions[: input_ids.shape[1]]
        hidden = (1.0 - attention_mask.float())[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, hidden)
        weights = attention_mask.float().unsqueeze(-1)
        return self.projection(self.norm((x * weights).sum(1) / weights.sum(1)))


def towers(seed: int, shape: Vision = Vision()):
    """Weights as before training, but no smaller than training leaves them: the spread of activations is what 8 bits must hold."""
    torch.manual_seed(seed)
    vision, text = VisionTower(shape).eval(), TextTower().eval()
    for module in [*vision.modules(), *text.modules()]:
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=module.weight.shape[1] ** -0.5)
            if module.bias is not None:
                nn.init.normal_(module.bias, std=0.02)
        if isinstance(module, nn.LayerNorm):
            nn.init.normal_(module.weight, mean=1.0, std=0.2)
            nn.init.normal_(module.bias, std=0.1)
    return vision, text
