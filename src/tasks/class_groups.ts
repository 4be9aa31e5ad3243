/**
 * A layer of spiking neurons that names classes: a group a class, taught by reward alone. Each group has its own dopamine: 1 for
 * the right class, 0 for the others, minus the group's share of the spikes, given after each image; synapses that made a group
 * spike before it gain or lose by it (R-STDP, src/biology/reward.ts).
 */

import type { Brain } from "../brain/brain.ts";
import { InputError } from "../state/errors.ts";

/** Numbers of the layer. */
export interface ClassGroups {
  /** Groups, one a label from 0 on, and neurons in each. */
  classes: number;
  neurons: number;
  /** Noise of each neuron, mV/ms. */
  noise: number;
  /** Conductance by which a spike inhibits all others of the layer, 1/ms. */
  inhibition: number;
  /** Largest weight, mV/ms, and the mean initial one, relative to it. */
  weightMax: number;
  initialWeight: number;
  /** STDP that makes a synapse eligible, of weightMax. */
  aPlus: number;
  aMinus: number;
  softness: number;
  /** What dopamine multiplies eligibility by, and how long it lasts, ms. */
  learningRate: number;
  tauDopamineMs: number;
  /** Reward at the end of the training, relative to its beginning. */
  finalRate: number;
  /** Time after an image in which reward acts, ms. */
  rewardMs: number;
}

/** Defaults. */
export const CLASS_GROUPS: ClassGroups = {
  classes: 10,
  neurons: 10,
  noise: 0.5,
  inhibition: 0.5,
  weightMax: 32,
  initialWeight: 0.125,
  aPlus: 0.01,
  aMinus: 0.001,
  softness: 0,
  learningRate: 5000,
  tauDopamineMs: 10,
  finalRate: 0.1,
  rewardMs: 40,
};

/** Name of the region, and of the projection onto a group. */
export const CLASSES = "classes";
export const ontoClass = (c: number) => `class${c}`;

/** Adds the layer behind a region; it does not learn before it is taught. */
export function addClassGroups(brain: Brain, from: string, sources: number, p: ClassGroups): void {
  const region = brain.addRegion(CLASSES, "motor", {
    neurons: p.classes * p.neurons,
    pattern: "regularSpiking",
    inhibitory: 0,
    noise: p.noise,
  });
  const mean = p.initialWeight * p.weightMax;
  for (let c = 0; c < p.classes; c++) {
    const all = Array.from({ length: sources * p.neurons }, (_, k) => k);
    brain.connect(from, CLASSES, {
      name: ontoClass(c),
      pairs: {
        pre: all.map((k) => Math.floor(k / p.neurons)),
        post: all.map((k) => c * p.neurons + k % p.neurons),
      },
      weight: { uniform: [0.4 * mean, Math.min(p.weightMax, 1.6 * mean)] },
      receptor: "ampaCurrent",
      plasticity: {
        aPlus: p.aPlus,
        aMinus: p.aMinus,
        softness: p.softness,
        weightMax: p.weightMax,
        reward: { tauDopamineMs: p.tauDopamineMs, learningRate: p.learningRate },
      },
    });
  }
  region.addLateralInhibition({ weight: p.inhibition });
}

/** Lets the layer learn, or holds it still. */
export function teach(brain: Brain, { classes }: ClassGroups, learns: boolean): void {
  for (let c = 0; c < classes; c++) {
    if (learns) brain.enablePlasticity(ontoClass(c));
    else brain.freezePlasticity(`projection:${ontoClass(c)}`);
  }
}

/** Each group's error: what is right for it, minus its share of the spikes. */
export function errorsOf(groups: readonly number[], label: number): number[] {
  if (label >= groups.length) {
    throw new InputError(`an image has the label ${label}; there are groups for the labels 0 to ${groups.length - 1}`);
  }
  const all = groups.reduce((a, b) => a + b, 0);
  return groups.map((n, c) => (c === label ? 1 : 0) - (all > 0 ? n / all : 1 / groups.length));
}

/** Gives each group its dopamine, and time for it to act. */
export async function rewardGroups(brain: Brain, errors: readonly number[], rate: number, durationMs: number) {
  errors.forEach((error, c) => {
    if (error !== 0) brain.reward(rate * error, { target: `projection:${ontoClass(c)}` });
  });
  await brain.run(Math.round(durationMs / brain.dt));
}
