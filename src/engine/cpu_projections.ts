/** What projections do in a step on the CPU: arrivals, postsynaptic spikes, release. */

import { MODULATOR_INDEX, type ModulatorName } from "../biology/modulators.ts";
import type { EventNow } from "../../kernels/stdp.ts";
import { type Arrivals, deliverUniform, deliverUniformGroups, sumArrivals } from "../../kernels/deliver.ts";
import { DOPAMINE, gainNow, receiveReward } from "../../kernels/reward.ts";
import { releaseResources } from "../../kernels/short_term.ts";
import { markTraces, type TraceClock } from "../../kernels/traces.ts";
import type { Work } from "./mechanism.ts";
import type { SynapseKernels } from "./synapse_kernels.ts";
import { boundariesOf, type PlasticityProgram, type Program, type ProjectionProgram } from "./program.ts";

/** Delivers one delay's arrivals: adds weights, lets plasticity act, marks traces. */
export function deliverWork(program: Program, projection: ProjectionProgram, kernels: SynapseKernels): Work {
  const { slots, spikes: { ring, start }, regions } = program;
  const boundaries = boundariesOf(program);
  const { delays, shortTerm, plasticity: p, begin, firstPopulation, endPopulation } = projection;
  const arrivals: Arrivals = { spikes: ring, first: 0, last: 0, base: begin };
  const { gains } = regions[projection.to], now = event();
  const add = adding(program, projection, kernels);
  return (step) => {
    for (let k = 0; k < delays.length; k++) {
      const emitted = step - delays[k];
      if (emitted < 0) continue;
      const slot = emitted % slots;
      const first = start[slot * boundaries + firstPopulation], last = start[slot * boundaries + endPopulation];
      if (first === last) continue;
      arrivals.first = first;
      arrivals.last = last;
      const release = shortTerm === null
        ? null
        : shortTerm.release.subarray(slot * shortTerm.sources, (slot + 1) * shortTerm.sources);
      if (p?.reward) kernels.settle(arrivals, k);
      add(arrivals, k, release);
      if (!p) continue;
      if (projection.enabled![0] === 1 && p.arrives) {
        prepare(now, p, p.form.arrival, p.postClock, p.preSlow?.clock ?? null, 0, step, gains.learning);
        kernels.arrive(arrivals, k, now);
      }
      const many = delays.length, { preClock: clock, preSlow } = p;
      markTraces(ring, first, last, begin, many, k, clock.grow[step % clock.period], p.nearest, p.preTrace);
      if (preSlow) {
        const amount = preSlow.clock.grow[step % preSlow.clock.period];
        markTraces(ring, first, last, begin, many, k, amount, p.nearest, preSlow.trace);
      }
    }
  };
}

/** How arrivals act on the target: by layout, or by raising a concentration. */
function adding(
  { regions, projections }: Program,
  { layout, weight, scale, out, self, sign, transmitter, to, begin, withinGroups }: ProjectionProgram,
  kernels: SynapseKernels,
): (arrivals: Arrivals, delay: number, release: Float32Array | null) => void {
  const { gains, groups, split, mechanisms } = regions[to];
  if (transmitter === "dopamine") {
    const learning = projections.flatMap((p) => p.to === to && p.plasticity?.reward ? [p.plasticity.reward] : []);
    return (arrivals, _, release) => {
      const amount = weight[0] * sumArrivals(arrivals, release);
      for (const { dopamine, critic } of learning) receiveReward(dopamine, amount, critic);
    };
  }
  if (sign === 0) {
    const level = mechanisms.get("modulators")!.data.level as Float64Array,
      at = MODULATOR_INDEX[transmitter as ModulatorName];
    return (arrivals, _, release) => {
      level[at] += weight[0] * sumArrivals(arrivals, release);
    };
  }
  const scaleNow = () => sign < 0 ? scale * gains.inhibition : scale;
  if (layout !== "uniform") return (arrivals, k, release) => kernels.deliver(arrivals, k, scaleNow(), release);
  if (withinGroups) {
    const sums = new Float64Array(groups), size = split - begin;
    return (arrivals, _, release) => deliverUniformGroups(arrivals, scaleNow() * weight[0], release, size, sums, out);
  }
  return (arrivals, _, release) => deliverUniform(arrivals, scaleNow() * weight[0], release, self, out);
}

function event(): EventNow {
  return { slope: 0, slow: 0, offset: 0, pull: 0, eligibilityGrow: 1, gain: 0 };
}

/** The numbers of this step for a kind of event. */
function prepare(
  now: EventNow,
  p: PlasticityProgram,
  form: { slope: number; slow: number; offset: number },
  clock: TraceClock,
  slowClock: TraceClock | null,
  pull: number,
  step: number,
  learning: number,
): void {
  const max = p.synapses.weightMax * learning, decayed = max * clock.decay[step % clock.period];
  now.slope = form.slope * decayed;
  now.slow = slowClock === null ? 0 : form.slow * decayed * slowClock.decay[step % slowClock.period];
  now.offset = form.offset * max;
  now.pull = pull * learning;
  if (p.reward) {
    now.eligibilityGrow = p.reward.dopamine[DOPAMINE.grow];
    now.gain = gainNow(p.reward.dopamine);
  }
}

/** Lets the incoming synapses of the target's spikes learn, and marks postsynaptic traces. */
export function potentiateWork(
  program: Program,
  projection: ProjectionProgram,
  p: PlasticityProgram,
  kernels: SynapseKernels,
): Work {
  const { spikes: { ring, start }, slots, regions } = program, boundaries = boundariesOf(program);
  const { begin, gains } = regions[projection.to], population = 2 * projection.to;
  const now = event(), { postClock, postSlow, form } = p;
  return (step) => {
    const slot = step % slots;
    const first = start[slot * boundaries + population], last = start[slot * boundaries + population + 2];
    if (first === last) return;
    if (projection.enabled![0] === 1) {
      prepare(now, p, form.spike, p.preClock, postSlow?.clock ?? null, form.spike.pull, step, gains.learning);
      kernels.spike(first, last, begin, now);
    }
    markTraces(ring, first, last, begin, 1, 0, postClock.grow[step % postClock.period], p.nearest, p.postTrace);
    if (postSlow) {
      const amount = postSlow.clock.grow[step % postSlow.clock.period];
      markTraces(ring, first, last, begin, 1, 0, amount, p.nearest, postSlow.trace);
    }
  };
}

/** Short-term plasticity of the spikes that leave. */
export function releaseWork(
  program: Program,
  projection: ProjectionProgram,
  { parameters, resources, release, sources }: NonNullable<ProjectionProgram["shortTerm"]>,
): Work {
  const { spikes: { ring, start }, slots, dt } = program, boundaries = boundariesOf(program);
  return (step) => {
    const slot = step % slots;
    const first = start[slot * boundaries + projection.firstPopulation];
    const last = start[slot * boundaries + projection.endPopulation];
    if (first === last) return;
    const row = release.subarray(slot * sources, (slot + 1) * sources);
    releaseResources(ring, first, last, projection.begin, step, dt, parameters, resources, row);
  };
}
