import { UnusablePicture } from "../images/unusable-picture.ts";

/**
 * Reads a stream to its end.
 *
 * @param options.most bytes there may be
 * @throws UnusablePicture when there are more, the signal's reason, or the stream's error
 */
export async function readStream(
  stream: AsyncIterable<Uint8Array>,
  { most, signal }: { readonly most: number; readonly signal?: AbortSignal | undefined },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    signal?.throwIfAborted();
    bytes += chunk.length;
    if (bytes > most) throw new UnusablePicture("too-large", `more than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}
