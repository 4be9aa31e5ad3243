/** Brains for tests of memory: one whose windows are filled by hand, and one with something to replay. */

import { assertEquals } from "@std/assert";
import { type MemoryValues } from "../../src/biology/memory.ts";
import { Brain } from "../../src/brain/brain.ts";

/** A region that does nothing by itself, whose windows are filled by hand. */
export class Stage {
  readonly brain: Brain;
  constructor(readonly neurons: number, memory: Partial<MemoryValues> = {}) {
    this.brain = new Brain({ seed: 1 });
    this.brain.addRegion("m", "memory", { neurons, pattern: "regularSpiking", memory: { windowMs: 50, ...memory } });
  }

  /** One window: who fires when (ms after its beginning). */
  window(events: readonly (readonly [neuron: number, ms: number])[]): void {
    for (let ms = 0; ms < 50; ms++) {
      const now = events.filter(([, at]) => at === ms).map(([k]) => k);
      if (now.length > 0) this.brain.injectSpikes("m", now);
      this.brain.step();
    }
  }

  /** Windows without events. */
  quiet(windows: number): this {
    for (let k = 0; k < windows; k++) this.window([]);
    return this;
  }

  get traces() {
    return this.brain.traces("m");
  }
}

/** An assembly that fires in its order, one neuron a ms. */
export const inOrder = (neurons: readonly number[], everyMs = 1) =>
  neurons.map((k, j) => [k, 2 + j * everyMs] as const);

/** A stage with a captured sequence, and lines that would disturb its sleep. */
export function sleeper(memory: Partial<MemoryValues> = {}): Brain {
  const brain = new Brain({ seed: 3 });
  brain.addRegion("line", "input", { neurons: 5 });
  brain.addRegion("m", "memory", {
    neurons: 40,
    pattern: "regularSpiking",
    inhibitoryPattern: "fastSpiking",
    memory: { windowMs: 50, replayEveryMs: 100, compression: 5, ...memory },
  });
  brain.connect("line", "m", { density: 1, weight: 40 });
  brain.connect("m", "m", { density: 0.3, weight: 0.1, plasticity: "stdp" });
  brain.connect("m", "m", { name: "other", density: 0.2, weight: 0.1, plasticity: { normalization: { everyMs: 20 } } });
  for (let k = 0; k < 600; k++) brain.step();
  for (let ms = 0; ms < 50; ms++) {
    const k = SEQUENCE.indexOf(SEQUENCE[(ms - 4) / 5] ?? -1);
    if (ms >= 4 && (ms - 4) % 5 === 0 && k >= 0) brain.injectSpikes("m", [SEQUENCE[k]]);
    brain.step();
  }
  for (let k = 0; k < 400; k++) brain.step();
  assertEquals(brain.traces("m").length, 1);
  return brain;
}

/** Its neurons, in their order. */
export const SEQUENCE = [12, 3, 31, 20, 7, 1, 25, 16];
