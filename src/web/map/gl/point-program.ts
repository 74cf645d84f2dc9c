import type { Buffer, BufferLayout, Device, RenderPass, VertexArray } from "@luma.gl/core";
import { COARSE_STEP } from "../pace.ts";
import type { Frame } from "../painter.ts";
import { GROUND } from "../palette.ts";
import { clipScale } from "./clip-scale.ts";
import { createProgram, type Program } from "./program.ts";

const VERTEX = `#version 300 es
in vec2 place;
in vec4 look;
uniform vec2 middle;
uniform vec2 scale;
uniform float diameter;
uniform vec3 ground;
// 0: all; 1: dimmed ones; 2: lit ones
uniform float part;
out vec3 color;
out float width;

void main() {
  bool dimmed = look.a < 0.4;
  bool skipped = (part == 1.0 && !dimmed) || (part == 2.0 && dimmed);
  gl_Position = skipped ? vec4(2.0, 2.0, 2.0, 1.0) : vec4((place - middle) * scale, 0.0, 1.0);
  width = diameter * (look.a < 0.8 ? 0.75 : 1.0);
  gl_PointSize = width + 1.0;
  color = dimmed ? mix(ground, look.rgb, 0.2) : look.rgb;
}
`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec3 color;
in float width;
out vec4 result;

void main() {
  float away = length(gl_PointCoord - 0.5) * (width + 1.0);
  float alpha = 0.9 * clamp(width * 0.5 - away + 0.5, 0.0, 1.0);
  if (alpha == 0.0) discard;
  result = vec4(color * alpha, alpha);
}
`;

const PLACE_BYTES = 8;
const LOOK_BYTES = 4;

/** All points in one call: 12 bytes and one vertex each. */
export class PointProgram {
  private readonly program: Program;
  /** Reads every `COARSE_STEP`-th point of the same buffers. */
  private readonly coarse: VertexArray;
  private readonly places: Buffer;
  private readonly looks: Buffer;
  private readonly count: number;

  constructor(device: Device, places: Float32Array) {
    this.count = places.length >> 1;
    this.program = createProgram(device, {
      id: "points",
      vertex: VERTEX,
      fragment: FRAGMENT,
      topology: "point-list",
      layout: layoutOf(1),
    });
    this.places = device.createBuffer({ id: "places", data: places });
    this.looks = device.createBuffer({
      id: "looks",
      byteLength: Math.max(LOOK_BYTES, LOOK_BYTES * this.count),
    });
    const { shaderLayout } = this.program.pipeline;
    this.coarse = device.createVertexArray({ shaderLayout, bufferLayout: layoutOf(COARSE_STEP) });
    for (const attributes of [this.program.attributes, this.coarse]) {
      attributes.setBuffer(this.program.location("place"), this.places);
      attributes.setBuffer(this.program.location("look"), this.looks);
    }
  }

  setColors(colors: Uint8Array): void {
    this.looks.write(colors);
  }

  /** @returns whether the program was ready */
  draw(pass: RenderPass, frame: Frame): boolean {
    if (this.count === 0) return true;
    const uniforms = {
      ...clipScale(frame),
      diameter: 2 * frame.pointRadius * frame.ratio,
      ground: GROUND[frame.theme].map((value) => value / 255),
    };
    pass.setPipeline(this.program.pipeline);
    pass.setBindings({});
    pass.setVertexArray(frame.step === 1 ? this.program.attributes : this.coarse);
    const vertexCount = Math.ceil(this.count / frame.step);
    const parts = frame.hasDimmed ? [1, 2] : [0];
    return parts
      .map((part) => pass.draw({ vertexCount, uniforms: { ...uniforms, part } }))
      .every((isDrawn) => isDrawn);
  }

  destroy(): void {
    this.coarse.destroy();
    this.program.destroy();
    this.places.destroy();
    this.looks.destroy();
  }
}

function layoutOf(step: number): BufferLayout[] {
  return [
    { name: "place", format: "float32x2", byteStride: PLACE_BYTES * step },
    { name: "look", format: "unorm8x4", byteStride: LOOK_BYTES * step },
  ];
}
