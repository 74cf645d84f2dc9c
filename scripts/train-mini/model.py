"""The two towers. Both end in one space of DIMENSIONS axes, whose last axis is reserved: no picture ever has a part in it.

Unknown words point along that axis, so a text of unknown words is orthogonal to every picture.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

DIMENSIONS = 128
IMAGE_SIZE = 32
MEAN, STD = 0.5, 0.25


def convolution(inputs: int, outputs: int, size: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False), nn.BatchNorm2d(outputs))


class Block(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.first = convolution(inputs, outputs, 3, stride)
        self.second = convolution(outputs, outputs, 3)
        self.shortcut = nn.Identity()
        if stride > 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.AvgPool2d(stride) if stride > 1 else nn.Identity(), convolution(inputs, outputs, 1))

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))


class ImageTower(nn.Module):
    """A residual network. Takes normalised pictures (batch, 3, 32, 32)."""

    def __init__(self, stem: int = 32, widths=(64, 128, 256), blocks=(1, 2, 1)):
        super().__init__()
        layers, inputs = [convolution(3, stem, 3), nn.ReLU()], stem
        for width, count in zip(widths, blocks):
            for number in range(count):
                layers.append(Block(inputs, width, 2 if number == 0 else 1))
                inputs = width
        self.trunk = nn.Sequential(*layers)
        self.project = nn.Linear(inputs, DIMENSIONS - 1)

    def forward(self, pixels):
        return F.pad(self.project(self.trunk(pixels).mean((2, 3))), (0, 1))


class TextTower(nn.Module):
    """A vector a word; a text is their sum. The length of a word's vector is its learned weight in a text."""

    def __init__(self, vocabulary: int):
        super().__init__()
        self.words = nn.EmbeddingBag(vocabulary, DIMENSIONS - 1, mode="sum")
        nn.init.normal_(self.words.weight, std=0.05)

    def forward(self, ids, offsets):
        return F.pad(self.words(ids, offsets), (0, 1))


class DualEncoder(nn.Module):
    def __init__(self, vocabulary: int):
        super().__init__()
        self.image, self.text = ImageTower(), TextTower(vocabulary)
        self.log_scale = nn.Parameter(torch.tensor(3.0))

    def scale(self):
        return self.log_scale.exp().clamp(max=50)


def normalise(pictures):
    """From 0..1 to what the image tower takes, as preprocessor_config.json says."""
    return (pictures - MEAN) / STD
