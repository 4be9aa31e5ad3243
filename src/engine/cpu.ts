/** The CPU backend: walks the stages of a step with the typed-array kernels, on the registry's own arrays. */

import { MODE } from "../biology/stimulus.ts";
import { RATE_TAU_MS, REST_MV } from "../biology/neuron.ts";
import { stepKey } from "../state/random.ts";
import { type Arrivals, deliverDense, deliverSparse, deliverUniform } from "../../kernels/deliver.ts";
import { emitSources, integratePublished, integrateRiccati } from "../../kernels/integrate.ts";
import { conductanceReceptors, currentReceptors } from "../../kernels/receptors.ts";
import { advanceDopamine, moveEligibilityOrigin, settle } from "../../kernels/reward.ts";
import { releaseResources } from "../../kernels/short_term.ts";
import {
  depressDense,
  depressSparse,
  type PlasticityNow,
  potentiateDense,
  potentiateSparse,
} from "../../kernels/stdp.ts";
import { addCurrents, gaussianNoise, latencyTrain, poissonTrain, regularTrain } from "../../kernels/stimulus.ts";
import { markTraces, moveOrigin, type TraceClock } from "../../kernels/traces.ts";
import type { AnyArray } from "../state/arrays.ts";
import type { BackendInfo, Drained, RunInput, Samples, SynchronousBackend } from "./backend.ts";
import type { PlasticityProgram, Program, ProjectionProgram, RegionProgram } from "./program.ts";
import { type StageName, STEP } from "./step.ts";

/** A piece of work of every step. */
type Work = (step: number) => void;

/** Runs brains on one thread. */
export class CpuBackend implements SynchronousBackend {
  readonly info: BackendInfo = {
    name: "cpu",
    adapter: "typed arrays, one thread",
    precision: "f32 state, f64 arithmetic",
  };
  #program: Program | null = null;
  #work: Work[] = [];
  #log = new SpikeLog();
  #samples: Samples[] = [];

  supports(_program: Program): true {
    return true;
  }

  load(program: Program): Promise<void> {
    this.#program = program;
    this.#work = STEP.flatMap(({ name }) => STAGES[name](program));
    return Promise.resolve();
  }

  run(from: number, steps: number, input: RunInput = {}): Promise<void> {
    this.runNow(from, steps, input);
    return Promise.resolve();
  }

  /** {@linkcode run}, without waiting. */
  runNow(from: number, steps: number, input: RunInput = {}): void {
    const program = this.#loaded(), work = this.#work;
    const sampling = (input.samples ?? []).map((request): Samples => ({
      request,
      steps: [],
      values: [],
    }));
    this.#samples.push(...sampling);
    for (let step = from; step < from + steps; step++) {
      for (let k = 0; k < work.length; k++) work[k](step);
      if (input.recordSpikes) this.#log.add(program, step);
      for (const samples of sampling) takeSample(program, samples, step);
    }
  }

  drain(): Drained {
    const drained = { ...this.#log.take(), samples: this.#samples };
    this.#samples = [];
    return drained;
  }

  read(_names: readonly string[]): Promise<void> {
    return Promise.resolve(); // the registry's arrays are the backend's own
  }

  write(name: string, data: AnyArray): Promise<void> {
    const own = this.#loaded().arrays.entry(name).data;
    if (own !== data) own.set(data);
    return Promise.resolve();
  }

  close(): void {
    this.#program = null;
    this.#work = [];
  }

  #loaded(): Program {
    if (!this.#program) throw new Error("the backend has no brain loaded");
    return this.#program;
  }
}

/** The work of each stage, for one program: only what the program has. */
const STAGES: { [S in StageName]: (program: Program) => Work[] } = {
  moveOrigins: ({ activity, projections }) => [
    originWork(activity.rate, activity.rateClock),
    ...projections.flatMap(({ plasticity: p }) => p ? [plasticOrigins(p)] : []),
  ],
  stimulus: (program) => [
    ...program.regions.flatMap((region) => region.source ? [] : noiseWork(program, region)),
    () => addCurrents(0, program.current, program.membranes.input),
    ...program.regions.map((region) => stimulusWork(program, region)),
  ],
  deliver: (program) => program.projections.map((projection) => deliverWork(program, projection)),
  receptors: ({ regions, membranes: { input, conductance } }) =>
    regions.flatMap(({ begin, receptors }) =>
      receptors.map(({ g, mean, decay, reversalMv }) =>
        reversalMv === undefined
          ? () => currentReceptors(begin, g, mean, decay, input)
          : () => conductanceReceptors(begin, g, reversalMv, mean, decay, input, conductance)
      )
    ),
  integrate: (program) => [integrateWork(program)],
  activity: (program) => [activityWork(program)],
  potentiate: (program) =>
    program.projections.flatMap((projection) =>
      projection.plasticity ? [potentiateWork(program, projection, projection.plasticity)] : []
    ),
  release: (program) => program.projections.flatMap((p) => p.shortTerm ? [releaseWork(program, p, p.shortTerm)] : []),
  dopamine: ({ projections }) =>
    projections.flatMap(({ plasticity }) => {
      if (!plasticity?.reward) return [];
      const { enabled, reward: { dopamine, constants, clock }, synapses: { rewarded } } = plasticity;
      return [(step: number) => {
        advanceDopamine(dopamine, constants, clock.decay[step % clock.period], enabled[0] === 1, rewarded!);
      }];
    }),
};

function originWork(trace: Float32Array, clock: TraceClock): Work {
  return (step) => {
    if (step > 0 && step % clock.period === 0) moveOrigin(trace, clock);
  };
}

function plasticOrigins(p: PlasticityProgram): Work {
  const pre = originWork(p.preTrace, p.preClock), post = originWork(p.postTrace, p.postClock);
  const { reward, synapses: { rewarded } } = p;
  return (step) => {
    pre(step);
    post(step);
    if (reward && rewarded && step > 0 && step % reward.clock.period === 0) {
      moveEligibilityOrigin(
        rewarded,
        Math.fround(reward.dopamine[1]),
        reward.clock.decay[reward.clock.period],
      );
      reward.dopamine[1] = 0;
    }
  };
}

function noiseWork(
  { membranes }: Program,
  { begin, split, end, noise, noiseKey }: RegionProgram,
): Work[] {
  const populations = [[begin, split, noise.excitatory], [split, end, noise.inhibitory]];
  return populations.filter(([from, to, sd]) => sd > 0 && to > from).map(
    ([from, to, sd]) => (step: number) => gaussianNoise(from, to, sd, stepKey(noiseKey, step), membranes.input),
  );
}

function stimulusWork(
  { membranes: { v, input } }: Program,
  { begin, stimulus }: RegionProgram,
): Work {
  const { control, value, phase, key } = stimulus;
  return (step) => {
    const mode = control[0];
    if (mode === MODE.off || step < control[1] || step >= control[2]) return;
    const age = step - control[1];
    if (mode === MODE.poisson) poissonTrain(begin, value, stepKey(key, step), v);
    else if (mode === MODE.regular) regularTrain(begin, value, phase, age, v);
    else if (mode === MODE.latency) latencyTrain(begin, value, age, control[3], v);
    else addCurrents(begin, value, input);
  };
}

function deliverWork(program: Program, projection: ProjectionProgram): Work {
  const { slots, spikes: { ring, start } } = program;
  const boundaries = 2 * program.regions.length + 1;
  const { layout, delays, rows, weight, scale, out, shortTerm, plasticity: p, self } = projection;
  const arrivals: Arrivals = { spikes: ring, first: 0, last: 0, base: projection.begin };
  const targets = out.length;
  const now: PlasticityNow = { amount: 0, eligibilityGrow: 1, gain: 0 };
  return (step) => {
    for (let k = 0; k < delays.length; k++) {
      const emitted = step - delays[k];
      if (emitted < 0) continue;
      const slot = emitted % slots;
      const first = start[slot * boundaries + projection.firstPopulation];
      const last = start[slot * boundaries + projection.endPopulation];
      if (first === last) continue;
      arrivals.first = first;
      arrivals.last = last;
      const release = shortTerm === null
        ? null
        : shortTerm.release.subarray(slot * shortTerm.sources, (slot + 1) * shortTerm.sources);
      if (p?.reward) settleArrivals(projection, p, arrivals, k, targets);
      if (layout === "sparse") deliverSparse(arrivals, rows!, k, weight, scale, release, out);
      else if (layout === "dense") deliverDense(arrivals, weight, scale, release, out);
      else deliverUniform(arrivals, scale * weight[0], release, self, out);
      if (p) {
        if (p.enabled[0] === 1) {
          presentPlasticity(p, step, now, -1);
          if (layout === "sparse") depressSparse(arrivals, rows!, k, p.synapses, p.postTrace, now);
          else depressDense(arrivals, p.synapses, p.postTrace, now);
        }
        const amount = p.preClock.grow[step % p.preClock.period];
        markTraces(
          ring,
          first,
          last,
          projection.begin,
          delays.length,
          k,
          amount,
          p.nearest,
          p.preTrace,
        );
      }
    }
  };
}

/** Weights under reward are settled before they act. */
function settleArrivals(
  { rows }: ProjectionProgram,
  p: PlasticityProgram,
  { spikes, first, last, base }: Arrivals,
  delay: number,
  targets: number,
): void {
  const { rewarded } = p.synapses, gain = Math.fround(p.reward!.dopamine[1]);
  for (let s = first; s < last; s++) {
    const pre = spikes[s] - base;
    if (rows) {
      const row = pre * rows.delays + delay;
      settle(rewarded!, rows.rowStart[row], rows.rowStart[row + 1], gain);
    } else settle(rewarded!, pre * targets, (pre + 1) * targets, gain);
  }
}

/** The numbers of this step for a kind of event: 1 potentiation, −1 depression. */
function presentPlasticity(
  p: PlasticityProgram,
  step: number,
  now: PlasticityNow,
  kind: 1 | -1,
): void {
  const clock = kind > 0 ? p.preClock : p.postClock;
  const amplitude = kind > 0 ? p.aPlus : p.aMinus;
  now.amount = amplitude * p.synapses.weightMax * clock.decay[step % clock.period];
  if (p.reward) {
    now.eligibilityGrow = p.reward.clock.grow[step % p.reward.clock.period];
    now.gain = Math.fround(p.reward.dopamine[1]);
  }
}

function integrateWork(program: Program): Work {
  const { regions, slots, neurons, dt, scheme, membranes, spikes: { ring, start } } = program;
  const boundaries = 2 * regions.length + 1;
  const integrate = scheme === "riccati" ? integrateRiccati : integratePublished;
  const advance = (region: RegionProgram, from: number, to: number, count: number) =>
    region.source
      ? emitSources(from, to, REST_MV, membranes.v, ring, count)
      : integrate(from, to, dt, membranes, ring, count);
  return (step) => {
    const slot = step % slots;
    let at = slot * boundaries, count = slot * neurons;
    for (const region of regions) {
      start[at++] = count;
      count = advance(region, region.begin, region.split, count);
      start[at++] = count;
      count = advance(region, region.split, region.end, count);
    }
    start[at] = count;
  };
}

function activityWork(program: Program): Work {
  const {
    activity: { count, last, rate, rateClock },
    spikes: { ring, start },
    slots,
    regions,
    neurons,
  } = program;
  const boundaries = 2 * regions.length + 1;
  return (step) => {
    const slot = step % slots, end = start[(slot + 1) * boundaries - 1];
    const amount = rateClock.grow[step % rateClock.period] * 1000 / RATE_TAU_MS;
    for (let s = slot * neurons; s < end; s++) {
      const i = ring[s];
      count[i]++;
      last[i] = step;
      rate[i] += amount;
    }
  };
}

function potentiateWork(
  program: Program,
  projection: ProjectionProgram,
  p: PlasticityProgram,
): Work {
  const { spikes: { ring, start }, slots, regions } = program;
  const boundaries = 2 * regions.length + 1,
    population = 2 * projection.to,
    { begin } = regions[projection.to];
  const targets = projection.out.length;
  const now: PlasticityNow = { amount: 0, eligibilityGrow: 1, gain: 0 };
  return (step) => {
    const slot = step % slots;
    const first = start[slot * boundaries + population],
      last = start[slot * boundaries + population + 2];
    if (first === last) return;
    if (p.enabled[0] === 1) {
      presentPlasticity(p, step, now, 1);
      if (p.incoming) {
        potentiateSparse(ring, first, last, begin, p.incoming, p.synapses, p.preTrace, now);
      } else potentiateDense(ring, first, last, begin, targets, p.synapses, p.preTrace, now);
    }
    markTraces(
      ring,
      first,
      last,
      begin,
      1,
      0,
      p.postClock.grow[step % p.postClock.period],
      p.nearest,
      p.postTrace,
    );
  };
}

function releaseWork(
  program: Program,
  projection: ProjectionProgram,
  { parameters, resources, release, sources }: NonNullable<ProjectionProgram["shortTerm"]>,
): Work {
  const { spikes: { ring, start }, slots, regions, dt } = program;
  const boundaries = 2 * regions.length + 1;
  return (step) => {
    const slot = step % slots;
    const first = start[slot * boundaries + projection.firstPopulation];
    const last = start[slot * boundaries + projection.endPopulation];
    if (first === last) return;
    const row = release.subarray(slot * sources, (slot + 1) * sources);
    releaseResources(ring, first, last, projection.begin, step, dt, parameters, resources, row);
  };
}

/** Spikes in order of time, then of neuron, in growing columns. */
class SpikeLog {
  #step = new Uint32Array(1024);
  #neuron = new Uint32Array(1024);
  #length = 0;

  add({ slots, regions, neurons, spikes: { ring, start } }: Program, step: number): void {
    const slot = step % slots,
      first = slot * neurons,
      end = start[(slot + 1) * (2 * regions.length + 1) - 1];
    const need = this.#length + end - first;
    if (need > this.#step.length) {
      const size = Math.max(need, 2 * this.#step.length);
      this.#step = grown(this.#step, size);
      this.#neuron = grown(this.#neuron, size);
    }
    this.#neuron.set(ring.subarray(first, end), this.#length);
    this.#step.fill(step, this.#length, need);
    this.#length = need;
  }

  take(): { step: Uint32Array; neuron: Uint32Array } {
    const taken = {
      step: this.#step.slice(0, this.#length),
      neuron: this.#neuron.slice(0, this.#length),
    };
    this.#length = 0;
    return taken;
  }
}

function grown(old: Uint32Array, size: number) {
  const larger = new Uint32Array(size);
  larger.set(old);
  return larger;
}

function takeSample({ arrays }: Program, { request, steps, values }: Samples, step: number): void {
  if ((step + 1) % request.everySteps !== 0) return;
  steps.push(step);
  const { data } = arrays.entry(request.array);
  for (const index of request.indices) values.push(data[index]);
}
