/** Brains and what is done to them, drawn at random: every seed another, always the same for one seed. */

import { PATTERNS, REGION_TYPES, type RegionTypeName, type SchemeName } from "../../src/biology/neuron.ts";
import { type Receptor, RECEPTORS } from "../../src/biology/neurotransmitter.ts";
import { SHORT_TERM_PRESETS } from "../../src/biology/short_term.ts";
import { type EncodingName, ENCODINGS } from "../../src/biology/stimulus.ts";
import { Brain } from "../../src/brain/brain.ts";
import { populationSizes, type ProjectionSpec, type ResolvedRegion } from "../../src/brain/spec.ts";

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

const names = <T extends object>(table: T) => Object.keys(table) as (keyof T & string)[];

function addRandomRegion(brain: Brain, dice: Dice, name: string, type: RegionTypeName): void {
  const source = type === "input";
  brain.addRegion(name, type, {
    neurons: dice.whole(3, 40),
    ...(type !== "input" && dice.chance(0.5) && { pattern: dice.pick(names(PATTERNS)) }),
    ...(type !== "input" && dice.chance(0.2) &&
      { pattern: { a: dice.between(0.01, 0.1), b: 0.2, c: -60, d: dice.between(0, 8) } }),
    ...(dice.chance(0.5) && { inhibitory: dice.pick([0, 0.25, 0.5]) }),
    ...(!source && dice.chance(0.7) && { noise: { excitatory: dice.between(0, 8), inhibitory: dice.between(0, 4) } }),
    ...(!source && dice.chance(0.4) && {
      connectivity: dice.chance(0.5)
        ? 0.2
        : { outDegree: 2, delay: { uniform: [1, dice.whole(1, 6)] }, receptor: "ampaCurrent" },
    }),
  });
}

/** The rule and layout of a projection between so many neurons. */
function randomRule(dice: Dice, inside: boolean, sources: number, targets: number): Partial<ProjectionSpec> {
  if (!inside && sources === targets && dice.chance(0.5)) return { oneToOne: true };
  switch (dice.whole(0, inside ? 4 : 5)) {
    case 0:
      return { density: dice.between(0, 0.6) };
    case 1:
      return { outDegree: dice.whole(0, Math.min(8, targets - 1)) };
    case 2:
      return { inDegree: dice.whole(0, Math.min(8, sources - 1)) };
    case 3: {
      const n = dice.whole(1, 40), list = (make: () => number) => Array.from({ length: n }, make);
      return {
        pairs: {
          pre: list(() => dice.whole(0, sources - 1)),
          post: list(() => dice.whole(0, targets - 1)),
          ...(dice.chance(0.5) && { weight: list(() => dice.between(0, 5)) }),
          ...(dice.chance(0.5) && { delay: list(() => dice.pick([1, 2, 3.5, 9])) }),
        },
      };
    }
    case 4:
      return { layout: "uniform" };
    default:
      return { density: 1, layout: dice.pick(["dense", "sparse"]) };
  }
}

function addRandomProjection(brain: Brain, dice: Dice, name: string, from: ResolvedRegion, to: ResolvedRegion): void {
  const sizes = populationSizes(from);
  const transmitter = sizes.inhibitory > 0 && (sizes.excitatory === 0 || dice.chance(0.3)) ? "gaba" : "glutamate";
  const source = dice.chance(0.3) ? "all" : transmitter === "gaba" ? "inhibitory" : "excitatory";
  const sources = source === "all" ? from.neurons : sizes[source];
  const rule = randomRule(dice, from === to, sources, to.neurons);
  const uniform = rule.layout === "uniform", oneDelay = uniform || rule.layout === "dense";
  // A conductance reverses where its transmitter pulls: above the threshold for glutamate, below it for GABA.
  const fitting = names(RECEPTORS).filter((name) => {
    const { reversalMv }: Receptor = RECEPTORS[name];
    return reversalMv === undefined || reversalMv > -50 === (transmitter === "glutamate");
  });
  const own = [{ tauMs: 3 }, { tauMs: 8, reversalMv: transmitter === "gaba" ? -75 : 10 }];
  const receptor = dice.chance(0.7) ? dice.pick(fitting) : dice.pick(own);
  const tau = () => dice.pick([1.5, 5, 20]);
  brain.connect(from.name, to.name, {
    name,
    transmitter,
    source,
    ...rule,
    receptor,
    ...(dice.chance(0.5) && {
      delay: oneDelay || dice.chance(0.4) ? dice.whole(2, 12) / 2 + 1 : { uniform: [1, dice.whole(2, 9)] },
    }),
    ...(dice.chance(0.3) && {
      shortTerm: dice.chance(0.6) ? dice.pick(names(SHORT_TERM_PRESETS)) : { use: 0.3, tauFacilitationMs: 40 },
    }),
    ...(!uniform && dice.chance(0.6) && {
      plasticity: {
        aPlus: dice.between(0, 0.2),
        aMinus: dice.between(-0.05, 0.2),
        tauPlusMs: tau(),
        tauMinusMs: tau(),
        pairing: dice.pick(["all", "nearest"] as const),
        softness: dice.pick([0, 1, 0.4]),
        ...(dice.chance(0.3) && { normalization: { mean: dice.between(0.1, 0.9), everyMs: dice.pick([1, 7, 30]) } }),
        ...(dice.chance(0.5) && {
          reward: {
            tauEligibilityMs: dice.pick([4, 30, 500]),
            tauDopamineMs: dice.pick([5, 100]),
            learningRate: dice.between(0, 50),
            tonic: dice.pick([0, 0.2]),
            baseline: dice.pick([0, 0.1]),
          },
        }),
      },
    }),
  });
}

/** A brain of two to four regions and up to seven projections. */
export function randomBrain(seed: number): Brain {
  const dice = new Dice(seed);
  const scheme: SchemeName = dice.chance(0.8) ? "riccati" : "izhikevich2003";
  const brain = new Brain({ seed: dice.whole(0, 1e6), dt: dice.pick([1, 1, 0.5, 0.25]), scheme });
  const count = dice.whole(2, 4);
  for (let k = 0; k < count; k++) {
    const types = names(REGION_TYPES).filter((type) => k === 0 || type !== "input");
    addRandomRegion(brain, dice, `r${k}`, dice.pick(types));
  }
  const { regions } = brain.spec, targets = regions.filter(({ type }) => type !== "input");
  for (let k = dice.whole(2, 6); k > 0; k--) {
    addRandomProjection(brain, dice, `p${k}`, dice.pick(regions), dice.pick(targets));
  }
  return brain;
}

/** Something done to a brain before it takes step `at`. */
export interface Action {
  at: number;
  what: string;
  act(brain: Brain): void;
}

/** Everything that can be done to a brain while it runs, at random steps below `steps`. */
export function randomActions(seed: number, brain: Brain, steps: number): Action[] {
  const dice = new Dice(seed + 1_000_000), { regions, projections } = brain.spec;
  const rewarded = projections.filter((p) => p.plasticity?.reward).map((p) => p.name);
  const plastic = projections.filter((p) => p.plasticity).map((p) => p.name);
  const actions: Action[] = [];
  const plan = (at: number, what: string, act: (brain: Brain) => void) => actions.push({ at, what, act });
  const encodings = names(ENCODINGS);
  regions.forEach((region, k) => {
    const encoding: EncodingName = encodings[(seed + k) % (region.type === "input" ? 3 : 4)];
    const values = Array.from({ length: dice.whole(1, Math.min(5, region.neurons)) }, () => dice.uniform());
    const rate = { train: dice.pick(["poisson", "regular"] as const), maxRateHz: dice.pick([20, 100, 400]) };
    const options = {
      encoding,
      ...(encoding === "temporal" ? { periodMs: 20, windowMs: 15 } : encoding === "current" ? {} : rate),
      ...(dice.chance(0.4) && { durationMs: dice.whole(5, 60) }),
    };
    plan(
      dice.whole(0, steps >> 2),
      `stimulate ${region.name} by ${encoding}`,
      (b) => b.stimulate(region.name, values, options),
    );
    if (dice.chance(0.3)) plan(dice.whole(steps >> 1, steps - 1), "clear", (b) => b.clearStimulus(region.name));
    const some = dice.whole(0, region.neurons - 1), current = dice.between(-5, 10);
    if (region.type !== "input") {
      plan(dice.whole(0, steps - 1), "current", (b) => b.injectCurrent(region.name, current));
    }
    plan(dice.whole(0, steps - 1), "spikes", (b) => b.injectSpikes(region.name, [0, some]));
  });
  for (const name of rewarded) {
    const amount = dice.between(0, 3);
    plan(dice.whole(0, steps - 1), `reward ${name}`, (b) => b.reward(amount, { target: `projection:${name}` }));
    if (dice.chance(0.5)) plan(dice.whole(0, steps - 1), "punish", (b) => b.punish(amount));
  }
  if (plastic.length > 0 && dice.chance(0.6)) {
    const name = dice.pick(plastic), at = dice.whole(0, steps - 1);
    plan(at, `freeze ${name}`, (b) => b.freezePlasticity(name));
    if (dice.chance(0.6)) plan(dice.whole(at, steps - 1), `unfreeze ${name}`, (b) => b.unfreezePlasticity(name));
  }
  if (dice.chance(0.3)) plan(dice.whole(0, steps - 1), "reset traces", (b) => b.resetTraces());
  if (dice.chance(0.2)) plan(dice.whole(0, steps - 1), "reset activity", (b) => b.resetActivity());
  return actions.sort((a, b) => a.at - b.at);
}

/** Runs a brain to a step; actions planned for a step happen before it, those of the last step not yet. */
export async function runTo(brain: Brain, step: number, actions: readonly Action[]): Promise<void> {
  for (const { at, act } of actions) {
    if (at < brain.stepCount || at >= step) continue;
    await brain.run(at - brain.stepCount);
    act(brain);
  }
  await brain.run(step - brain.stepCount);
}

/** Names of the arrays in which two brains differ, in any byte; with "step" where that differs. */
export function differences(a: Brain, b: Brain): string[] {
  const found = a.stepCount === b.stepCount ? [] : ["step"];
  const names = new Set([...a.arrays.entries(), ...b.arrays.entries()].map(({ name }) => name));
  for (const name of names) {
    const same = a.arrays.has(name) && b.arrays.has(name) &&
      equalBytes(a.arrays.entry(name).data, b.arrays.entry(name).data);
    if (!same) found.push(name);
  }
  return found;
}

function equalBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  const x = new Uint8Array(a.buffer, a.byteOffset, a.byteLength),
    y = new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
  return x.length === y.length && x.every((byte, k) => byte === y[k]);
}
