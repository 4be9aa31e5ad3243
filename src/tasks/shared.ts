/** What several arms of a benchmark begin with, such as a network that has learnt, is made once for those of one seed. */

/** Keeps what was made last, for as long as the same is asked for. */
export class Shared<T> {
  #key: string | undefined;
  #made: Promise<T> | undefined;

  /**
   * What `make` makes, or made when it was last asked for with the same key.
   * @param key of all that it depends on; it is compared as JSON
   */
  of(key: unknown, make: () => Promise<T>): Promise<T> {
    const text = JSON.stringify(key);
    if (this.#made !== undefined && this.#key === text) return this.#made;
    this.#key = text;
    this.#made = make();
    this.#made.catch(() => this.#key = undefined); // told to who asked; the next one tries again
    return this.#made;
  }
}
