/**
 * What goes through a pipe between this process and a decoder: 4 bytes length of a JSON text, 4 bytes length of a body (both
 * little-endian), the text in UTF-8, the body.
 */
export interface Frame {
  readonly head: unknown;
  readonly body: Uint8Array;
}

/** The head that asks what a picture says of itself. */
export const METADATA_REQUEST = "metadata";

const LENGTHS = 8;

/** The pieces to write, in order; the body is not copied. */
export function frameParts({ head, body }: Frame): readonly [Uint8Array, Uint8Array] {
  const text = Buffer.from(JSON.stringify(head));
  const start = Buffer.alloc(LENGTHS + text.length);
  start.writeUInt32LE(text.length, 0);
  start.writeUInt32LE(body.length, 4);
  text.copy(start, LENGTHS);
  return [start, body];
}

/** Puts frames together from the pieces in which a pipe delivers them, copying every byte once. */
export class FrameReader {
  private readonly onFrame: (frame: Frame) => void;
  private readonly lengths = Buffer.alloc(LENGTHS);
  private content: Buffer | undefined;
  private filled = 0;

  constructor(onFrame: (frame: Frame) => void) {
    this.onFrame = onFrame;
  }

  push(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      const target = this.content ?? this.lengths;
      const taken = Math.min(piece.length - at, target.length - this.filled);
      target.set(piece.subarray(at, at + taken), this.filled);
      this.filled += taken;
      at += taken;
      if (this.filled === target.length) this.complete();
    }
  }

  private complete(): void {
    this.filled = 0;
    const textLength = this.lengths.readUInt32LE(0);
    if (this.content === undefined) {
      this.content = Buffer.alloc(textLength + this.lengths.readUInt32LE(4));
      return;
    }
    const { content } = this;
    this.content = undefined;
    this.onFrame({
      head: JSON.parse(content.toString("utf8", 0, textLength)),
      body: content.subarray(textLength),
    });
  }
}
