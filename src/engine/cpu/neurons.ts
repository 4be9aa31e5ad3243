/**
 * The kernels that pass over all neurons, bound to a program: as plain loops, or as SIMD on the same memory (regular trains:
 * trains.ts). The plain ones are the clear twins that the tests hold the fast ones against; they also run where a brain is
 * too large for one WebAssembly memory.
 */

import { REST_MV } from "../../biology/neuron.ts";
import { advanceCompartments, eliminationOf, foldCompartments } from "../../../kernels/compartments.ts";
import { noteDrive } from "../../../kernels/competition.ts";
import { sumCurrents } from "../../../kernels/field.ts";
import { emitSources, integratePublished, integrateRiccati, STIFF, UPSTROKE_MV } from "../../../kernels/integrate.ts";
import { addUniformCurrent } from "../../../kernels/oscillation.ts";
import { blockedReceptors, conductanceReceptors, currentReceptors } from "../../../kernels/receptors.ts";
import { replayTrace } from "../../../kernels/replay.ts";
import {
  addCurrents,
  gaussianNoise,
  latencyTrain,
  poissonNoise,
  poissonTrain,
  rareEvents,
  regularTrain,
} from "../../../kernels/stimulus.ts";
import { decayThreshold, opposeInput, raiseThreshold } from "../../../kernels/threshold.ts";
import { moveOrigin } from "../../../kernels/traces.ts";
import type { AnyArray } from "../../state/arrays.ts";
import type { NeuronKernels } from "../kernels.ts";
import { type Program, spikesOf } from "../program.ts";
import { neuronList, onMemory, type SimdExports } from "./simd.ts";
import { TrainWheel } from "./trains.ts";

/** Passes over neurons, and the pieces of the integration. */
export interface CpuNeurons extends NeuronKernels {
  /** Advances membranes; spikes are appended to the ring, which has `count`; returns the new count. */
  integrate(from: number, to: number, count: number): number;
  /** Learns that the host has written an array; what was worked out from it is worked out anew. */
  written?(array: AnyArray): void;
  /** Lists the input lines that spike; returns the new count. */
  emitSources(from: number, to: number, count: number): number;
}

/** Plain loops. */
export function plainNeurons(program: Program): CpuNeurons {
  const { dt, scheme, membranes: m, current, alive, spikes: { ring } } = program, { input, v } = m;
  const integrate = scheme === "riccati" ? integrateRiccati : integratePublished;
  return {
    addCurrents: () => addCurrents(0, current, input),
    addStimulus: (from, current) => addCurrents(from, current, input),
    addUniformCurrent: (from, to, current) => addUniformCurrent(from, to, current, input),
    gaussianNoise(ranges, table, key) {
      for (let k = 0; k < ranges.length; k++) gaussianNoise(ranges[k][0], ranges[k][1], table, key, input);
    },
    poissonNoise(ranges, thresholds, amounts, key) {
      for (let k = 0; k < ranges.length; k++) poissonNoise(ranges[k][0], ranges[k][1], thresholds, amounts, key, input);
    },
    rareEvents: ({ begin, end, living }, block, thresholds, amount, key) =>
      rareEvents(begin, end, living, block, thresholds, amount, key, input),
    poissonTrain: (from, value, key) => poissonTrain(from, value, key, v),
    regularTrain: (from, value, phase, age) => regularTrain(from, value, phase, age, v),
    latencyTrain: (from, value, age, period) => latencyTrain(from, value, age, period, v),
    replayTrace: (from, membership, latency, trace, size, begin, end, shuffle, current) =>
      replayTrace(from, membership, latency, trace, size, begin, end, shuffle, alive, current, input),
    receptors({ g, mean, decay, reversalMv, magnesiumMm, at: { from, v, input, conductance } }) {
      if (reversalMv === undefined) currentReceptors(from, g, mean, decay, input);
      else if (magnesiumMm === undefined) conductanceReceptors(from, g, reversalMv, mean, decay, input, conductance);
      else blockedReceptors(from, g, reversalMv, magnesiumMm, mean, decay, v, input, conductance);
    },
    dendrites({ begin, end }, cable, data) {
      const n = end - begin, scratch = eliminationOf(n, cable.parent.length - 1);
      return {
        fold: () => foldCompartments(begin, n, dt, cable, data, scratch, m),
        advance: () => advanceCompartments(begin, n, cable, data, scratch, m),
      };
    },
    sumCurrents({ living }, lfp) {
      let sum = 0, neurons = 0;
      for (const ranges of living) {
        for (const [from, to] of ranges) {
          sum += sumCurrents(from, to, m);
          neurons += to - from;
        }
      }
      lfp[0] = neurons > 0 ? sum / neurons : 0;
    },
    opposeInput: (from, opposing) => opposeInput(from, opposing, input),
    noteDrive: (from, drive) => noteDrive(from, REST_MV, m, drive),
    decay: decayThreshold,
    clear: (values) => void values.fill(0),
    moveOrigin,
    raiseThreshold(region, step, increment, theta) {
      const [first, last] = spikesOf(program, region, step);
      raiseThreshold(ring, first, last, region.begin, increment, theta);
    },
    resetGains({ gains }) {
      gains.learning = gains.inhibition = gains.patience = 1;
    },
    gateLearning: ({ gains }, factor) => void (gains.learning *= factor),
    modulate({ gains }, { acetylcholine, serotonin }, level) {
      if (acetylcholine) gains.learning *= 1 + acetylcholine.learning * level[0];
      if (!serotonin) return;
      gains.inhibition *= 1 + serotonin.inhibition * level[1];
      gains.patience *= 1 + serotonin.patience * level[1];
    },
    relieveAdaptation(region, step, strength, level) {
      if (level[0] <= 0) return;
      const less = 1 - 1 / (1 + strength * level[0]), [first, last] = spikesOf(program, region, step);
      for (let k = first; k < last; k++) m.u[ring[k]] -= less * m.d[ring[k]];
    },
    decayLevels(level, factors) {
      for (let k = 0; k < level.length; k++) level[k] *= factors[k];
    },
    integrate: (from, to, count) => integrate(from, to, dt, m, ring, count),
    emitSources: (from, to, count) => emitSources(from, to, REST_MV, v, ring, count),
  };
}

/** SIMD; null when the program's arrays share no WebAssembly memory. */
export function simdNeurons(program: Program, simd: SimdExports): CpuNeurons | null {
  const { arrays: { memory, scratch }, dt, scheme, neurons, membranes: m, current, spikes: { ring } } = program;
  if (!memory || !onMemory(ring, memory)) return null;
  const input = m.input.byteOffset, conductance = m.conductance.byteOffset, recovery = m.recovery.byteOffset;
  const [v, u, a, b, c, d] = [m.v, m.u, m.a, m.b, m.c, m.d].map((array) => array.byteOffset);
  const near = neuronList(memory, scratch, program), spikes = ring.byteOffset;
  const plain = plainNeurons(program), wheels = new Map<Float32Array, TrainWheel>();
  const published: CpuNeurons["integrate"] = (from, to, count) =>
    simd.integratePublished(from, to, dt, v, u, a, b, c, d, input, conductance, spikes, count);
  const smooth: CpuNeurons["integrate"] = (from, to, count) => {
    const list = near.byteOffset;
    const many = simd.integrateSmooth(from, to, dt, UPSTROKE_MV, STIFF, v, u, b, recovery, input, conductance, list);
    // The plain kernel takes the step of neurons near the peak.
    for (let k = 0; k < many; k++) count = integrateRiccati(near[k], near[k] + 1, dt, m, ring, count);
    return count;
  };
  return {
    ...plain,
    addCurrents: () => simd.addCurrents(neurons, current.byteOffset, input),
    gaussianNoise(ranges, { byteOffset }, key) {
      for (let k = 0; k < ranges.length; k++) {
        simd.gaussianNoise(ranges[k][0], ranges[k][1], byteOffset, key, input, near.byteOffset);
      }
    },
    poissonNoise(ranges, { byteOffset, length }, amounts, key) {
      for (let k = 0; k < ranges.length; k++) {
        simd.poissonNoise(ranges[k][0], ranges[k][1], byteOffset, length, amounts[1], key, input);
      }
    },
    poissonTrain: (from, value, key) => simd.poissonTrain(from, value.length, value.byteOffset, key, v),
    regularTrain(from, value, phase, age) {
      let wheel = wheels.get(value);
      if (wheel?.phase !== phase) wheels.set(value, wheel = new TrainWheel(value, phase));
      wheel.lift(from, age, m.v);
    },
    written(array) {
      for (const wheel of wheels.values()) if (array === wheel.value || array === wheel.phase) wheel.forget();
    },
    receptors(receptor) {
      const { g, mean, decay, reversalMv, magnesiumMm, at: { from, input, conductance } } = receptor;
      if (magnesiumMm !== undefined) return plain.receptors(receptor);
      const [n, state, current] = [g.length, g.byteOffset, input.byteOffset];
      if (reversalMv === undefined) simd.currentReceptors(from, n, state, mean, decay, current);
      else simd.conductanceReceptors(from, n, state, reversalMv, mean, decay, current, conductance.byteOffset);
    },
    opposeInput: (from, opposing) => simd.opposeInput(from, opposing.length, opposing.byteOffset, input),
    noteDrive: (from, drive) => simd.noteDrive(from, drive.length, REST_MV, input, conductance, drive.byteOffset),
    integrate: scheme === "izhikevich2003" ? published : smooth,
    emitSources: (from, to, count) => simd.emitSources(from, to, REST_MV, v, spikes, count),
  };
}
