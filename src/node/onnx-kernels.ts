import type * as Ort from "onnxruntime-node";
import { InputError } from "../core/errors.ts";
import type { ByteBlock, ByteMatrix, DenseKernels, InnerProductIndex, TopK } from "../core/math/kernels.ts";
import type { Matrix } from "../core/math/matrix.ts";
import {
  assertBias,
  assertProducts,
  assertSearch,
  referenceKernels,
} from "../core/math/reference-kernels.ts";
import { encodeOnnxModel, type NodeSpec } from "./onnx-graph.ts";

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
  readonly products: Ort.InferenceSession;
  readonly bytes: ByteProducts;
}

/** The integer product this processor does right, by the type it wants the points in. */
interface ByteProducts {
  readonly type: "int8" | "uint8";
  readonly session: Ort.InferenceSession;
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
    prefersBytes: sessions.bytes.type === "int8",
    innerProductIndex: async (points, bias) => {
      assertBias(points, bias);
      return new OnnxIndex(sessions, points, bias);
    },
    productsInto: (target, points, queries) => productsInto(sessions, target, points, queries),
    byteBlock: (points) => new OnnxByteBlock(sessions, points),
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
    const open: OpenSession = (model) =>
      ort.InferenceSession.create(model, {
        executionProviders: ["cpu"],
        intraOpNumThreads,
        // Threads that spin for their next work take the processor from the caller, who works between runs.
        extra: { session: { intra_op: { allow_spinning: "0" } } },
      });
    const plain = await open(searchModel(false));
    const biased = await open(searchModel(true));
    const products = await open(productModel());
    return { ort, plain, biased, products, bytes: await openByteProducts(ort, open) };
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

const OPERANDS = [
  { name: "queries", type: "float32", shape: ["q", "d"] },
  { name: "points", type: "float32", shape: ["n", "d"] },
] as const;

/** queries . points^T, with what is added to it */
function productNode(output: string, added: readonly string[] = []): NodeSpec {
  return {
    operator: "Gemm",
    inputs: ["queries", "points", ...added],
    outputs: [output],
    attributes: { transB: 1 },
  };
}

/** products = queries . points^T */
function productModel(): Uint8Array {
  return encodeOnnxModel({
    name: "products",
    opset: 13,
    inputs: OPERANDS,
    outputs: [{ name: "products", type: "float32", shape: ["q", "n"] }],
    nodes: [productNode("products")],
  });
}

async function productsInto(
  { ort, products }: Sessions,
  target: Float32Array,
  points: Matrix,
  queries: Matrix,
): Promise<void> {
  assertProducts(target, queries, points);
  if (queries.rows === 0 || points.rows === 0 || points.cols === 0)
    return referenceKernels.productsInto(target, points, queries);
  const { Tensor } = ort;
  await products.run(
    {
      queries: new Tensor("float32", queries.data, [queries.rows, queries.cols]),
      points: new Tensor("float32", points.data, [points.rows, points.cols]),
    },
    {
      products: new Tensor("float32", target.subarray(0, queries.rows * points.rows), [
        queries.rows,
        points.rows,
      ]),
    },
  );
}

type OpenSession = (model: Uint8Array) => Promise<Ort.InferenceSession>;

/**
 * x86 processors without VNNI add pairs of unsigned-by-signed products in 16 bits and cut off what does not fit: a trial tells.
 * Unsigned by unsigned is right, and slower, everywhere.
 */
async function openByteProducts(ort: typeof Ort, open: OpenSession): Promise<ByteProducts> {
  const session = await open(byteModel("int8"));
  const cols = 64;
  const target = new Int32Array(16);
  const bytes: ByteProducts = { type: "int8", session };
  const most = new Uint8Array(4 * cols).fill(255);
  await runByteProducts(ort, bytes, target, most, new Int8Array(4 * cols).fill(127), 4, 4, cols);
  if (target.every((product) => product === 127 * 127 * cols)) return bytes;
  return { type: "uint8", session: await open(byteModel("uint8")) };
}

/** products = queries . points^T of integers; the points come transposed. */
function byteModel(type: "int8" | "uint8"): Uint8Array {
  return encodeOnnxModel({
    name: "byte_products",
    opset: 13,
    inputs: [
      { name: "queries", type: "uint8", shape: ["q", "d"] },
      { name: "points", type, shape: ["d", "n"] },
      { name: "query_zero", type: "uint8", shape: [] },
      { name: "point_zero", type, shape: [] },
    ],
    outputs: [{ name: "products", type: "int32", shape: ["q", "n"] }],
    nodes: [
      {
        operator: "MatMulInteger",
        inputs: ["queries", "points", "query_zero", "point_zero"],
        outputs: ["products"],
      },
    ],
  });
}

async function runByteProducts(
  ort: typeof Ort,
  { type, session }: ByteProducts,
  target: Int32Array,
  queries: Uint8Array,
  points: Int8Array | Uint8Array,
  queryCount: number,
  pointCount: number,
  cols: number,
): Promise<void> {
  await session.run(
    {
      queries: new ort.Tensor("uint8", queries, [queryCount, cols]),
      points: new ort.Tensor(type, points, [cols, pointCount]),
      query_zero: new ort.Tensor("uint8", Uint8Array.of(128), []),
      point_zero: new ort.Tensor(type, type === "int8" ? Int8Array.of(0) : Uint8Array.of(128), []),
    },
    {
      products: new ort.Tensor("int32", target.subarray(0, queryCount * pointCount), [
        queryCount,
        pointCount,
      ]),
    },
  );
}

class OnnxByteBlock implements ByteBlock {
  readonly rows: number;
  private readonly sessions: Sessions;
  readonly cols: number;
  private readonly transposed: Int8Array | Uint8Array;

  constructor(sessions: Sessions, points: ByteMatrix) {
    this.sessions = sessions;
    this.rows = points.rows;
    this.cols = points.cols;
    const transposed = transposedBytes(points, sessions.bytes.type === "int8" ? 128 : 0);
    this.transposed = sessions.bytes.type === "int8" ? new Int8Array(transposed.buffer) : transposed;
  }

  async productsInto(target: Int32Array, queries: ByteMatrix): Promise<void> {
    assertProducts(target, queries, this);
    if (queries.rows === 0 || this.rows === 0) return;
    if (this.cols === 0) {
      target.fill(0, 0, queries.rows * this.rows);
      return;
    }
    const { ort, bytes } = this.sessions;
    await runByteProducts(
      ort,
      bytes,
      target,
      queries.data,
      this.transposed,
      queries.rows,
      this.rows,
      this.cols,
    );
  }
}

/** Columns become rows, in squares that stay in the first-level cache; `flip` is added without carry. */
function transposedBytes({ data, rows, cols }: ByteMatrix, flip: number): Uint8Array {
  const side = 64;
  const transposed = new Uint8Array(rows * cols);
  for (let firstRow = 0; firstRow < rows; firstRow += side) {
    const endRow = Math.min(firstRow + side, rows);
    for (let firstCol = 0; firstCol < cols; firstCol += side) {
      const endCol = Math.min(firstCol + side, cols);
      for (let j = firstCol; j < endCol; j++) {
        for (let i = firstRow; i < endRow; i++) transposed[j * rows + i] = data[i * cols + j]! ^ flip;
      }
    }
  }
  return transposed;
}

/** scores = queries . points^T (+ bias), then the k largest of each row; TopK breaks ties by the lower index. */
function searchModel(biased: boolean): Uint8Array {
  return encodeOnnxModel({
    name: "inner_product_search",
    opset: 13,
    inputs: [
      ...OPERANDS,
      ...(biased ? [{ name: "bias", type: "float32", shape: ["n"] } as const] : []),
      { name: "k", type: "int64", shape: [1] },
    ],
    outputs: [
      { name: "values", type: "float32", shape: ["q", "k"] },
      { name: "indices", type: "int64", shape: ["q", "k"] },
    ],
    nodes: [
      productNode("scores", biased ? ["bias"] : []),
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
