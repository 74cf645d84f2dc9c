"""Random variations of whole batches, on tensors. Pictures are floats in 0..1, channels first."""
import math

import torch
import torch.nn.functional as F


def uniform(count: int, low: float, high: float):
    return torch.rand(count) * (high - low) + low


def some(count: int, probability: float):
    """A mask that broadcasts over pictures."""
    return (torch.rand(count) < probability).view(-1, 1, 1, 1)


def grids(count: int, size: int, zoom, aspect, angle, shear, shift, flip, wave):
    """Sampling grids: affine, and a wave along each axis (flags of one vendor wave, those of another are flat)."""
    cos, sin = torch.cos(angle), torch.sin(angle)
    turn = torch.stack([torch.stack([cos, -sin + shear], -1), torch.stack([sin, cos], -1)], -2)
    stretch = torch.stack([flip * aspect / zoom, 1 / (zoom * aspect)], -1).unsqueeze(1)
    theta = torch.cat([turn * stretch, shift.unsqueeze(-1)], -1)
    grid = F.affine_grid(theta, (count, 1, size, size), align_corners=False)
    phase, pace = uniform(2 * count, 0, 2 * math.pi).view(2, count, 1, 1), uniform(2 * count, 1.5, 4).view(2, count, 1, 1)
    x, y = grid[..., 0], grid[..., 1]
    size_of_wave = wave.view(-1, 1, 1)
    return torch.stack([x + size_of_wave * torch.sin(pace[0] * y + phase[0]), y + size_of_wave * torch.sin(pace[1] * x + phase[1])], -1)


def colour(pictures, strength):
    """Hue, saturation, brightness and contrast as one 3 x 3 matrix and an offset; strength is per picture."""
    count = len(pictures)
    angle = torch.randn(count) * 0.35 * strength
    cos, sin = torch.cos(angle).view(-1, 1, 1), torch.sin(angle).view(-1, 1, 1)
    third = torch.full((3, 3), 1 / 3)
    cross = torch.tensor([[0, -1.0, 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)
    hue = cos * torch.eye(3) + (1 - cos) * third + sin * cross  # a turn about the grey axis
    saturation = (1 + 0.35 * torch.randn(count) * strength).clamp(0, 2).view(-1, 1, 1)
    matrix = (saturation * torch.eye(3) + (1 - saturation) * third) @ hue
    matrix = matrix * (1 + uniform(count, -0.25, 0.25) * strength.clamp(min=0.5)).view(-1, 1, 1)
    offset = (uniform(count, -0.12, 0.12) * strength.clamp(min=0.5)).view(-1, 1, 1)
    flat = pictures.flatten(2)
    return (matrix @ (flat - 0.5) + 0.5 + offset).clamp(0, 1).view_as(pictures)


def erase(pictures, probability: float, largest: int):
    """Covers a rectangle with a random grey-ish colour."""
    count, _, height, width = pictures.shape
    rows, columns = torch.arange(height).view(1, -1, 1), torch.arange(width).view(1, 1, -1)
    top, left = torch.randint(0, height, (count, 1, 1)), torch.randint(0, width, (count, 1, 1))
    tall, wide = torch.randint(4, largest + 1, (count, 1, 1)), torch.randint(4, largest + 1, (count, 1, 1))
    inside = ((rows >= top - tall // 2) & (rows < top + tall // 2) & (columns >= left - wide // 2) & (columns < left + wide // 2)).unsqueeze(1)
    return torch.where(inside & some(count, probability), torch.rand(count, 3, 1, 1), pictures)


def soften(pictures):
    """A light blur, as of a picture that was enlarged before."""
    kernel = torch.tensor([1.0, 2, 1])
    kernel = (kernel[:, None] * kernel / 16).expand(3, 1, 3, 3)
    return F.conv2d(F.pad(pictures, (1, 1, 1, 1), mode="replicate"), kernel, groups=3)


def photos(pictures):
    """CIFAR pictures, N x 3 x 32 x 32: shifted, mirrored, slightly zoomed and coloured, partly covered."""
    count = len(pictures)
    top, left = torch.randint(0, 9, (count,)), torch.randint(0, 9, (count,))
    padded = F.pad(pictures, (4, 4, 4, 4), mode="reflect")
    rows = (top.view(-1, 1) + torch.arange(32)).view(-1, 1, 32, 1)
    columns = left.view(-1, 1) + torch.arange(32)
    columns = torch.where(torch.rand(count, 1) < 0.5, columns.flip(1), columns).view(-1, 1, 1, 32)
    pictures = padded[torch.arange(count).view(-1, 1, 1, 1), torch.arange(3).view(1, 3, 1, 1), rows, columns]
    third = count // 3  # the order is random, so a slice is a random third
    zoomed = grids(third, 32, uniform(third, 0.85, 1.3), uniform(third, 0.9, 1.1), uniform(third, -0.2, 0.2), uniform(third, -0.1, 0.1),
                   torch.zeros(third, 2), torch.ones(third), torch.zeros(third))
    pictures[:third] = F.grid_sample(pictures[:third], zoomed, padding_mode="reflection", align_corners=False)
    pictures = torch.where(some(count, 0.5), colour(pictures, torch.full((count,), 0.4)), pictures)
    pictures = torch.where(some(count, 0.05), soften(pictures), pictures)
    return erase(pictures, 0.5, 16)


def shrink(pictures):
    """64 to 32 pixels with a different filter for each third: the resizers of browsers and libraries differ."""
    third = len(pictures) // 3
    order = torch.randperm(len(pictures))
    sharp = F.interpolate(pictures[order[:third]], size=32, mode="bicubic", antialias=True).clamp(0, 1)
    rough = pictures[order[third:third + third // 2], :, ::2, ::2]
    smooth = F.avg_pool2d(pictures[order[third + third // 2:]], 2)
    shrunk = torch.empty(len(pictures), 3, 32, 32)
    shrunk[order] = torch.cat([sharp, rough, smooth])
    return shrunk


def emoji(pictures, may_flip, colour_matters, backgrounds):
    """Premultiplied RGBA, N x 4 x 64 x 64, to RGB at 32 pixels: bent, recoloured, on another ground. `backgrounds` are photos."""
    count = len(pictures)
    strong = (torch.rand(count) < 0.25).float()
    flip = torch.where((torch.rand(count) < 0.5) & may_flip, -1.0, 1.0)
    grid = grids(count, 64, uniform(count, 0.72, 1.15), torch.exp(0.12 * torch.randn(count)), 0.12 * torch.randn(count) * (1 + strong),
                 0.12 * torch.randn(count), uniform(2 * count, -0.14, 0.14).view(count, 2), flip,
                 uniform(count, 0, 0.08) * (torch.rand(count) < 0.5))
    pictures = F.grid_sample(pictures, grid, align_corners=False)
    alpha = pictures[:, 3:].clamp(0, 1)
    inside = pictures[:, :3] / alpha.clamp(min=1e-3)
    inside = colour(inside.clamp(0, 1), torch.where(colour_matters, 0.25, 0.4 + 1.2 * strong))
    levels = torch.randint(2, 6, (count, 1, 1, 1)).float()
    inside = torch.where(some(count, 0.12), (inside * levels).round() / levels, inside)  # flat colours instead of gradients
    ground = torch.where(some(count, 0.55), torch.ones(count, 3, 1, 1), torch.rand(count, 3, 1, 1)).expand(-1, -1, 64, 64).clone()
    photo_count = len(backgrounds)
    ground[:photo_count] = F.interpolate(backgrounds, scale_factor=2.0)
    outlined = some(count, 0.15)
    outline = F.max_pool2d(alpha, 5, 1, 2) * outlined
    ground = ground * (1 - outline) + outline * torch.rand(count, 3, 1, 1) * 0.4
    pictures = shrink(inside * alpha + ground * (1 - alpha))
    grey = pictures.mean(1, keepdim=True)
    pictures = torch.where(some(count, 0.04) & ~colour_matters.view(-1, 1, 1, 1), grey.expand_as(pictures), pictures)
    pictures = torch.where(some(count, 0.12), soften(pictures), pictures)
    pictures = torch.where(some(count, 0.1), (pictures + 0.05 * torch.randn_like(pictures)).clamp(0, 1), pictures)
    return erase(pictures, 0.3, 14)
