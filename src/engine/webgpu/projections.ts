/** What happens in a projection, as dispatches on a device. */

import { MODULATOR_INDEX, type ModulatorName } from "../../biology/modulators.ts";
import type { RuleForm } from "../../biology/stdp.ts";
import type { TraceClock } from "../../../kernels/traces.ts";
import type { ProjectionKernels, Work } from "../kernels.ts";
import type { PlasticityProgram, ProjectionProgram } from "../program.ts";
import { groupsFor, groupsForRows, groupsForSpikes, NARROW, type Place, WIDE } from "./place.ts";
import type { Bound, Parameters } from "./recorder.ts";
import { accumulatorOf, type Collected, incomingOf, lanesFor, type Piece, piecesOf } from "./synapses.ts";

/** All that happens in a projection. */
export function gpuProjection(place: Place, projection: ProjectionProgram, collected: Collected): ProjectionKernels {
  const { shortTerm, plasticity: p, layout } = projection;
  const release = shortTerm && { release: releaseWork(place, projection, shortTerm) };
  if (layout === "uniform") return { arrive: arriveAlikeWork(place, projection), ...release };
  return new StoredSynapses(place, projection, p, collected).works(release ?? {});
}

/** Sources of a projection. */
function sourcesOf({ begin, firstPopulation, endPopulation }: ProjectionProgram, { program: { regions } }: Place) {
  const region = regions[firstPopulation >> 1];
  return [region.begin, region.split, region.end][endPopulation - (firstPopulation & ~1)] - begin;
}

/** Numbers that say which spikes a projection takes. */
function spikesFor({ lists }: Place, { begin, firstPopulation, endPopulation }: ProjectionProgram) {
  return { ...lists, begin, firstPopulation, endPopulation };
}

/** A projection of which all spikes act alike. */
function arriveAlikeWork(place: Place, projection: ProjectionProgram): Work {
  const { memory, recorder, spikes, program: { regions, projections } } = place, { scalars } = memory;
  const { delays: [delay], shortTerm, weight, out, self, sign, transmitter, to, withinGroups, scale } = projection;
  const region = regions[to], { groups, split } = region, { begin } = projection;
  const release = shortTerm ? place.buffer(shortTerm.release) : memory.none("release");
  const numbers = {
    ...spikesFor(place, projection),
    delay,
    sources: sourcesOf(projection, place),
    releases: shortTerm ? 1 : 0,
    inhibits: sign < 0 ? 1 : 0,
    gains: place.gainsOf(region),
  };
  const from = (step: number, act: () => void) => {
    if (step >= delay) act();
  };
  if (sign === 0) {
    const bound = recorder.bind(transmitter === "dopamine" ? "receiveDopamine" : "receiveModulator", {
      spikes,
      release,
      scalars,
    });
    const learning = projections.flatMap((p) => p.to === to && p.plasticity?.reward ? [p.plasticity.reward] : []);
    const level = region.mechanisms.get("modulators")?.data.level as Float64Array | undefined;
    const receivers = transmitter === "dopamine"
      ? learning.map(({ dopamine, critic }) => ({ gains: memory.scalarsOf(dopamine), inverse: critic }))
      : [{ gains: memory.scalarsOf(level!) + MODULATOR_INDEX[transmitter as ModulatorName], inverse: 0 }];
    return (step) =>
      from(step, () => {
        for (const own of receivers) recorder.run(bound, { ...numbers, ...own, step, scale: weight[0] }, 1);
      });
  }
  const bound = recorder.bind(withinGroups ? "deliverUniformGroups" : "deliverUniform", {
    spikes,
    release,
    scalars,
    out: place.buffer(out),
  });
  const size = split - begin, targets = withinGroups ? size : out.length;
  const more = {
    base: memory.offset(out),
    targets,
    each: size / groups,
    size,
    within: self < 0 ? 0 : 1,
    own: Math.max(0, self),
  };
  return (step) =>
    from(step, () => {
      recorder.run(bound, { ...numbers, ...more, step, scale: scale * weight[0] }, groupsFor(targets, WIDE));
    });
}

/** Short-term plasticity of the spikes that leave. */
function releaseWork(
  place: Place,
  projection: ProjectionProgram,
  { parameters: p, resources: r, release, sources }: NonNullable<ProjectionProgram["shortTerm"]>,
): Work {
  const { recorder, spikes, program: { dt } } = place;
  const bound = recorder.bind("releaseResources", {
    spikes,
    x: place.buffer(r.x),
    u: place.buffer(r.u),
    lastSpike: place.buffer(r.last),
    release: place.buffer(release),
  });
  const numbers = {
    ...spikesFor(place, projection),
    sources,
    dt,
    use_: p.use,
    tauRecovery: p.tauRecoveryMs,
    tauFacilitation: p.tauFacilitationMs,
  };
  return (step) => recorder.run(bound, { ...numbers, step }, groupsForSpikes(sources));
}

/** Numbers of an event of plasticity in a step; what gains multiply, kernels do. */
function eventNow(
  { weightMax }: PlasticityProgram["synapses"],
  form: RuleForm["arrival"] | RuleForm["spike"],
  clock: TraceClock,
  slowClock: TraceClock | null,
  step: number,
) {
  const decayed = weightMax * clock.decay[step % clock.period];
  return {
    slope: form.slope * decayed,
    slow: slowClock === null ? 0 : form.slow * decayed * slowClock.decay[step % slowClock.period],
    offset: form.offset * weightMax,
    pull: "pull" in form ? form.pull : 0,
  };
}

/** A sparse or dense projection. */
class StoredSynapses {
  readonly #sources: number;
  readonly #targets: number;
  readonly #pieces: Piece[];
  readonly #numbers: Parameters;

  constructor(
    private readonly place: Place,
    private readonly projection: ProjectionProgram,
    private readonly plasticity: PlasticityProgram | null,
    private readonly collected: Collected,
  ) {
    const { out, rows, shortTerm, sign, to, delays } = projection, { program: { regions } } = place;
    this.#sources = sourcesOf(projection, place);
    this.#targets = out.length;
    this.#pieces = piecesOf(place, projection, this.#sources);
    const synapses = projection.weight.length;
    this.#numbers = {
      ...spikesFor(place, projection),
      delays: delays.length,
      delay: delays[0],
      lanes: lanesFor(synapses / Math.max(1, this.#sources * delays.length)),
      targets: this.#targets,
      sources: this.#sources,
      narrow: rows?.target instanceof Uint16Array ? 1 : 0,
      releases: shortTerm ? 1 : 0,
      inhibits: sign < 0 ? 1 : 0,
      gains: place.gainsOf(regions[to]),
      population: 2 * to,
      targetBegin: regions[to].begin,
    };
  }

  works(release: Partial<ProjectionKernels>): ProjectionKernels {
    const { plasticity: p } = this;
    if (!p) return { arrive: this.#deliver(), ...release };
    const parts = [...p.reward ? [this.#settleArrivals(p)] : [], this.#deliver()];
    if (p.arrives) parts.push(this.#learnFromArrivals(p));
    parts.push(this.#markArrivals(p));
    return {
      arrive: (step) => parts.forEach((part) => part(step)),
      spike: this.#spike(p),
      ...release,
      ...p.reward && { dopamine: this.#dopamine(p, p.reward) },
    };
  }

  /** Workgroups for the rows of arriving spikes. */
  #groups(): number {
    const { lanes } = this.#numbers;
    return groupsForRows(this.#sources, lanes);
  }

  #deliver(): Work {
    const { place, projection: { rows, shortTerm, out, scale, delays } } = this, { memory, recorder, spikes } = place;
    const release = shortTerm ? place.buffer(shortTerm.release) : memory.none("release"), { scalars } = memory;
    if (!rows) {
      const bound = this.#pieces.map(({ weight, firstRow, rows }) => ({
        bound: recorder.bind("deliverDense", { spikes, weight, release, scalars, out: place.buffer(out) }),
        numbers: { ...this.#numbers, firstRow, rows, base: memory.offset(out), scale },
      }));
      return (step) => {
        if (step < delays[0]) return;
        for (const { bound: b, numbers } of bound) {
          recorder.run(b, { ...numbers, step }, groupsFor(this.#targets, NARROW));
        }
      };
    }
    const { sum, unit } = accumulatorOf(place, this.projection, this.collected), groups = this.#groups();
    const bound = this.#pieces.map(({ rowStart, synapse, weight, firstRow, rows }) => ({
      bound: recorder.bind("deliverSparse", { spikes, rowStart: rowStart!, synapse: synapse!, weight, release, sum }),
      numbers: { ...this.#numbers, firstRow, rows, unit: scale * unit },
    }));
    return (step) => {
      if (step < delays[0]) return;
      for (const { bound: b, numbers } of bound) recorder.run(b, { ...numbers, step }, groups);
    };
  }

  /** A kernel on each piece of the synapses, with what this projection's kernels of plasticity bind and read. */
  #learning(name: string, p: PlasticityProgram, arrays: Record<string, GPUBuffer>, more: Parameters) {
    const { place } = this, { memory, recorder, spikes } = place;
    const optional = (array: Float32Array | null | undefined, name: string) =>
      array ? place.buffer(array) : memory.none(name);
    return this.#pieces.map(({ rowStart, synapse, weight, eligibility, settled, firstRow, rows, synapses }, index) => ({
      bound: recorder.bind(name, {
        spikes,
        weight,
        scalars: memory.scalars,
        rowStart: rowStart ?? memory.none("rowStart"),
        synapse: synapse ?? memory.none("synapse"),
        eligibility: eligibility ?? memory.none("eligibility"),
        settled: settled ?? memory.none("settled"),
        preTrace: place.buffer(p.preTrace),
        postTrace: place.buffer(p.postTrace),
        preSlow: optional(p.preSlow?.trace, "preSlow"),
        postSlow: optional(p.postSlow?.trace, "postSlow"),
        balance: optional(p.factors.balance, "balance"),
        plastic: optional(p.factors.plastic, "plastic"),
        ...arrays,
        ...p.incoming && incomingOf(place, this.projection, this.#pieces, index),
      }),
      numbers: {
        ...this.#numbers,
        firstRow,
        rows,
        terminals: rows,
        synapses,
        weightMax: p.synapses.weightMax,
        softness: p.synapses.softness,
        rewarded: p.reward ? 1 : 0,
        dopamine: p.reward ? memory.scalarsOf(p.reward.dopamine) : 0,
        ...more,
      },
    }));
  }

  #runAll(list: { bound: Bound; numbers: Parameters }[], more: Parameters, groups: number): void {
    for (const { bound, numbers } of list) this.place.recorder.run(bound, { ...numbers, ...more }, groups);
  }

  #settleArrivals(p: PlasticityProgram): Work {
    const { projection: { rows, delays } } = this;
    const settle = this.#learning(rows ? "settleSparse" : "settleDense", p, {}, {});
    const groups = rows ? this.#groups() : groupsFor(this.#targets, NARROW);
    return (step) => {
      if (step >= delays[0]) this.#runAll(settle, { step }, groups);
    };
  }

  #learnFromArrivals(p: PlasticityProgram): Work {
    const { projection: { rows, delays, enabled } } = this;
    const learn = this.#learning(rows ? "arriveSparse" : "arriveDense", p, {}, { hasSlow: p.preSlow ? 1 : 0 });
    const groups = rows ? this.#groups() : groupsFor(this.#targets, NARROW);
    return (step) => {
      if (enabled![0] !== 1 || step < delays[0]) return;
      const now = eventNow(p.synapses, p.form.arrival, p.postClock, p.preSlow?.clock ?? null, step);
      this.#runAll(learn, { ...now, step }, groups);
    };
  }

  #markArrivals({ preTrace, preClock, preSlow, nearest }: PlasticityProgram): Work {
    const { place, projection: { delays } } = this, { memory, recorder, spikes } = place;
    const bound = recorder.bind("markArrivals", {
      spikes,
      delay: memory.words(delays.length, "delays", Uint32Array.from(delays)),
      trace: place.buffer(preTrace),
      slow: preSlow ? place.buffer(preSlow.trace) : memory.none("slow"),
    });
    const numbers = { ...this.#numbers, nearest: nearest ? 1 : 0, hasSlow: preSlow ? 1 : 0 };
    const groups = groupsForSpikes(this.#sources);
    return (step) => {
      if (step < delays[0]) return;
      const mark = preClock.grow[step % preClock.period];
      const markSlow = preSlow ? preSlow.clock.grow[step % preSlow.clock.period] : 0;
      recorder.run(bound, { ...numbers, step, mark, markSlow }, groups);
    };
  }

  /** Postsynaptic spikes: weights are settled, what changes them is worked out, they change, and traces are marked. */
  #spike(p: PlasticityProgram): Work {
    const { place, projection } = this, { memory, recorder, spikes } = place, { rows, enabled, to } = projection;
    const { postTrace, postClock, postSlow, nearest, factors: { balance, plastic }, form, preClock } = p;
    const targets = this.#targets, ofSpikes = groupsForSpikes(targets);
    const hasSlopes = postSlow !== null || balance !== null || plastic !== null ? 1 : 0;
    const slopes = hasSlopes ? memory.words(2 * targets, "slopes") : memory.none("slopes");
    const flags = { hasSlow: postSlow ? 1 : 0, hasBalance: balance ? 1 : 0, hasPlastic: plastic ? 1 : 0, hasSlopes };
    const find = hasSlopes ? this.#learning("findSlopes", p, { slopes }, flags).slice(0, 1) : [];
    const every = form.spike.offset !== 0 || form.spike.pull !== 0 ? 1 : 0;
    const settle = p.reward ? this.#learning(rows ? "settleIncoming" : "settleColumns", p, {}, { every }) : [];
    const incoming = projection.weight.length / Math.max(1, targets);
    const lanes = rows ? lanesFor(incoming) : 1;
    const learn = this.#learning(rows ? "spikeSparse" : "spikeDense", p, { slopes }, { ...flags, lanes });
    const groups = rows
      ? groupsForRows(targets, lanes)
      : groupsFor(Math.max(...this.#pieces.map(({ rows }) => rows), 1), NARROW);
    const mark = recorder.bind("markSpikes", {
      spikes,
      trace: place.buffer(postTrace),
      slow: postSlow ? place.buffer(postSlow.trace) : memory.none("slow"),
    });
    const region = place.program.regions[to];
    const marks = {
      ...place.lists,
      firstPopulation: 2 * to,
      endPopulation: 2 * to + 2,
      begin: region.begin,
      delays: 1,
      nearest: nearest ? 1 : 0,
      hasSlow: postSlow ? 1 : 0,
    };
    return (step) => {
      if (enabled![0] === 1) {
        const now = { ...eventNow(p.synapses, form.spike, preClock, postSlow?.clock ?? null, step), step };
        this.#runAll(find, now, ofSpikes);
        this.#runAll(settle, { step, lanes }, groups);
        this.#runAll(learn, now, groups);
      }
      const markNow = postClock.grow[step % postClock.period];
      const markSlow = postSlow ? postSlow.clock.grow[step % postSlow.clock.period] : 0;
      recorder.run(mark, { ...marks, step, mark: markNow, markSlow }, ofSpikes);
    };
  }

  #dopamine(p: PlasticityProgram, { dopamine, parameters }: NonNullable<PlasticityProgram["reward"]>): Work {
    const { place, projection: { enabled, weight } } = this, { memory, recorder, program: { dt } } = place;
    const todo = memory.scratchScalars(p, 5);
    const numbers = {
      gains: this.#numbers.gains,
      dopamine: memory.scalarsOf(dopamine),
      todo,
      dt,
      tonic: parameters.tonic,
      baseline: parameters.baseline,
      learningRate: parameters.learningRate,
      tauEligibility: parameters.tauEligibilityMs,
      tauDopamine: parameters.tauDopamineMs,
    };
    const advance = recorder.bind("advanceDopamine", { scalars: memory.scalars });
    const settle = this.#learning("settleAll", p, {}, { todo });
    const groups = Math.max(1, Math.min(1024, groupsFor(weight.length, WIDE * 4)));
    return () => {
      recorder.run(advance, { ...numbers, enabled: enabled![0] === 1 ? 1 : 0 }, 1);
      this.#runAll(settle, {}, groups);
    };
  }
}
