/** Draws for tests. */

/** Draws for tests: a generator of their own (xorshift), so that they do not lean on the simulator's. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) | 1;
    for (let k = 0; k < 8; k++) this.uniform();
  }

  /** A number in [0, 1). */
  uniform(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) / 4294967296;
  }

  /** A number between two others. */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number between two others, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  /** True with a probability. */
  chance(p: number): boolean {
    return this.uniform() < p;
  }

  /** One of several. */
  pick<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)];
  }
}

/** The keys of a table, to pick from. */
export const names = <T extends object>(table: T) => Object.keys(table) as (keyof T & string)[];
