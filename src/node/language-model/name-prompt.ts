import { wordsByCaptions } from "../../core/captions/caption-ctfidf.ts";
import type { Concept, FittedModel, ScoredWord } from "../../core/model.ts";
import { openPicture } from "../collage/picture-source.ts";
import { type Location, locate } from "../inputs/location.ts";
import type { ChatMessage, ChatPart } from "./chat-endpoint.ts";

const WORDS = 8;
/** Small enough for small models, large enough to see what is on them. */
const PIXELS = 256;

const INSTRUCTION = `You name groups of pictures. Each group was found by a program, with words that it thinks describe the \
pictures; some of these words are wrong. Answer with the name of the group and nothing else: one to four words, in the plain \
language of a museum's drawer labels, as specific as fits all pictures. No quotes, no explanation.`;

/**
 * What a language model is asked about a concept: its words, those of its captions, and small copies of its exemplars without
 * their metadata. Pictures that cannot be read are left out.
 *
 * @param options.captionWords what sets its captions apart; may be empty
 * @param options.pictures how many exemplars are shown; 0 for models that cannot see
 * @param options.taken names of other concepts, which this one cannot have
 * @param options.language of the answer; default English
 */
export async function namePrompt(
  model: FittedModel,
  concept: Concept,
  options: {
    readonly captionWords: readonly ScoredWord[];
    readonly pictures: number;
    readonly taken: readonly string[];
    readonly language?: string | undefined;
  },
): Promise<ChatMessage[]> {
  const list = (words: readonly ScoredWord[]): string =>
    words
      .slice(0, WORDS)
      .map(({ word, score }) => `${oneLine(word)} (${score.toFixed(2)})`)
      .join(", ");
  const lines = [
    concept.words.length > 0 ? `Words with scores: ${list(concept.words)}` : "",
    options.captionWords.length > 0 ? `Words of their captions: ${list(options.captionWords)}` : "",
    `Pictures in the group: ${concept.size}`,
    options.taken.length > 0 ? `Names that other groups have: ${options.taken.map(oneLine).join("; ")}` : "",
    options.language === undefined ? "" : `Answer in this language: ${oneLine(options.language)}`,
  ].filter((line) => line !== "");
  const text = { type: "text" as const, text: lines.join("\n") };
  const pictures = await exemplarParts(model, concept, options.pictures);
  const content = pictures.length === 0 ? text.text : [text, ...pictures];
  return [
    { role: "system", content: INSTRUCTION },
    { role: "user", content },
  ];
}

/** For each concept the words of its captions; empty without captions. */
export function captionWordsOf({ images, concepts }: FittedModel): ScoredWord[][] {
  if (images.captions === null) return concepts.map(() => []);
  const groupOf = new Map(concepts.map(({ id }, group) => [id, group]));
  const groups = images.concepts.map((id) => groupOf.get(id) ?? -1);
  return wordsByCaptions(images.captions, groups, { groups: concepts.length, count: WORDS });
}

async function exemplarParts({ images }: FittedModel, concept: Concept, count: number): Promise<ChatPart[]> {
  const { root } = images;
  if (root === null || count === 0) return [];
  const parts: ChatPart[] = [];
  for (const row of concept.exemplars) {
    if (parts.length === count) break;
    const url = await smallJpeg(locate(root, images.paths[row]!));
    if (url !== null) parts.push({ type: "image_url", image_url: { url } });
  }
  return parts;
}

async function smallJpeg(location: Location): Promise<string | null> {
  try {
    const { image } = await openPicture(location);
    const bytes = await image
      .resize(PIXELS, PIXELS, { fit: "inside", withoutEnlargement: true })
      .flatten({ background: "white" })
      .jpeg({ quality: 80 })
      .toBuffer();
    return `data:image/jpeg;base64,${bytes.toString("base64")}`;
  } catch {
    return null;
  }
}

/** Words come from strangers: they must not open a new paragraph of the prompt. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, 80);
}
