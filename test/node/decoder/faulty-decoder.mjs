// A decoder's process that really crashes and really hangs, on pictures that ask for it in the bytes behind their end.
import { existsSync, writeFileSync } from "node:fs";
import { FrameReader, frameParts } from "../../../dist/node/decoder/frames.js";
import { SharpDecoder } from "../../../dist/node/images/sharp-decoder.js";

const decoder = new SharpDecoder();
const reader = new FrameReader(async ({ head, body }) => {
  const [, wish, file] = /!(crash|hang|crash-once):(.*)!$/.exec(Buffer.from(body).toString("latin1")) ?? [];
  if (wish === "crash") process.kill(process.pid, "SIGSEGV");
  if (wish === "hang") for (;;);
  if (wish === "crash-once" && !existsSync(file)) {
    writeFileSync(file, "");
    process.kill(process.pid, "SIGSEGV");
  }
  const { data, width, height } = await decoder.decode(body, head);
  for (const part of frameParts({ head: { width, height }, body: data })) process.stdout.write(part);
});
process.stdin.on("data", (piece) => reader.push(piece));
process.stdin.on("end", () => process.exit());
for (const part of frameParts({ head: "ready", body: new Uint8Array(0) })) process.stdout.write(part);
