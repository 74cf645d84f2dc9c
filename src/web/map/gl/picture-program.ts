import type { Buffer, Device, RenderPass, Texture } from "@luma.gl/core";
import { type Frame, PAGES, type PageKind } from "../painter.ts";
import { GROUND } from "../palette.ts";
import { SPRITE_LENGTH } from "../sprite-list.ts";
import { clipScale } from "./clip-scale.ts";
import { createProgram, type Program } from "./program.ts";

const VERTEX = `#version 300 es
in vec2 place;
in vec3 page;
in vec3 extent;
in vec4 tint;
in float veil;
uniform vec2 middle;
uniform vec2 scale;
uniform vec2 screen;
uniform float ratio;
out vec2 spot;
flat out vec2 halfSize;
flat out vec3 corner;
flat out vec2 part;
flat out vec4 ring;
flat out float cover;

void main() {
  vec2 shape = extent.xy / max(extent.x, extent.y);
  halfSize = 0.5 * extent.z * ratio * shape;
  vec2 side = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)) * 2.0 - 1.0;
  spot = side * (halfSize + 2.0 * ratio);
  gl_Position = vec4((place - middle) * scale + spot * 2.0 / screen, 0.0, 1.0);
  corner = page;
  part = extent.xy;
  ring = tint;
  cover = veil;
}
`;

const FRAGMENT = `#version 300 es
precision highp float;
precision highp sampler2DArray;
in vec2 spot;
flat in vec2 halfSize;
flat in vec3 corner;
flat in vec2 part;
flat in vec4 ring;
flat in float cover;
uniform float ratio;
uniform float side;
uniform vec3 ground;
uniform sampler2DArray pages;
out vec4 result;

// To the edge of a box with round corners (Quilez); negative inside.
float away(vec2 box, float radius) {
  vec2 past = abs(spot) - box + radius;
  return length(max(past, 0.0)) + min(max(past.x, past.y), 0.0) - radius;
}

void main() {
  float radius = min(4.0 * ratio, 0.2 * min(halfSize.x, halfSize.y));
  float inside = clamp(0.5 - away(halfSize, radius), 0.0, 1.0);
  float covered = clamp(0.5 - away(halfSize + 1.5 * ratio, radius + 1.5 * ratio), 0.0, 1.0);
  vec2 share = clamp(vec2(spot.x, -spot.y) / (2.0 * halfSize) + 0.5, 0.0, 1.0);
  // Half a pixel inside, so that no neighbour of the page shines in.
  vec2 at = corner.yz + clamp(share * part, vec2(0.5 / side), part - 0.5 / side);
  vec4 texel = texture(pages, vec3(at, corner.x));
  vec3 picture = texel.rgb + (1.0 - texel.a);
  vec3 framed = mix(mix(ring.yzw, picture, inside), ground, cover);
  result = vec4(framed, 1.0) * covered * ring.x;
}
`;

/** Pictures of one kind of page, all in one call. */
export class PictureProgram {
  private readonly device: Device;
  private readonly kind: PageKind;
  private readonly program: Program;
  private sprites: Buffer;
  private pages: Texture | null = null;

  constructor(device: Device, kind: PageKind) {
    this.device = device;
    this.kind = kind;
    this.program = createProgram(device, {
      id: kind,
      vertex: VERTEX,
      fragment: FRAGMENT,
      topology: "triangle-strip",
      layout: [
        {
          name: "sprites",
          stepMode: "instance",
          byteStride: 4 * SPRITE_LENGTH,
          attributes: [
            { attribute: "place", format: "float32x2", byteOffset: 0 },
            { attribute: "page", format: "float32x3", byteOffset: 8 },
            { attribute: "extent", format: "float32x3", byteOffset: 20 },
            { attribute: "tint", format: "float32x4", byteOffset: 32 },
            { attribute: "veil", format: "float32", byteOffset: 48 },
          ],
        },
      ],
    });
    this.sprites = this.bind(4 * 256 * SPRITE_LENGTH);
  }

  placePage(bitmap: ImageBitmap, slot: number): void {
    this.pages ??= this.createPages();
    const { width, height } = bitmap;
    this.pages.copyExternalImage({ image: bitmap, width, height, depth: 1, z: slot });
    bitmap.close();
  }

  /** @returns whether the program was ready */
  draw(pass: RenderPass, frame: Frame): boolean {
    const list = frame.sprites[this.kind];
    if (list.count === 0 || this.pages === null) return true;
    const bytes = 4 * list.count * SPRITE_LENGTH;
    if (this.sprites.byteLength < bytes) {
      this.sprites.destroy();
      this.sprites = this.bind(2 * bytes);
    }
    this.sprites.write(list.data.subarray(0, list.count * SPRITE_LENGTH));
    pass.setPipeline(this.program.pipeline);
    pass.setBindings({ pages: this.pages });
    pass.setVertexArray(this.program.attributes);
    const { size, ratio, theme } = frame;
    return pass.draw({
      vertexCount: 4,
      instanceCount: list.count,
      isInstanced: true,
      uniforms: {
        ...clipScale(frame),
        screen: [size.width * ratio, size.height * ratio],
        ratio,
        side: PAGES[this.kind].side,
        ground: GROUND[theme].map((value) => value / 255),
      },
    });
  }

  destroy(): void {
    this.program.destroy();
    this.sprites.destroy();
    this.pages?.destroy();
  }

  private bind(byteLength: number): Buffer {
    const buffer = this.device.createBuffer({ id: `${this.kind}-sprites`, byteLength });
    for (const name of ["place", "page", "extent", "tint", "veil"]) {
      this.program.attributes.setBuffer(this.program.location(name), buffer);
    }
    return buffer;
  }

  /** Made for the first page: who never comes close needs no room for pictures. */
  private createPages(): Texture {
    const { side, capacity } = PAGES[this.kind];
    return this.device.createTexture({
      id: `${this.kind}-pages`,
      dimension: "2d-array",
      format: "rgba8unorm",
      width: side,
      height: side,
      depth: capacity,
      mipLevels: 1,
      sampler: {
        minFilter: "linear",
        magFilter: "linear",
        addressModeU: "clamp-to-edge",
        addressModeV: "clamp-to-edge",
      },
    });
  }
}
