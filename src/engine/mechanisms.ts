/**
 * The mechanisms of regions, one row each: the option's biology, its kernels in the stages of a step, its slow process.
 * A new mechanism is a file of biology, a kernel or a slow process, and a row here; the description, arrays, saving,
 * loading, freezing, `inspect` and costs follow.
 */

import type { Biology, LocalArrays } from "../biology/mechanism.ts";
import { background, backgroundDraw, backgroundThresholds, poissonAmounts } from "../biology/background.ts";
import { competition } from "../biology/competition.ts";
import { excitability } from "../biology/excitability.ts";
import { field } from "../biology/field.ts";
import { maturation } from "../biology/maturation.ts";
import { memory, REPLAY } from "../biology/memory.ts";
import { modulators } from "../biology/modulators.ts";
import { cableOf, morphology } from "../biology/morphology.ts";
import { BANDS, follow, initialPhases, oscillation } from "../biology/oscillation.ts";
import { growth } from "../biology/growth.ts";
import { scaling } from "../biology/scaling.ts";
import { threshold } from "../biology/threshold.ts";
import { bits32, stepKey, streamKey, toUniform } from "../state/random.ts";
import type { Selection } from "./kernels.ts";
import type { RegionMechanism } from "./mechanism.ts";
import { isAsleep, type RegionProgram, type Site } from "./program.ts";
import { adaptExcitability } from "./slow/excitability.ts";
import { growNeurons } from "./slow/growth.ts";
import { matureNeurons } from "./slow/maturation.ts";
import { captureTraces } from "./slow/memory.ts";
import { scaleSynapses } from "./slow/scaling.ts";

function row<V, A extends LocalArrays>(
  biology: Biology<V, A>,
  rest: Omit<RegionMechanism<V, A>, "biology">,
): RegionMechanism<V, A> {
  return { biology, ...rest };
}

/** All mechanisms, in the order in which they act within a stage. */
export const MECHANISMS = {
  /** LFP proxy. */
  field: row(field, {
    meaning: "a proxy of the local field potential",
    together: true,
    work: ({ region, data: { lfp } }, kernels) => ({ oppose: () => kernels.sumCurrents(region, lfp) }),
    summary: ({ data: { lfp } }) => ({ lfp: lfp[0] }),
  }),
  /** Adaptive threshold. */
  threshold: row(threshold, {
    meaning: "each spike raises the threshold, which decays",
    freezes: "plasticity",
    work({ program, region, values: { increment, tauMs }, data: { theta }, enabled }, kernels) {
      const decay = Math.exp(-program.dt / tauMs);
      return {
        oppose: () => {
          kernels.opposeInput(region.begin, theta);
          if (enabled[0] === 1) kernels.decay(decay, theta);
        },
        adapt: (step) => {
          if (enabled[0] === 1) kernels.raiseThreshold(region, step, increment, theta);
        },
      };
    },
    renew: ({ data: { theta } }, k) => void (theta[k] = 0),
    summary: ({ region, data: { theta } }) => ({ meanThreshold: meanOfLiving(region, theta) }),
  }),
  /** Intrinsic excitability with a set point. */
  excitability: row(excitability, {
    meaning: "each neuron moves its threshold until it fires at a target rate",
    freezes: "plasticity",
    work: ({ region, data: { bias } }, kernels) => ({ oppose: () => kernels.opposeInput(region.begin, bias) }),
    slow: adaptExcitability,
    renew({ program, region, data: { bias, counted } }, k) {
      bias[k] = 0;
      counted[k] = program.activity.count[region.begin + k];
    },
    summary: ({ region, data: { bias } }) => ({ meanThreshold: meanOfLiving(region, bias) }),
  }),
  /** Maturation. */
  maturation: row(maturation, {
    meaning: "neurons that are used lose plasticity; the others stay plastic, and excitable",
    freezes: "plasticity",
    work: ({ region, values: { youthCurrent }, data: { youth } }, kernels) =>
      youthCurrent === 0 ? {} : { oppose: () => kernels.opposeInput(region.begin, youth) },
    slow: matureNeurons,
    renew({ program, region, values: { youthCurrent }, data: { plastic, youth, learnt, counted } }, k) {
      counted[k] = program.activity.count[region.begin + k];
      plastic[k] = 1;
      youth[k] = -youthCurrent;
      learnt[k] = 0;
    },
    summary: ({ region, data: { plastic } }) => ({ meanPlasticity: meanOfLiving(region, plastic) }),
  }),
  /** Poisson shot noise. */
  background: row(background, {
    meaning: "a Poisson train of its own into each neuron, from neurons that are not simulated",
    work({ program: { dt, seed }, region, values, data: { thresholds } }, kernels) {
      const { living, name } = region, key = streamKey(seed, `background:${name}`);
      const draw = backgroundDraw(values, dt), { block } = draw;
      thresholds.set(backgroundThresholds(draw));
      const amounts = poissonAmounts(values.weight / dt, thresholds.length);
      if (block > 1) {
        return { stimulus: (step) => kernels.rareEvents(region, block, thresholds, amounts[1], stepKey(key, step)) };
      }
      return {
        stimulus: (step) => {
          const now = stepKey(key, step);
          for (const ranges of living) kernels.poissonNoise(ranges, thresholds, amounts, now);
        },
      };
    },
  }),
  /** Rhythmic drive. */
  oscillation: row(oscillation, {
    meaning: "sine currents in the classical bands, with theta-gamma coupling",
    modulates: true,
    work({ program: { dt, seed }, region, values: p }, kernels) {
      const start = initialPhases({ seed, name: region.name }), theta = BANDS.indexOf("theta");
      const cosine = (band: number, step: number) =>
        Math.cos(2 * Math.PI * (p[`${BANDS[band]}Hz`] * step * dt / 1000 + start[band]));
      const drives = BANDS.map((_, k) => k).filter((k) => p[BANDS[k]] !== 0);
      return {
        ...p.gating > 0 && {
          modulate: (step: number) => kernels.gateLearning(region, follow(p.gating, cosine(theta, step))),
        },
        ...drives.length > 0 && {
          stimulus: (step: number) => {
            let current = 0;
            for (const k of drives) {
              const depth = BANDS[k] === "gamma" ? follow(p.coupling, cosine(theta, step)) : 1;
              current += p[BANDS[k]] * depth * cosine(k, step);
            }
            kernels.addUniformCurrent(region.begin, region.end, current);
          },
        },
      };
    },
  }),
  /** Neuromodulators. */
  modulators: row(modulators, {
    meaning: "concentrations of acetylcholine and serotonin, and what they change",
    modulates: true,
    work({ program: { dt }, region, values, data: { level } }, kernels) {
      const { acetylcholine, serotonin } = values, adaptation = acetylcholine?.adaptation ?? 0;
      const decays = [acetylcholine, serotonin].map((m) => m ? Math.exp(-dt / m.tauMs) : 1);
      return {
        modulate: () => kernels.modulate(region, values, level),
        adapt: (step) => {
          if (adaptation > 0) kernels.relieveAdaptation(region, step, adaptation, level);
          kernels.decayLevels(level, decays);
        },
      };
    },
    summary: ({ values, data: { level } }) => ({
      ...values.acetylcholine && { acetylcholine: level[0] },
      ...values.serotonin && { serotonin: level[1] },
    }),
  }),
  /** Dendrites. */
  morphology: row(morphology, {
    meaning: "neurons with dendrites: compartments with potentials, or their attenuation and delay",
    together: true,
    work({ region, values, data }, kernels) {
      if (data.v.length === 0) return {};
      const { fold, advance } = kernels.dendrites(region, cableOf(values), data);
      return { compartments: fold, spread: advance };
    },
    renew({ region: { begin, end }, values: { leakMv }, data: { v, input, conductance } }, k) {
      for (let at = k; at < v.length; at += end - begin) {
        v[at] = leakMv;
        input[at] = conductance[at] = 0;
      }
    },
    reset: ({ values: { leakMv }, data: { v } }) => void v.fill(leakMv),
    summary: ({ values: { mode, compartments } }) => ({ mode, compartments: compartments.length }),
  }),
  /** Competition. */
  competition: row(competition, {
    meaning: "of the neurons that reach the peak in one step only the most driven fire",
    together: true,
    work: ({ region, data: { drive } }, kernels) => ({
      oppose: () => kernels.noteDrive(region.begin, drive),
      adapt: () => kernels.clear(drive),
    }),
    select: ({ program: { seed }, region: { name }, values: { winners }, data: { drive } }) => ({
      winners,
      drive,
      key: streamKey(seed, `competition:${name}`),
    }),
  }),
  /** Synaptic scaling. */
  scaling: row(scaling, {
    meaning: "all excitatory weights onto a neuron follow its distance from a target rate",
    freezes: "plasticity",
    slow: scaleSynapses,
    renew: ({ values: { targetHz }, data: { rate } }, k) => void (rate[k] = targetHz),
    summary: ({ region, data: { rate } }) => ({ meanRateHz: meanOfLiving(region, rate) }),
  }),
  /** Memory traces and their replay. */
  memory: row(memory, {
    meaning: "captures assemblies in events, and replays them in sleep",
    freezes: "plasticity",
    work({ program, region, values: p, data: { membership, latency, strength, replay, counted } }, kernels) {
      const { dt, seed } = program, size = counted.length;
      const key = streamKey(seed, `replay:${region.name}`), every = Math.max(1, Math.round(p.replayEveryMs / dt));
      return {
        stimulus: (step) => {
          if (replay[REPLAY.on] === 0 || !isAsleep(program, step)) return;
          if ((step - program.sleep[0]) % every === 0) {
            replay[REPLAY.trace] = drawTrace(strength, toUniform(bits32(stepKey(key, step), 0)));
            replay[REPLAY.since] = step;
            if (replay[REPLAY.trace] >= 0) replay[REPLAY.count]++;
          }
          const trace = replay[REPLAY.trace], since = replay[REPLAY.since];
          if (trace < 0) return;
          const begin = (step - since) * dt * p.compression,
            shuffle = replay[REPLAY.shuffle] ? stepKey(key, since) : null;
          if (begin > p.windowMs) replay[REPLAY.trace] = -1;
          kernels.replayTrace(
            region.begin,
            membership,
            latency,
            trace * size,
            size,
            begin,
            begin + dt * p.compression,
            shuffle,
            p.pulse / dt,
          );
        },
      };
    },
    slow: captureTraces,
    renew({ data: { membership, latency, counted } }, k) {
      for (let at = k; at < membership.length; at += counted.length) membership[at] = latency[at] = 0;
    },
    summary: ({ data: { strength, replay } }) => ({
      traces: strength.filter((s) => s > 0).length,
      replays: replay[REPLAY.count],
    }),
  }),
  /** Birth and death of neurons. */
  growth: row(growth, {
    meaning: "neurons are born into active regions and die when they are not used",
    freezes: "structure",
    work: ({ region, data: { youth } }, kernels) => ({ oppose: () => kernels.opposeInput(region.begin, youth) }),
    slow: growNeurons,
    summary: ({ data: { counters } }) => ({ births: counters[0], deaths: counters[1] }),
  }),
} as const;

/** Name of a mechanism: its option in a region's description. */
export type MechanismName = keyof typeof MECHANISMS;

/** All names. */
export const MECHANISM_NAMES = Object.keys(MECHANISMS) as MechanismName[];

/** The mechanisms of a region's program, with their rows of the table. */
export function sitesOf(
  { mechanisms }: { mechanisms: Map<string, Site> },
): { name: MechanismName; row: RegionMechanism; site: Site }[] {
  return [...mechanisms].map(([name, site]) => ({
    name: name as MechanismName,
    row: MECHANISMS[name as MechanismName] as RegionMechanism,
    site,
  }));
}

/** How a region's spikes are thinned out. */
export function selectionOf(region: RegionProgram): Selection | undefined {
  return sitesOf(region).map(({ row, site }) => row.select?.(site)).find((selection) => selection !== undefined);
}

/** A trace, with probability proportional to its strength; −1 when there is none. */
function drawTrace(strength: Float32Array, uniform: number): number {
  let left = uniform * strength.reduce((a, b) => a + b, 0);
  for (let t = 0; t < strength.length; t++) {
    left -= strength[t];
    if (strength[t] > 0 && left < 0) return t;
  }
  return -1;
}

function meanOfLiving({ begin, living }: RegionProgram, values: Float32Array): number {
  let sum = 0, n = 0;
  for (const [from, to] of living.flat()) {
    for (let i = from; i < to; i++) sum += values[i - begin];
    n += to - from;
  }
  return n > 0 ? sum / n : 0;
}
