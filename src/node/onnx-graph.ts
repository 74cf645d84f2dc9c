/**
 * Just enough of the ONNX protobuf format (onnx.proto3, IR version 8) to write small graphs in memory, so
 * that no model file needs shipping and no protobuf library is needed.
 */

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** `TensorProto.DataType`. */
const ELEMENT_TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const;

/** A graph input or output. */
export interface TensorSpec {
  readonly name: string;
  readonly type: keyof typeof ELEMENT_TYPES;
  /** A number, or a name for a size known only at run time. */
  readonly shape: readonly (number | string)[];
}

export interface NodeSpec {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Integer attributes, the only kind needed here. */
  readonly attributes?: { readonly [name: string]: number } | undefined;
}

export interface GraphSpec {
  readonly name: string;
  /** Version of the default operator set. */
  readonly opset: number;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** In topological order. */
  readonly nodes: readonly NodeSpec[];
}

/** @returns the bytes of a ModelProto, as ONNX Runtime loads them */
export function encodeOnnxModel(graph: GraphSpec): Uint8Array {
  return Uint8Array.from([
    ...integerField(1, 8), // ir_version
    ...textField(2, "conceptmodel"), // producer_name
    ...messageField(7, encodeGraph(graph)),
    ...messageField(8, [...textField(1, ""), ...integerField(2, graph.opset)]), // opset_import
  ]);
}

function encodeGraph(graph: GraphSpec): number[] {
  return [
    ...graph.nodes.flatMap((node) => messageField(1, encodeNode(node))),
    ...textField(2, graph.name),
    ...graph.inputs.flatMap((tensor) => messageField(11, encodeTensorSpec(tensor))),
    ...graph.outputs.flatMap((tensor) => messageField(12, encodeTensorSpec(tensor))),
  ];
}

function encodeNode(node: NodeSpec): number[] {
  return [
    ...node.inputs.flatMap((name) => textField(1, name)),
    ...node.outputs.flatMap((name) => textField(2, name)),
    ...textField(4, node.operator),
    ...Object.entries(node.attributes ?? {}).flatMap(([name, value]) =>
      // AttributeProto: name, i, type = INT
      messageField(5, [...textField(1, name), ...integerField(3, value), ...integerField(20, 2)]),
    ),
  ];
}

/** ValueInfoProto { name, TypeProto { tensor_type { elem_type, shape } } } */
function encodeTensorSpec(tensor: TensorSpec): number[] {
  const shape = tensor.shape.flatMap((size) =>
    messageField(1, typeof size === "number" ? integerField(1, size) : textField(2, size)),
  );
  const tensorType = [...integerField(1, ELEMENT_TYPES[tensor.type]), ...messageField(2, shape)];
  return [...textField(1, tensor.name), ...messageField(2, messageField(1, tensorType))];
}

function integerField(field: number, value: number): number[] {
  return [...varint(field * 8 + VARINT), ...varint(value)];
}

function textField(field: number, text: string): number[] {
  return messageField(field, [...new TextEncoder().encode(text)]);
}

function messageField(field: number, bytes: readonly number[]): number[] {
  return [...varint(field * 8 + LENGTH_DELIMITED), ...varint(bytes.length), ...bytes];
}

/** Base 128, least significant group first. @param value a non-negative integer below 2^31 */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
}
