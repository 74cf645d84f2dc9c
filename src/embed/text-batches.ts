import { InputError } from "../core/errors.ts";

/** How a model wants its texts as tokens. */
export interface TokenRules {
  /** Longest sequence, special tokens included. */
  readonly maxTokens: number;
  /** Special tokens that end every sequence and survive truncation. */
  readonly endTokens: number;
  /** Length every sequence is padded to on the right; null for no padding. */
  readonly padTo: number | null;
  readonly padId: number;
}

/** Texts of equal token count, run through the model together. */
export interface TokenBatch {
  /** Which texts: places in the input, one a row; rows beyond are repetitions to be dropped. */
  readonly texts: Int32Array;
  readonly rows: number;
  readonly cols: number;
  /** rows x cols, row-major. */
  readonly ids: BigInt64Array;
  /** rows x cols, row-major: 1 for a token, 0 for padding. */
  readonly mask: BigInt64Array;
}

/** @throws InputError (BAD_OPTION) when the template does not hold `{}` exactly once */
export function checkTemplate(template: string): void {
  if (template.split("{}").length === 2) return;
  throw new InputError(
    "The prompt template must say where the text goes",
    {
      expected: `{} once, as in "a photo of a {}"`,
      found: JSON.stringify(template),
      hint: "Put {} where the word belongs.",
    },
    "BAD_OPTION",
  );
}

/** The template with the text in the place of `{}`. */
export function fillTemplate(template: string, text: string): string {
  const at = template.indexOf("{}");
  return template.slice(0, at) + text + template.slice(at + 2);
}

/**
 * A sequence cut to the model's limit. The end tokens stay, because CLIP reads its embedding off them; transformers.js
 * (4.3) cuts them away.
 */
export function truncateTokens(ids: readonly number[], rules: TokenRules): readonly number[] {
  if (ids.length <= rules.maxTokens) return ids;
  const end = ids.slice(ids.length - rules.endTokens);
  return [...ids.slice(0, rules.maxTokens - end.length), ...end];
}

/**
 * Groups sequences by exactly equal length, shortest first, so that no text is padded for its companions' sake.
 *
 * @param sequences tokens of each text, at least one each, within the limit
 * @param batchSize most texts of a batch
 * @param rows every batch is filled up to so many rows by repeating its last text; at least `batchSize`
 */
export function batchTokens(
  sequences: readonly (readonly number[])[],
  rules: TokenRules,
  batchSize: number,
  rows: number,
): readonly TokenBatch[] {
  const groups = new Map<number, number[]>();
  sequences.forEach((sequence, text) => {
    const length = rules.padTo ?? sequence.length;
    const group = groups.get(length);
    if (group === undefined) groups.set(length, [text]);
    else group.push(text);
  });
  const batches: TokenBatch[] = [];
  for (const length of [...groups.keys()].sort((a, b) => a - b)) {
    const group = groups.get(length)!;
    for (let start = 0; start < group.length; start += batchSize) {
      const texts = Int32Array.from(group.slice(start, start + batchSize));
      batches.push(packTokens(sequences, texts, rows, length, rules));
    }
  }
  return batches;
}

function packTokens(
  sequences: readonly (readonly number[])[],
  texts: Int32Array,
  rows: number,
  cols: number,
  rules: TokenRules,
): TokenBatch {
  const ids = new BigInt64Array(rows * cols).fill(BigInt(rules.padId));
  const mask = new BigInt64Array(rows * cols);
  for (let r = 0; r < rows; r++) {
    const sequence = sequences[texts[Math.min(r, texts.length - 1)]!]!;
    for (let c = 0; c < sequence.length; c++) {
      ids[r * cols + c] = BigInt(sequence[c]!);
      mask[r * cols + c] = 1n;
    }
  }
  return { texts, rows, cols, ids, mask };
}
