/** What several arms of a benchmark begin with, such as a network that has learnt: made once in a process for those of one seed. */

/** Something that was made, and the seconds that it took. */
export interface Made<T> {
  value: T;
  madeS: number;
}

/** Keeps what was made last, for as long as the same is asked for; then disposes of it, if it can be disposed of. */
export class Shared<T> {
  #key: string | undefined;
  #made: Promise<Made<T>> | undefined;

  /**
   * What `make` makes, or made when it was last asked for with the same key.
   * @param key of all that it depends on; it is compared as JSON
   */
  of(key: unknown, make: () => Promise<T>): Promise<Made<T>> {
    const text = JSON.stringify(key);
    if (this.#made !== undefined && this.#key === text) return this.#made;
    this.#made?.then(({ value }) => (value as Partial<Disposable>)[Symbol.dispose]?.(), () => {});
    const started = performance.now();
    const made = make().then((value) => ({ value, madeS: (performance.now() - started) / 1000 }));
    this.#key = text;
    this.#made = made;
    // Told to who asked; who asks next tries again.
    made.catch(() => {
      if (this.#made === made) this.#made = undefined;
    });
    return made;
  }
}
