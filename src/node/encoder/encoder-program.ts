import { parentPort, workerData } from "node:worker_threads";
import type { Matrix } from "../../core/math/matrix.ts";
import {
  type DualEncoder,
  type ImageEncoder,
  loadDualEncoder,
  loadImageEncoder,
} from "../../embed/dual-encoder.ts";
import { carryError } from "./carried-error.ts";
import type { EncoderAnswer, EncoderReady, EncoderRequest, EncoderSetup } from "./encoder-messages.ts";

/** The program of an encoder's thread: loads what `workerData` says, then answers one request after the other. */
const port = parentPort!;
const setup = workerData as EncoderSetup;

async function load(): Promise<{ encoder: DualEncoder | ImageEncoder; ready: EncoderReady }> {
  if (setup.towers === "image") {
    return {
      encoder: await loadImageEncoder(setup.source, setup.options),
      ready: { kind: "ready", shape: null },
    };
  }
  const encoder = await loadDualEncoder(setup.source, setup.options);
  const { dimensions, rules } = encoder;
  return { encoder, ready: { kind: "ready", shape: { dimensions, rules } } };
}

async function answer(encoder: DualEncoder | ImageEncoder, request: EncoderRequest): Promise<void> {
  if (request.kind === "images") {
    const { pixels, rows } = request;
    sendVectors(await encoder.encodeImages(pixels, rows), pixels);
  } else if (request.kind === "dispose") {
    await encoder.dispose();
    send({ kind: "disposed" });
  } else if (request.kind === "texts") {
    sendVectors(await (encoder as DualEncoder).encodeTexts(request.batch));
  } else {
    send({ kind: "tokens", tokens: await (encoder as DualEncoder).tokenize(request.texts) });
  }
}

function sendVectors({ data, cols }: Matrix, pixels?: Float32Array): void {
  const given = pixels === undefined ? {} : { pixels };
  const buffers = [data, ...(pixels === undefined ? [] : [pixels])].map(
    ({ buffer }) => buffer as ArrayBuffer,
  );
  send({ kind: "vectors", data, cols, ...given }, buffers);
}

function send(message: EncoderAnswer, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

try {
  const { encoder, ready } = await load();
  let last = Promise.resolve();
  port.on("message", (request: EncoderRequest) => {
    last = last
      .then(() => answer(encoder, request))
      .catch((error: unknown) => send({ kind: "failed", error: carryError(error) }));
  });
  send(ready);
} catch (error) {
  send({ kind: "failed", error: carryError(error) });
}
