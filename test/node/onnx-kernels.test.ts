import { expect, it } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { encodeOnnxModel } from "../../src/node/onnx-graph.ts";
import { nodeKernels, onnxKernels } from "../../src/node/onnx-kernels.ts";
import { describeDenseKernels } from "../support/dense-kernels-conformance.ts";

describeDenseKernels("onnxruntime-node", () => onnxKernels());
describeDenseKernels("onnxruntime-node on one thread", () => onnxKernels({ intraOpNumThreads: 1 }));

it("refuses a thread count that is none, and does not fall back from it", async () => {
  await expect(onnxKernels({ intraOpNumThreads: -1 })).rejects.toThrow(InputError);
  await expect(nodeKernels({ intraOpNumThreads: 0.5 })).rejects.toThrow(/intraOpNumThreads/);
});

it("opens the native kernels on this machine without complaint", async () => {
  const complaints: Error[] = [];
  const kernels = await nodeKernels({ onFallback: (error) => complaints.push(error) });
  expect(kernels.name).toBe("onnxruntime-node");
  expect(complaints).toEqual([]);
});

it("encodes field lengths above 127 bytes as several varint bytes", () => {
  const bytes = encodeOnnxModel({ name: "n".repeat(300), opset: 13, inputs: [], outputs: [], nodes: [] });
  // ir_version 8; producer_name; field 7 (the graph), 303 bytes = 0xaf 0x02; in it field 2 (name), 300 = 0xac 0x02
  expect([...bytes.subarray(0, 2)]).toEqual([0x08, 0x08]);
  expect([...bytes.subarray(16, 22)]).toEqual([0x3a, 0xaf, 0x02, 0x12, 0xac, 0x02]);
});
