import { cpus, loadavg, totalmem } from "node:os";
import onnxruntime from "onnxruntime-node/package.json" with { type: "json" };
import conceptmodel from "../package.json" with { type: "json" };

export const version = `conceptmodel ${conceptmodel.version}`;

/** The machine and what it is doing besides, for the head of a table. */
export function machine() {
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GB`;
  return `${cpus().length} x ${cpus()[0].model}, ${memory}, load ${loadavg()[0].toFixed(1)}`;
}

/** What our own runs stand on. */
export function runtime() {
  return `Node ${process.versions.node}, onnxruntime-node ${onnxruntime.version}`;
}
