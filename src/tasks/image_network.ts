/** The network that learns images: lines, and neurons that compete for what these show; with parts that only some tasks need. */

import { Brain } from "../brain/brain.ts";
import { addClassGroups, teach } from "./class_groups.ts";
import type { ImageParameters } from "./image_parameters.ts";

/** Names of the regions; episodes are there where {@linkcode ImageParameters.memory} is. */
export const IMAGE = "image", EPISODES = "episodes", FEATURES = "features";

/** The projection by which features inhibit each other. */
export const LATERAL = `${FEATURES}-|${FEATURES}-lateral`;

/** Jump of the potential of an episode's neuron at a spike of its line, mV: it fires. */
const FIRES = 60;

/** Time constants that pass while acetylcholine falls from its beginning to its end: see {@linkcode buildNetwork}. */
const FALL = 2.85;

/**
 * A new brain. Acetylcholine, released once and decaying over the whole training, carries plasticity from its first rate
 * to its last (Hasselmo 2006: it is high while something new is learnt).
 */
export function buildNetwork(lines: number, fields: number, seed: number, p: ImageParameters, total: number): Brain {
  const brain = new Brain({ seed, scheme: "izhikevich2003" }), { weightMax, finalRate } = p;
  brain.addRegion(IMAGE, "input", { neurons: lines });
  const { maxNeurons, ...growth } = p.growth ?? {};
  const features = brain.addRegion(FEATURES, "association", {
    neurons: fields * p.neurons,
    ...p.growth && { maxNeurons, growth },
    groups: fields,
    inhibitory: 0,
    competition: true,
    excitability: {
      targetHz: 1000 * p.spikesPerImage / (p.sharedBy ?? p.neurons) / p.sampleMs,
      gain: p.homeostasis * finalRate,
      everyMs: p.sampleMs,
      highest: 1000,
      ...p.maturation && { lowest: 0 },
    },
    ...p.maturation && { maturation: { ...p.maturation, everyMs: p.sampleMs } },
    modulators: {
      acetylcholine: { learning: 1 / finalRate - 1, adaptation: 0, tauMs: Math.max(1, total * p.sampleMs / FALL) },
    },
  });
  if (p.memory) {
    // Neurons that follow each spike of their lines.
    brain.addRegion(EPISODES, "memory", { neurons: lines, inhibitory: 0, pattern: "fastSpiking", memory: p.memory });
    brain.connect(IMAGE, EPISODES, { oneToOne: true, weight: FIRES });
  }
  brain.connect(p.memory ? EPISODES : IMAGE, FEATURES, {
    ...fields === 1 ? { density: 1 } : { pairs: pairsOf(fields, lines / fields, p.neurons) },
    weight: { uniform: [0, p.initialWeight * weightMax] },
    receptor: { name: "epsc", tauMs: p.tauCurrentMs },
    plasticity: {
      rule: "instar",
      aPlus: p.learningRate * finalRate,
      tauPlusMs: p.tauTraceMs,
      pairing: "nearest",
      weightMax,
    },
  });
  features.addLateralInhibition({ weight: p.inhibition, withinGroups: fields > 1 });
  if (p.classGroups) {
    addClassGroups(brain, FEATURES, fields * p.neurons, p.classGroups);
    teach(brain, p.classGroups, false);
  }
  brain.release(FEATURES, "acetylcholine", 1);
  return brain;
}

/** All lines of a field with all neurons of its group. */
function pairsOf(fields: number, lines: number, neurons: number): { pre: number[]; post: number[] } {
  const pre: number[] = [], post: number[] = [];
  for (let line = 0; line < fields * lines; line++) {
    const group = Math.floor(line / lines);
    for (let j = 0; j < neurons; j++) {
      pre.push(line);
      post.push(group * neurons + j);
    }
  }
  return { pre, post };
}
