// The page of `concept report`: one script and one style, put into each report as they are.
import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const place = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

await build({
  input: place("src/report/main.ts"),
  platform: "browser",
  logLevel: "warn",
  output: { file: place("dist/report/report.js"), format: "iife", minify: true },
});
await cp(place("src/report/report.css"), place("dist/report/report.css"));
