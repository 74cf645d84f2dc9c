import type { Concept, FittedModel } from "../../core/model.ts";
import type { AnswerCache } from "./answer-cache.ts";
import type { ChatEndpoint, ChatMessage } from "./chat-endpoint.ts";
import { cleanName } from "./clean-name.ts";
import { captionWordsOf, namePrompt } from "./name-prompt.ts";

export interface NamingOptions {
  /** Concepts to name, by id; default all that are not hidden and that nobody has named. */
  readonly concepts?: readonly number[] | undefined;
  /** Also those that a person, or an earlier naming, has named; default false. */
  readonly renamed?: boolean | undefined;
  /** Exemplars shown; default 0, for models that cannot see. */
  readonly pictures?: number | undefined;
  /** Language of the names; default English. */
  readonly language?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

export interface NameConceptsOptions extends NamingOptions {
  /** Where answers are kept; default the folder of the embedding cache. */
  readonly cache?: string | undefined;
  /** Called with each name after the model bears it. */
  readonly onName?: ((proposed: ProposedName) => Promise<void>) | undefined;
}

/** A name that a language model has proposed. */
export interface ProposedName {
  readonly concept: number;
  readonly before: string;
  /** null where no answer was a name */
  readonly name: string | null;
  /** Whether it was known from an earlier run. */
  readonly cached: boolean;
}

/** The concepts that `proposeNames` asks about. @throws nothing; unknown ids are left out */
export function conceptsToName(model: FittedModel, { concepts, renamed }: NamingOptions): Concept[] {
  return model.concepts.filter((concept) => {
    if (concepts !== undefined) return concepts.includes(concept.id);
    return concept.hidden !== true && (renamed === true || concept.renamed !== true);
  });
}

/** What would be sent, in the order of the concepts, without sending it. */
export async function namingPrompts(
  model: FittedModel,
  options: NamingOptions,
): Promise<{ readonly concept: number; readonly messages: readonly ChatMessage[] }[]> {
  const captionWords = captionWordsOf(model);
  const prompts = [];
  for (const concept of conceptsToName(model, options)) {
    const words = captionWords[model.concepts.indexOf(concept)]!;
    prompts.push({ concept: concept.id, messages: await firstPrompt(model, concept, words, options) });
  }
  return prompts;
}

/**
 * Asks a language model for the names of concepts, one after the other. A name that another concept has is asked for once more, with
 * the names that are taken; names stay apart in all cases.
 *
 * @param onName called with each answer as it comes, so that a run that fails later loses none
 * @throws ConceptError (LLM_FAILED) when the endpoint gives no answer
 */
export async function proposeNames(
  model: FittedModel,
  endpoint: ChatEndpoint,
  cache: AnswerCache,
  options: NamingOptions,
  onName: (proposed: ProposedName) => Promise<void>,
): Promise<void> {
  const captionWords = captionWordsOf(model);
  const chosen = conceptsToName(model, options);
  const names = new Map(model.concepts.map(({ id, name }) => [id, name]));
  for (const [done, concept] of chosen.entries()) {
    options.signal?.throwIfAborted();
    options.onProgress?.(done / chosen.length);
    const words = captionWords[model.concepts.indexOf(concept)]!;
    const first = await firstPrompt(model, concept, words, options);
    let { answer, cached } = await askOnce(endpoint, cache, first, options.signal);
    let name = cleanName(answer);
    names.delete(concept.id);
    if (name === null || isTaken(name, names)) {
      const taken = name === null ? [] : [name];
      const again = await namePrompt(model, concept, { ...promptOptions(options, words), taken });
      const retried =
        name === null ? { answer: "", cached } : await askOnce(endpoint, cache, again, options.signal);
      ({ answer, cached } = retried);
      const second = cleanName(answer);
      name = second === null || isTaken(second, names) ? apart(second ?? name, concept, names) : second;
    }
    names.set(concept.id, name ?? concept.name);
    await onName({ concept: concept.id, before: concept.name, name, cached });
  }
  options.onProgress?.(1);
}

function firstPrompt(
  model: FittedModel,
  concept: Concept,
  words: Concept["words"],
  options: NamingOptions,
): Promise<ChatMessage[]> {
  return namePrompt(model, concept, { ...promptOptions(options, words), taken: [] });
}

function promptOptions(
  { pictures = 0, language }: NamingOptions,
  captionWords: Concept["words"],
): { captionWords: Concept["words"]; pictures: number; language: string | undefined } {
  return { captionWords, pictures, language };
}

async function askOnce(
  endpoint: ChatEndpoint,
  cache: AnswerCache,
  messages: readonly ChatMessage[],
  signal: AbortSignal | undefined,
): Promise<{ answer: string; cached: boolean }> {
  const known = await cache.get(endpoint, messages);
  if (known !== null) return { answer: known, cached: true };
  const answer = await endpoint.ask(messages, signal);
  await cache.put(endpoint, messages, answer);
  return { answer, cached: false };
}

function isTaken(name: string, names: ReadonlyMap<number, string>): boolean {
  const wanted = name.toLowerCase();
  return [...names.values()].some((other) => other.toLowerCase() === wanted);
}

/** Tells a name from equal ones by the concept's best other word, or by its id. */
function apart(
  name: string | null,
  { id, words }: Concept,
  names: ReadonlyMap<number, string>,
): string | null {
  if (name === null) return null;
  const word = words.find((other) => !name.toLowerCase().includes(other.word.toLowerCase()))?.word;
  const candidates = [...(word === undefined ? [] : [`${name} (${word.slice(0, 40)})`]), `${name} (${id})`];
  return candidates.find((candidate) => !isTaken(candidate, names)) ?? null;
}
