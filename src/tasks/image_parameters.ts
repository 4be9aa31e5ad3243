/** Numbers of the network that learns images (image_network.ts) and of its training (images.ts), by what they are for. */

import type { GrowthValues } from "../biology/growth.ts";
import type { MaturationValues } from "../biology/maturation.ts";
import type { MemoryValues } from "../biology/memory.ts";
import type { ClassGroups } from "./class_groups.ts";
import type { Fields } from "./fields.ts";

/** Numbers of the network and of the protocol. */
export interface ImageParameters {
  /** Neurons that compete; with fields, as many in each. */
  neurons: number;
  /** Patches of the image that groups of neurons see and compete for; null: all neurons see all of it. */
  fields: Fields | null;
  /** Time an image is shown, ms. */
  sampleMs: number;
  /** Spikes of all input lines together (of one field), a ms; every image has the same. */
  spikesPerMs: number;
  /** Spikes of one line, a ms, at most. */
  mostPerMs: number;
  /** Largest weight: current of a spike at its arrival, mV/ms. */
  weightMax: number;
  /** Decay of that current, ms. */
  tauCurrentMs: number;
  /** Mean initial weight is half of this, relative to the largest. */
  initialWeight: number;
  /** Share of its distance to the image by which a weight moves at a spike, at the beginning. */
  learningRate: number;
  /** Decay of presynaptic traces, ms. */
  tauTraceMs: number;
  /** Conductance by which a spike inhibits all other neurons, 1/ms: while learning, and while read. */
  inhibition: number;
  inhibitionRead: number;
  /** Spikes of all neurons together (of one field) that an image should make, and how many share them; null: all. */
  spikesPerImage: number;
  sharedBy: number | null;
  /** Change of a threshold by a spike too many, at the beginning, mV/ms. */
  homeostasis: number;
  /** Both rates at the end, relative to the beginning. */
  finalRate: number;
  /** How neurons mature (src/biology/maturation.ts), so that what they have learnt lasts; null: they do not. */
  maturation: Partial<MaturationValues> | null;
  /** How neurons are born and die, and room for how many; `neurons` are there from the beginning. Null: they do not. */
  growth: Partial<GrowthValues> & { maxNeurons: number } | null;
  /**
   * Whether a region between lines and features, a neuron a line, remembers which lines spiked together, and replays them
   * in sleep (src/biology/memory.ts). Null: there is none.
   */
  memory: Partial<MemoryValues> | null;
  /** A layer behind the features that is taught by reward (class_groups.ts); null: there is none. */
  classGroups: ClassGroups | null;
  /** Passes over the training images. */
  epochs: number;
  /** How labels are used afterwards, and of how many training images. */
  readOut: "votes" | "classLayer";
  labelled: number;
}

/** Images of the plan that the rates below were made for. */
const PLAN = 60_000;

/**
 * Parameters for a number of neurons and of images: the more neurons there are, the more rarely each wins, and the fewer
 * images, the less time there is: the faster it must learn.
 */
export function imageParameters(neurons: number, images = PLAN): ImageParameters {
  return {
    neurons,
    fields: null,
    sampleMs: 150,
    spikesPerMs: 16,
    mostPerMs: 0.25,
    weightMax: 0.5,
    tauCurrentMs: 5,
    initialWeight: 0.3,
    learningRate: Math.min(0.1, 0.03 * Math.max(1, (neurons / 400) ** 0.4) * (PLAN / images) ** 0.25),
    tauTraceMs: 40,
    inhibition: 5,
    inhibitionRead: 2,
    spikesPerImage: 4,
    sharedBy: null,
    homeostasis: 0.1 * neurons / 400 * PLAN / images,
    finalRate: 0.1,
    maturation: null,
    growth: null,
    memory: null,
    classGroups: null,
    epochs: 1,
    readOut: "votes",
    labelled: 10_000,
  };
}

/** The same for fields: `neurons` in each, patches of 10 × 10 pixels, and a class layer that learns from all labels. */
export function fieldParameters(neurons: number, images = PLAN): ImageParameters {
  return {
    ...imageParameters(neurons, images),
    fields: { size: 10, stride: 3, least: 3 },
    sampleMs: 100,
    spikesPerMs: 6,
    weightMax: 0.8,
    learningRate: 0.03 * (PLAN / images) ** 0.25,
    spikesPerImage: 3,
    homeostasis: 0.15 * PLAN / images,
    readOut: "classLayer",
    labelled: images,
  };
}

/**
 * The same for a life in which what is shown changes: neurons mature. A neuron that is used moves its weights to what it
 * first answers to, and its threshold up, and soon neither moves any more. A neuron that was never used keeps its
 * threshold of zero, so that it answers to what all others answer to weakly: it is recruited by what is new.
 */
export function lastingParameters(neurons: number): ImageParameters {
  return {
    ...imageParameters(neurons),
    learningRate: 0.5,
    homeostasis: 0.6,
    finalRate: 1,
    maturation: { spikes: 20, power: 2 },
  };
}

/** Parameters by what they are for. */
export const KINDS = { whole: imageParameters, local: fieldParameters, lasting: lastingParameters };
