"""Writes a model folder's weights in other precisions, as the hub's files of these names are made. Needs onnx and onnxruntime.

    python3 variants.py FOLDER [fp16 int8]
"""
import argparse
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("variants", nargs="*", default=["fp16", "int8"])
    options = parser.parse_args()
    for variant in options.variants:
        for tower in ("vision_model", "text_model"):
            graphs = options.folder / "onnx"
            VARIANTS[variant](graphs / f"{tower}.onnx", graphs / f"{tower}_{variant}.onnx")


def write_int8(source: Path, target: Path):
    """Weights in 8 bits, activations quantised as they come, with one scale a tensor."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(source, target, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm"])


def write_fp16(source: Path, target: Path):
    """Weights and arithmetic in 16 bits, inputs and outputs in 32."""
    import onnx
    from onnxruntime.transformers.float16 import convert_float_to_float16

    onnx.save(convert_float_to_float16(onnx.load(source), keep_io_types=True), target)


VARIANTS = {"int8": write_int8, "fp16": write_fp16}

if __name__ == "__main__":
    main()
