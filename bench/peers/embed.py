"""From picture files to vectors as sentence-transformers does it with CLIP: Pillow decodes and resizes one picture after the other,
batches of 32 go through PyTorch. The weights are those of `scripts/random-clip`.

    python embed.py MODEL_FOLDER PICTURES... (on stdin, one a line)

Prints JSON: pictures, seconds, CPU seconds, peak of memory, versions. The model is loaded and warmed up before the clock starts.
"""
import json
import resource
import sys
import time
from pathlib import Path

import numpy
import PIL
import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts/random-clip"))
from model import Vision, VisionTower  # noqa: E402

BATCH = 32
IMAGE_SIZE = Vision().image_size
MEAN = numpy.array([0.48145466, 0.4578275, 0.40821073], dtype=numpy.float32)
STD = numpy.array([0.26862954, 0.26130258, 0.27577711], dtype=numpy.float32)


def pixels(file):
    """As transformers' CLIPImageProcessor: the shorter side to 224, bicubic, the middle cut out, normalised."""
    image = Image.open(file).convert("RGB")
    scale = IMAGE_SIZE / min(image.size)
    image = image.resize([max(IMAGE_SIZE, int(side * scale)) for side in image.size], Image.BICUBIC)
    left, top = (image.width - IMAGE_SIZE) // 2, (image.height - IMAGE_SIZE) // 2
    image = image.crop((left, top, left + IMAGE_SIZE, top + IMAGE_SIZE))
    values = numpy.asarray(image, dtype=numpy.float32) / 255
    return ((values - MEAN) / STD).transpose(2, 0, 1)


def main():
    folder = Path(sys.argv[1])
    files = [line.strip() for line in sys.stdin if line.strip()]
    model = VisionTower(Vision()).eval()
    model.load_state_dict(torch.load(folder / "vision.pt"))
    with torch.no_grad():
        model(torch.zeros(BATCH, 3, IMAGE_SIZE, IMAGE_SIZE))
        wall, cpu = time.perf_counter(), time.process_time()
        vectors = []
        for start in range(0, len(files), BATCH):
            batch = torch.from_numpy(numpy.stack([pixels(file) for file in files[start : start + BATCH]]))
            vectors.append(torch.nn.functional.normalize(model(batch), dim=1).numpy())
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    vectors = numpy.concatenate(vectors)
    print(json.dumps({
        "pictures": len(vectors), "seconds": wall, "cpu": cpu, "peak": peak, "first": vectors[0][:4].tolist(),
        "runtime": f"PyTorch {torch.__version__} ({torch.get_num_threads()} threads), Pillow {PIL.__version__}",
    }))


if __name__ == "__main__":
    main()
