import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type Matrix, matrix } from "../../../src/core/math/matrix.ts";
import { candidateArrangements, fastestArrangement } from "../../../src/node/encoder/arrangement.ts";
import { readArrangement, writeArrangement } from "../../../src/node/encoder/arrangement-file.ts";
import type { Arrangement } from "../../../src/node/encoder/encoder-pool.ts";

const GIGABYTE = 2 ** 30;

describe("arrangements of the image tower", () => {
  it("are more towers only where there are processors and memory for them", () => {
    const layouts = (bytes: number, processors: number, memory: number) => [
      ...new Set(
        candidateArrangements(bytes, processors, memory).map(
          ({ sessions, threads }) => `${sessions} x ${threads}`,
        ),
      ),
    ];
    expect(layouts(350e6, 1, 24 * GIGABYTE)).toEqual(["1 x 1"]);
    expect(layouts(350e6, 2, 24 * GIGABYTE)).toEqual(["1 x 2", "2 x 1"]);
    expect(layouts(350e6, 2, 4 * GIGABYTE)).toEqual(["1 x 2"]);
    expect(layouts(350e6, 16, 64 * GIGABYTE)).toEqual(["1 x 16", "4 x 4"]);
    expect(layouts(1.2e9, 16, 24 * GIGABYTE)).toEqual(["1 x 16", "2 x 8"]);
  });

  it("the fastest is taken among those that change no bit and can be had", async () => {
    const host = (outcome: (arrangement: Arrangement) => { wait: number; value: number }) => {
      let current: Arrangement | undefined;
      return {
        arrange: async (arrangement: Arrangement) => {
          if (arrangement.sessions === 8) throw new Error("no memory");
          current = arrangement;
        },
        embedSample: async (arrangement: Arrangement): Promise<Matrix> => {
          expect(arrangement).toBe(current);
          const { wait, value } = outcome(arrangement);
          await setTimeout(wait);
          return matrix(Float32Array.of(value), 1, 1);
        },
      };
    };
    const candidates = [1, 2, 4, 8].map((sessions) => ({ sessions, threads: 1, batch: 8 }));
    // Four would be faster by far, but rounds in another way.
    const outcomes = new Map([
      [1, { wait: 300, value: 0.25 }],
      [2, { wait: 100, value: 0.25 }],
      [4, { wait: 1, value: 0.2500001 }],
    ]);
    const chosen = await fastestArrangement(
      candidates,
      host(({ sessions }) => outcomes.get(sessions)!),
    );
    expect(chosen.sessions).toBe(2);
  });

  it("are remembered by model, and a damaged or forged memory is measured again", async () => {
    const root = path.join(await mkdtemp(path.join(tmpdir(), "conceptmodel-")), "new");
    const arrangement = { sessions: 2, threads: 1, batch: 8 };
    expect(await readArrangement(root, "a")).toBeUndefined();
    await writeArrangement(root, "a", arrangement);
    await writeArrangement(root, "b", { ...arrangement, batch: 16 });
    expect(await readArrangement(root, "a")).toEqual(arrangement);
    expect((await readArrangement(root, "b"))?.batch).toBe(16);
    const file = path.join(root, "arrangements.json");
    for (const text of ["{", "[]", '{"a":{"sessions":1e9,"threads":1,"batch":8}}', '{"a":null}']) {
      await writeFile(file, text);
      expect(await readArrangement(root, "a")).toBeUndefined();
    }
    await writeArrangement(root, "a", arrangement);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ a: arrangement });
  });
});
