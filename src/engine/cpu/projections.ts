/** What projections do in a step on the CPU: arrivals, postsynaptic spikes, release. */

import { MODULATOR_INDEX, type ModulatorName } from "../../biology/modulators.ts";
import type { EventNow } from "../../../kernels/stdp.ts";
import { type Arrivals, deliverUniform, deliverUniformGroups, sumArrivals } from "../../../kernels/deliver.ts";
import {
  advanceDopamine,
  DOPAMINE,
  dopamineConstants,
  gainNow,
  moveOriginOfReward,
  receiveReward,
} from "../../../kernels/reward.ts";
import { releaseResources } from "../../../kernels/short_term.ts";
import type { TraceClock } from "../../../kernels/traces.ts";
import type { ProjectionKernels, Work } from "../kernels.ts";
import type { SynapseKernels } from "./synapses.ts";
import { boundariesOf, type PlasticityProgram, type Program, type ProjectionProgram } from "../program.ts";

/** All that happens in a projection. */
export function projectionKernels(
  program: Program,
  projection: ProjectionProgram,
  synapses: () => SynapseKernels,
): ProjectionKernels {
  const { plasticity: p, shortTerm, layout } = projection;
  if (layout === "uniform") {
    return {
      arrive: arriveAlikeWork(program, projection),
      ...shortTerm && { release: releaseWork(program, projection, shortTerm) },
    };
  }
  const kernels = synapses();
  return {
    arrive: arriveWork(program, projection, kernels),
    ...p && { spike: potentiateWork(program, projection, p, kernels) },
    ...shortTerm && { release: releaseWork(program, projection, shortTerm) },
    ...p?.reward && { dopamine: dopamineWork(program, projection, p, p.reward) },
  };
}

/** Dopamine of a projection that learns from it. */
function dopamineWork(
  { regions, dt }: Program,
  { enabled, to }: ProjectionProgram,
  { synapses: { rewarded } }: PlasticityProgram,
  { dopamine, parameters }: NonNullable<PlasticityProgram["reward"]>,
): Work {
  const { gains } = regions[to];
  let patience = 1, constants = dopamineConstants(parameters, dt);
  return () => {
    if (gains.patience !== patience) {
      patience = gains.patience;
      const tauEligibilityMs = parameters.tauEligibilityMs * patience;
      constants = dopamineConstants({ ...parameters, tauEligibilityMs }, dt);
    }
    advanceDopamine(dopamine, constants, enabled![0] === 1, rewarded!);
    moveOriginOfReward(dopamine, rewarded!);
  };
}

/** Arrivals of a projection that stores its synapses. */
function arriveWork(program: Program, projection: ProjectionProgram, kernels: SynapseKernels): Work {
  const { plasticity: p, enabled } = projection, now = event(), { gains } = program.regions[projection.to];
  const scale = scaleNow(program, projection);
  return (step) => {
    const learns = p !== null && p.arrives && enabled![0] === 1;
    if (p) {
      prepare(now, p, p.form.arrival, p.postClock, p.preSlow?.clock ?? null, 0, step, gains.learning);
      note(now, p.preClock, p.preSlow?.clock ?? null, step);
    }
    kernels.arrive(step, scale(), learns, now);
  };
}

/** Arrivals of a projection of which all spikes act alike: it has one delay, and nothing learns. */
function arriveAlikeWork(program: Program, projection: ProjectionProgram): Work {
  const { slots, spikes: { ring, start } } = program, boundaries = boundariesOf(program);
  const { delays: [delay], shortTerm, begin, firstPopulation, endPopulation } = projection;
  const arrivals: Arrivals = { spikes: ring, first: 0, last: 0, base: begin };
  const act = actingAlike(program, projection);
  return (step) => {
    if (step < delay) return;
    const slot = (step - delay) % slots;
    arrivals.first = start[slot * boundaries + firstPopulation];
    arrivals.last = start[slot * boundaries + endPopulation];
    if (arrivals.first === arrivals.last) return;
    const sources = shortTerm?.sources ?? 0;
    act(arrivals, shortTerm === null ? null : shortTerm.release.subarray(slot * sources, (slot + 1) * sources));
  };
}

/** How they act: by raising a concentration, or on all neurons, or on those of a group. */
function actingAlike(
  program: Program,
  projection: ProjectionProgram,
): (arrivals: Arrivals, release: Float32Array | null) => void {
  const { regions, projections } = program;
  const { weight, out, self, sign, transmitter, to, begin, withinGroups } = projection;
  const { groups, split, mechanisms } = regions[to];
  if (transmitter === "dopamine") {
    const learning = projections.flatMap((p) => p.to === to && p.plasticity?.reward ? [p.plasticity.reward] : []);
    return (arrivals, release) => {
      const amount = weight[0] * sumArrivals(arrivals, release);
      for (const { dopamine, critic } of learning) receiveReward(dopamine, amount, critic);
    };
  }
  if (sign === 0) {
    const level = mechanisms.get("modulators")!.data.level as Float64Array,
      at = MODULATOR_INDEX[transmitter as ModulatorName];
    return (arrivals, release) => {
      level[at] += weight[0] * sumArrivals(arrivals, release);
    };
  }
  const scale = scaleNow(program, projection);
  if (withinGroups) {
    const sums = new Float64Array(groups), size = split - begin;
    return (arrivals, release) => deliverUniformGroups(arrivals, scale() * weight[0], release, size, sums, out);
  }
  return (arrivals, release) => deliverUniform(arrivals, scale() * weight[0], release, self, out);
}

/** What a weight of one adds to the target in this step. */
function scaleNow({ regions }: Program, { scale, sign, to }: ProjectionProgram): () => number {
  const { gains } = regions[to];
  return sign < 0 ? () => scale * gains.inhibition : () => scale;
}

function event(): EventNow {
  return { slope: 0, slow: 0, offset: 0, pull: 0, eligibilityGrow: 1, gain: 0, mark: 0, markSlow: 0 };
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

/** What an event of this step adds to the traces of its own clocks. */
function note(now: EventNow, clock: TraceClock, slow: TraceClock | null, step: number): void {
  now.mark = clock.grow[step % clock.period];
  if (slow) now.markSlow = slow.grow[step % slow.period];
}

/** Lets the incoming synapses of the target's spikes learn, and marks postsynaptic traces. */
function potentiateWork(
  program: Program,
  projection: ProjectionProgram,
  p: PlasticityProgram,
  kernels: SynapseKernels,
): Work {
  const { spikes: { start }, slots, regions } = program, boundaries = boundariesOf(program);
  const { gains } = regions[projection.to], population = 2 * projection.to;
  const now = event(), { postClock, postSlow, form } = p;
  return (step) => {
    const at = step % slots * boundaries + population;
    if (start[at] === start[at + 2]) return;
    prepare(now, p, form.spike, p.preClock, postSlow?.clock ?? null, form.spike.pull, step, gains.learning);
    note(now, postClock, postSlow?.clock ?? null, step);
    kernels.spike(step, projection.enabled![0] === 1, now);
  };
}

/** Short-term plasticity of the spikes that leave. */
function releaseWork(
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
