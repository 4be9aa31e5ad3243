/** Ctrl-C: the first asks a job to stop and save, the second quits at once. */

import { EXIT } from "./exit.ts";

/** Watches for interruption while a job runs. */
export class Interrupt {
  #asked = false;
  readonly #listener = () => {
    if (this.#asked) Deno.exit(EXIT.interrupted);
    this.#asked = true;
  };

  constructor() {
    Deno.addSignalListener("SIGINT", this.#listener);
    Deno.addSignalListener("SIGTERM", this.#listener);
  }

  /** Whether the user has asked to stop. */
  get asked(): boolean {
    return this.#asked;
  }

  [Symbol.dispose](): void {
    Deno.removeSignalListener("SIGINT", this.#listener);
    Deno.removeSignalListener("SIGTERM", this.#listener);
  }
}
