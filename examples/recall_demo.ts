/**
 * Pattern completion: twenty patterns are shown to a region of 400 neurons three times each. STDP binds the neurons of a
 * pattern to each other, and the region captures each as a memory trace. Later, half of a pattern's neurons are made to
 * fire, and the other half answers. The control shows the patterns with plasticity frozen. (Hopfield 1982 for the idea;
 * src/biology/memory.ts for the traces.)
 *
 *     deno run -A examples/recall_demo.ts [--seed N]
 */

import { Brain } from "../mod.ts";
import { RandomStream } from "../src/state/random.ts";
import { claim, flags } from "./claim.ts";

const { seed } = flags();
const PATTERNS = 20, SIZE = 24, NEURONS = 400;

/** Shows all patterns, then gives half of each as a cue; mean overlap and precision of what comes back. */
async function experiment(plastic: boolean): Promise<{ overlap: number; precision: number; traces: number }> {
  const brain = new Brain({ seed });
  brain.addRegion("memory", "memory", {
    neurons: NEURONS,
    pattern: "regularSpiking",
    inhibitoryPattern: "fastSpiking",
    memory: { capacity: 30, smallest: 10 },
  });
  brain.connect("memory", "memory", {
    density: 1,
    weight: 0.1,
    delay: { uniform: [1, 3] },
    plasticity: { weightMax: 3, aPlus: 0.05, aMinus: 0.005, tauPlusMs: 10, tauMinusMs: 20 },
  });
  brain.region("memory").addLateralInhibition({ weight: 0.01 });
  if (!plastic) brain.freezePlasticity("projection:memory->memory");

  // Patterns are drawn from the excitatory neurons, which come first.
  const random = new RandomStream(seed, "patterns"), excitatory = NEURONS * 0.8;
  const patterns = Array.from({ length: PATTERNS }, () => [...random.permutation(excitatory).subarray(0, SIZE)]);
  await brain.run(1000);
  for (let round = 0; round < 3; round++) {
    for (const pattern of patterns) {
      const values = new Float32Array(NEURONS);
      for (const neuron of pattern) values[neuron] = 1;
      brain.stimulate("memory", values, { maxRateHz: 100, durationMs: 100 });
      await brain.run(300);
    }
  }
  let overlap = 0, precision = 0;
  for (const pattern of patterns) {
    const answer = await brain.recall("memory", pattern.slice(0, SIZE / 2), { durationMs: 30 });
    overlap += answer.overlap / PATTERNS;
    precision += (answer.precision ?? 0) / PATTERNS;
    await brain.run(300);
  }
  return { overlap, precision, traces: brain.traces("memory").length };
}

const learnt = await experiment(true), frozen = await experiment(false);
claim("every pattern is captured as a trace: traces", learnt.traces === PATTERNS, learnt.traces);
claim("half a pattern recalls at least 90 % of the other half: %", learnt.overlap >= 0.9, 100 * learnt.overlap);
claim("and little else: share of the pattern in what is recalled", learnt.precision > 0.9, learnt.precision);
claim("without plasticity while storing, less than 30 %: %", frozen.overlap < 0.3, 100 * frozen.overlap);
