import sharp from "sharp";
import type { PixelRequest } from "../../embed/image-decoder.ts";
import { skippedFile } from "../images/file-reason.ts";
import { SharpDecoder } from "../images/sharp-decoder.ts";
import { readPictureMetadata } from "../metadata/picture-metadata.ts";
import { type Frame, FrameReader, frameParts, METADATA_REQUEST } from "./frames.ts";

/**
 * The program of a decoder's process: pictures come in on stdin, with a `PixelRequest` as head, or `METADATA_REQUEST`; pixels, what the
 * picture says of itself, or the reason why not go out on stdout.
 */

// Pictures come one at a time, and none comes twice.
sharp.concurrency(1);
sharp.cache(false);
const decoder = new SharpDecoder();

async function answer({ head, body }: Frame): Promise<void> {
  try {
    if (head === METADATA_REQUEST) {
      send({ head: await readPictureMetadata(body), body: new Uint8Array(0) });
      return;
    }
    const { data, width, height } = await decoder.decode(body, head as PixelRequest);
    send({ head: { width, height }, body: data });
  } catch (error) {
    const { code, reason } = skippedFile("", error);
    send({ head: { code, reason }, body: new Uint8Array(0) });
  }
}

function send(frame: Frame): void {
  for (const part of frameParts(frame)) process.stdout.write(part);
}

const reader = new FrameReader((frame) => void answer(frame));
process.stdin.on("data", (piece: Buffer) => reader.push(piece));
// Whoever asks is gone. An orderly exit would wait for a decoder that hangs.
process.stdin.on("end", () => process.kill(process.pid, "SIGKILL"));
// Ctrl-C reaches the whole group: the one who asks decides.
process.on("SIGINT", () => undefined);
send({ head: "ready", body: new Uint8Array(0) });
