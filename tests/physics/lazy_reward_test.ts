/**
 * Reward-modulated STDP is computed lazily; here the same equations (Izhikevich 2007) are stepped eagerly, synapse by
 * synapse and step by step, on the spikes that were recorded, and the two must agree.
 */

import { assert, assertLess } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { ProjectionSpec } from "../../src/brain/spec.ts";
import type { SynapseTable } from "../../src/brain/projection.ts";
import { RandomStream } from "../../src/state/random.ts";
import { spikeTrains } from "./observe.ts";
import { PARAMETERS, plasticity } from "./rewarded.ts";

/** What happened in one step. */
interface Events {
  pre: number[];
  post: number[];
  reward: number;
}

/** R-STDP, eagerly: every trace, eligibility, weight and dopamine is stepped at every step, in double precision. */
class EagerSynapses {
  readonly weight: Float64Array;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #eligibility: Float64Array;
  readonly #history: number[][] = [];
  #dopamine: number;

  constructor(readonly p: typeof PARAMETERS, readonly dt: number, readonly synapses: SynapseTable) {
    this.weight = Float64Array.from(synapses.weight);
    [this.#x, this.#y, this.#eligibility] = [1, 2, 3].map(() => new Float64Array(synapses.weight.length));
    this.#dopamine = p.tonic;
  }

  /** One step: reward; arrivals depress, then mark; postsynaptic spikes potentiate, then mark; dopamine; decay. */
  step({ pre, post, reward }: Events): void {
    const { p, dt, synapses: { weight: { length }, pre: from, post: to, delay } } = this;
    const x = this.#x, y = this.#y, e = this.#eligibility, w = this.weight, history = this.#history;
    history.push(pre);
    this.#dopamine += reward;
    const spiked = new Set(post);
    for (let k = 0; k < length; k++) {
      const arrives = history[history.length - 1 - Math.round(delay[k] / dt)]?.includes(from[k]) ?? false;
      if (arrives) {
        e[k] -= p.aMinus * p.weightMax * (w[k] / p.weightMax) ** p.softness * y[k];
        x[k] = p.pairing === "nearest" ? 1 : x[k] + 1;
      }
      if (spiked.has(to[k])) {
        e[k] += p.aPlus * p.weightMax * (1 - w[k] / p.weightMax) ** p.softness * x[k];
        y[k] = p.pairing === "nearest" ? 1 : y[k] + 1;
      }
      // Within the step, eligibility and dopamine decay exponentially: their product is integrated exactly.
      const both = 1 / (1 / p.tauEligibilityMs + 1 / p.tauDopamineMs);
      const constant = (p.tonic - p.baseline) * p.tauEligibilityMs * (1 - Math.exp(-dt / p.tauEligibilityMs));
      const phasic = (this.#dopamine - p.tonic) * both * (1 - Math.exp(-dt / both));
      w[k] += p.learningRate * e[k] * (constant + phasic) / 1000;
      w[k] = Math.max(0, Math.min(p.weightMax, w[k]));
      x[k] *= Math.exp(-dt / p.tauPlusMs);
      y[k] *= Math.exp(-dt / p.tauMinusMs);
      e[k] *= Math.exp(-dt / p.tauEligibilityMs);
    }
    this.#dopamine = p.tonic + (this.#dopamine - p.tonic) * Math.exp(-dt / p.tauDopamineMs);
  }
}

/**
 * Runs a rewarded projection between 12 Poisson lines and 8 neurons, which also fire at random, and steps the eager
 * equations on the recorded spikes. At every checkpoint all weights must agree within `tolerance` of the largest change.
 */
function assertLazyEqualsEager(
  parameters: Partial<typeof PARAMETERS>,
  connect: Omit<ProjectionSpec, "from" | "to" | "plasticity">,
  { ms = 5000, dt = 1, everyMs = 500, tolerance = 1e-3, rewardHz = 3, size = 1 } = {},
): void {
  const p = { ...PARAMETERS, ...parameters };
  const brain = new Brain({ dt, seed: 21 }), pre = 12, post = 8;
  brain.addRegion("line", "input", { neurons: pre });
  brain.addRegion("target", "sensory", { neurons: post, inhibitory: 0 });
  const projection = brain.connect("line", "target", {
    weight: { uniform: [1.5, 2.5] },
    ...connect,
    plasticity: plasticity(p),
  });
  brain.stimulate("line", [1], { maxRateHz: 20 });
  brain.stimulate("target", [1], { maxRateHz: 10 });
  const table = projection.synapseTable(), random = new RandomStream(22, "rewards");
  const eager = new EagerSynapses(p, dt, table);
  const initial = projection.weights, every = Math.round(everyMs / dt), total = Math.round(ms / dt);
  let moved = 0;
  for (let from = 0; from < total; from += every) {
    const recording = brain.record({ spikes: true }), rewards = new Map<number, number>();
    for (let step = from; step < from + every; step++) {
      if (random.uniform() < rewardHz * dt / 1000) {
        const amount = size * (random.uniform() < 0.7 ? 1 : -0.5);
        rewards.set(step, amount);
        brain.reward(amount);
      }
      brain.step();
    }
    recording.stop();
    const events = Array.from({ length: every }, (_, k): Events => ({
      pre: [],
      post: [],
      reward: rewards.get(from + k) ?? 0,
    }));
    for (const [side, region, n] of [["pre", "line", pre], ["post", "target", post]] as const) {
      spikeTrains(recording, region, n).forEach((train, i) => {
        for (const t of train) events[Math.round(t / dt) - from][side].push(i);
      });
    }
    for (const event of events) eager.step(event);
    const { weights } = projection;
    moved = Math.max(moved, ...eager.weight.map((w, k) => Math.abs(w - initial[k])));
    eager.weight.forEach((w, k) => {
      const off = Math.abs(weights[k] - w),
        where = `synapse ${k} at ${(from + every) * dt} ms: ${weights[k]}, not ${w}`;
      assert(off <= 1e-4 * w, where);
      assert(off <= tolerance * moved, where);
    });
  }
  assertLess(0.02, moved); // there was something to agree on
}

const LAYOUTS = {
  "sparse synapses with mixed delays": { density: 0.5, delay: { uniform: [1, 20] as [number, number] } },
  "dense synapses": { density: 1, delay: 3 },
} as const;

for (const [name, connect] of Object.entries(LAYOUTS)) {
  Deno.test(`lazily computed reward equals the eager equations on ${name}`, () => {
    assertLazyEqualsEager({}, connect);
    assertLazyEqualsEager({ pairing: "nearest" }, connect);
    assertLazyEqualsEager({ softness: 1 }, connect);
    assertLazyEqualsEager({}, connect, { dt: 0.5, ms: 2000 });
  });

  Deno.test(`lazily computed reward equals the eager equations across many restarts of its clocks on ${name}`, () => {
    // The clock of the eligibilities restarts every 8 τe: here 40 times; those of the traces every 160 and 200 ms.
    assertLazyEqualsEager({ tauEligibilityMs: 50, learningRate: 20 }, connect, { ms: 16_000 });
    assertLazyEqualsEager({ tauEligibilityMs: 7.3, tauPlusMs: 5, tauMinusMs: 9, learningRate: 100 }, connect);
    assertLazyEqualsEager({}, connect, { ms: 20_000, everyMs: 2000 });
  });

  Deno.test(`lazily computed reward equals the eager equations when dopamine never leaves, on ${name}`, () => {
    assertLazyEqualsEager({ tonic: 0.3, baseline: 0.1 }, connect, { ms: 10_000 });
    assertLazyEqualsEager({ tauDopamineMs: 20_000, tonic: -0.2 }, connect, { ms: 10_000, size: 0.2 });
  });
}
