import type * as Ort from "onnxruntime-node";
import { InputError } from "../core/errors.ts";
import type { DenseKernels, InnerProductIndex, TopK } from "../core/math/kernels.ts";
import type { Matrix } from "../core/math/matrix.ts";
import { assertBias, assertSearch, referenceKernels } from "../core/math/reference-kernels.ts";
import { encodeOnnxModel } from "./onnx-graph.ts";

export interface OnnxKernelsOptions {
  /** Threads that share one search; default 0, all cores. */
  readonly intraOpNumThreads?: number | undefined;
}

export interface NodeKernelsOptions extends OnnxKernelsOptions {
  /** Told why the native runtime is not used, once, before the slower reference takes over. */
  readonly onFallback?: ((error: Error) => void) | undefined;
}

interface Sessions {
  readonly ort: typeof Ort;
  readonly plain: Ort.InferenceSession;
  readonly biased: Ort.InferenceSession;
}

/**
 * Dense kernels on ONNX Runtime's CPU provider: one Gemm and one TopK, about 30 times as fast as
 * `referenceKernels`. Scores are float32 sums in an order of the runtime's choosing.
 *
 * @throws InputError when the native runtime cannot load or the thread count is no integer >= 0
 */
export async function onnxKernels(options: OnnxKernelsOptions = {}): Promise<DenseKernels> {
  const intraOpNumThreads = options.intraOpNumThreads ?? 0;
  if (!Number.isInteger(intraOpNumThreads) || intraOpNumThreads < 0) {
    const details = { expected: "an integer from 0 (all cores)", found: `${intraOpNumThreads}` };
    throw new InputError("intraOpNumThreads is out of range", details, "BAD_OPTION");
  }
  const sessions = await openSessions(intraOpNumThreads);
  return {
    name: "onnxruntime-node",
    innerProductIndex: async (points, bias) => {
      assertBias(points, bias);
      return new OnnxIndex(sessions, points, bias);
    },
  };
}

/** `onnxKernels` where the native runtime loads, else `referenceKernels`: the same results, later. */
export async function nodeKernels(options: NodeKernelsOptions = {}): Promise<DenseKernels> {
  try {
    return await onnxKernels(options);
  } catch (error) {
    if (error instanceof InputError && error.cause === undefined) throw error;
    options.onFallback?.(error as Error);
    return referenceKernels;
  }
}

async function openSessions(intraOpNumThreads: number): Promise<Sessions> {
  try {
    const ort = await import("onnxruntime-node");
    const open = (biased: boolean): Promise<Ort.InferenceSession> =>
      ort.InferenceSession.create(searchModel(biased), { executionProviders: ["cpu"], intraOpNumThreads });
    return { ort, plain: await open(false), biased: await open(true) };
  } catch (cause) {
    throw new InputError(
      "The native ONNX kernels cannot start",
      {
        expected: "onnxruntime-node to load",
        found: (cause instanceof Error ? cause.message : String(cause)).split("\n", 1)[0]!.slice(0, 160),
        hint: "Reinstall onnxruntime-node for this platform, or use referenceKernels, which are slower.",
        cause,
      },
      "BAD_OPTION",
    );
  }
}

/** scores = queries . points^T (+ bias), then the k largest of each row; TopK breaks ties by the lower index. */
function searchModel(biased: boolean): Uint8Array {
  return encodeOnnxModel({
    name: "inner_product_search",
    opset: 13,
    inputs: [
      { name: "queries", type: "float32", shape: ["q", "d"] },
      { name: "points", type: "float32", shape: ["n", "d"] },
      ...(biased ? [{ name: "bias", type: "float32", shape: ["n"] } as const] : []),
      { name: "k", type: "int64", shape: [1] },
    ],
    outputs: [
      { name: "values", type: "float32", shape: ["q", "k"] },
      { name: "indices", type: "int64", shape: ["q", "k"] },
    ],
    nodes: [
      {
        operator: "Gemm",
        inputs: biased ? ["queries", "points", "bias"] : ["queries", "points"],
        outputs: ["scores"],
        attributes: { transB: 1 },
      },
      {
        operator: "TopK",
        inputs: ["scores", "k"],
        outputs: ["values", "indices"],
        attributes: { largest: 1, sorted: 1 },
      },
    ],
  });
}

class OnnxIndex implements InnerProductIndex {
  private readonly sessions: Sessions;
  private readonly points: Matrix;
  private readonly pointsTensor: Ort.Tensor;
  private readonly biasTensor: Ort.Tensor | undefined;

  constructor(sessions: Sessions, points: Matrix, bias: Float32Array | undefined) {
    const { Tensor } = sessions.ort;
    this.sessions = sessions;
    this.points = points;
    this.pointsTensor = new Tensor("float32", points.data, [points.rows, points.cols]);
    this.biasTensor = bias === undefined ? undefined : new Tensor("float32", bias, [bias.length]);
  }

  async search(queries: Matrix, k: number): Promise<TopK> {
    assertSearch(this.points, queries, k);
    // The runtime refuses empty tensors, and without columns there is nothing to multiply.
    if (k === 0 || queries.rows === 0 || queries.cols === 0) {
      const index = await referenceKernels.innerProductIndex(
        this.points,
        this.biasTensor?.data as Float32Array | undefined,
      );
      return index.search(queries, k);
    }
    const { ort, plain, biased } = this.sessions;
    const feeds: Record<string, Ort.Tensor> = {
      queries: new ort.Tensor("float32", queries.data, [queries.rows, queries.cols]),
      points: this.pointsTensor,
      k: new ort.Tensor("int64", BigInt64Array.of(BigInt(k)), [1]),
    };
    if (this.biasTensor !== undefined) feeds["bias"] = this.biasTensor;
    const results = await (this.biasTensor === undefined ? plain : biased).run(feeds);
    const scores = results["values"]!.data as Float32Array;
    return { indices: lowWords(results["indices"]!.data as BigInt64Array), scores, k };
  }

  async dispose(): Promise<void> {
    // The tensors are views of JavaScript arrays: nothing lives outside the heap between searches.
  }
}

/** int64 to int32 without a BigInt a value; every platform the runtime supports is little-endian. */
function lowWords(values: BigInt64Array): Int32Array {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const low = new Int32Array(values.length);
  for (let i = 0; i < low.length; i++) low[i] = words[2 * i]!;
  return low;
}
