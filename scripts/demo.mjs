// The demo: Google's emoji become named, searchable concepts with the bundled model, by the real command.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("..", import.meta.url));
const output = "demo-output";
const pictures = path.join(output, "emoji");
const model = path.join(output, "emoji.concept");
const names = path.join(output, "emoji-names.txt");
const collage = path.join(output, "concepts.png");
const cache = path.join(output, "cache");

process.chdir(project);
layOutPictures();
concept(
  "fit",
  pictures,
  "-o",
  model,
  "--model",
  "mini",
  "--docs",
  names,
  "--vocabulary",
  "wordnet",
  "--cache",
  cache,
);
concept("visualize", model, "-o", collage, "--title", "Google's emoji");
concept("search", model, "fruit", "--top", "5", "--cache", cache);
concept("search", model, "sad face", "--top", "5", "--cache", cache);
console.log(`
The collage is ${collage}, the model ${model}: a folder of open files.
See all of it in the browser:
  node dist/cli/main.js explore ${model} --open

Next, with your own photos and CLIP (about 600 MB, fetched once from the Hugging Face hub):
  npx conceptmodel fit ~/Pictures -o photos.concept
  npx conceptmodel visualize photos.concept -o photos.png
  npx conceptmodel search photos.concept "sunset at the beach"

The bundled model "mini" knows emoji and ten kinds of small photos; it is no model for people's photos.`);

/** One file an emoji, called by its name; and the names as documents. */
function layOutPictures() {
  const require = createRequire(import.meta.url);
  const datasource = path.dirname(require.resolve("emoji-datasource-google/package.json"));
  const emoji = JSON.parse(readFileSync(path.join(datasource, "emoji.json"), "utf8"));
  const drawn = emoji.filter(({ has_img_google, category }) => has_img_google && category !== "Component");
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  for (const { short_name, image } of drawn) {
    cpSync(path.join(datasource, "img", "google", "64", image), path.join(pictures, `${short_name}.png`));
  }
  writeFileSync(names, `${drawn.map(({ name }) => name.toLowerCase()).join("\n")}\n`);
  console.log(`${drawn.length} emoji pictures are in ${pictures}\n`);
}

function concept(...args) {
  console.log(`$ concept ${args.map((word) => (word.includes(" ") ? `"${word}"` : word)).join(" ")}`);
  const { status } = spawnSync(process.execPath, ["dist/cli/main.js", ...args], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  console.log();
}
