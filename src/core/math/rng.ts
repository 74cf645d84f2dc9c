/**
 * Seeded random numbers: sfc32 (Chris Doty-Humphrey, PractRand), chosen because it needs only 32-bit
 * integer arithmetic, so every engine gives the same stream. Passed in wherever chance is needed;
 * nothing in this package calls `Math.random`.
 */
export class Rng {
  private readonly seed: number;
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param seed any integer; its low 32 bits count */
  constructor(seed: number) {
    this.seed = seed | 0;
    this.a = mix(this.seed ^ 0x9e3779b9);
    this.b = mix(this.a ^ 0x243f6a88);
    this.c = mix(this.b ^ 0xb7e15162);
    for (let i = 0; i < 12; i++) this.nextInt32();
  }

  /** The next signed 32-bit integer. */
  nextInt32(): number {
    const t = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return t;
  }

  /** A number in [0, 1) with 32 random bits. */
  uniform(): number {
    return (this.nextInt32() >>> 0) / 4294967296;
  }

  /** An integer in [0, bound), `bound` at most 2^32. */
  below(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** An independent generator that depends only on this one's seed and `stream`, not on how far this one has run. */
  fork(stream: number): Rng {
    return new Rng(mix(this.seed ^ mix(stream | 0)));
  }
}

/** Finaliser of MurmurHash3: spreads every input bit over the whole word. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
