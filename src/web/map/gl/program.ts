import type { BufferLayout, Device, RenderPipeline, VertexArray } from "@luma.gl/core";

/** Colours come with alpha multiplied in. */
const BLEND = {
  blend: true,
  blendColorOperation: "add",
  blendColorSrcFactor: "one",
  blendColorDstFactor: "one-minus-src-alpha",
  blendAlphaOperation: "add",
  blendAlphaSrcFactor: "one",
  blendAlphaDstFactor: "one-minus-src-alpha",
  depthWriteEnabled: false,
  depthCompare: "always",
  cullMode: "none",
} as const;

export interface ProgramSource {
  readonly id: string;
  readonly vertex: string;
  readonly fragment: string;
  readonly topology: "point-list" | "triangle-strip";
  readonly layout: BufferLayout[];
}

export interface Program {
  readonly pipeline: RenderPipeline;
  readonly attributes: VertexArray;
  /** Of an attribute, for `attributes.setBuffer`. */
  location(name: string): number;
  destroy(): void;
}

export function createProgram(device: Device, source: ProgramSource): Program {
  const { id, topology, layout } = source;
  const vs = device.createShader({ id: `${id}-vs`, stage: "vertex", source: source.vertex });
  const fs = device.createShader({ id: `${id}-fs`, stage: "fragment", source: source.fragment });
  const pipeline = device.createRenderPipeline({
    id,
    vs,
    fs,
    topology,
    bufferLayout: layout,
    parameters: BLEND,
  });
  const attributes = device.createVertexArray({ shaderLayout: pipeline.shaderLayout, bufferLayout: layout });
  return {
    pipeline,
    attributes,
    location: (name) =>
      pipeline.shaderLayout.attributes.find((attribute) => attribute.name === name)!.location,
    destroy() {
      for (const part of [attributes, pipeline, vs, fs]) part.destroy();
    },
  };
}
