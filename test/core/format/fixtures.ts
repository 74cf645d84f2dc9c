import { readFileSync } from "node:fs";

/** The bytes of a file in `fixtures/`, which `make-fixtures.py` made. */
export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`./fixtures/${name}`, import.meta.url)));
}

/** The 4 x 3 values that the fixtures hold, as `make-fixtures.py` has them. */
export const fixtureValues: Float32Array = Float32Array.from({ length: 12 }, (_, i) => i / 8 - 0.5);
export const fixtureNames: readonly string[] = ["a.jpg", "b c.jpg", "d\u00e9j\u00e0.jpg", "\u732b.jpg"];
