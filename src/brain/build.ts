/**
 * From description to state, and from state to a program. `buildState` is the only place that draws initial weights;
 * `linkProgram` binds arrays, built or loaded, to the kernels.
 */

import { NEURON_RANGE, RATE_TAU_MS, REGION_TYPES, type RegionType, REST_MV } from "../biology/neuron.ts";
import { distance, drawPositions } from "../biology/space.ts";
import { ruleForm } from "../biology/stdp.ts";
import { TRANSMITTERS } from "../biology/neurotransmitter.ts";
import { Arrays } from "../state/arrays.ts";
import { normalTable, stepKey, streamKey } from "../state/random.ts";
import { restDopamine } from "../../kernels/reward.ts";
import { traceClock } from "../../kernels/traces.ts";
import { scratchBytes } from "../engine/cpu/simd.ts";
import type {
  PlasticityProgram,
  Program,
  ProjectionProgram,
  Range,
  ReceptorProgram,
  RegionProgram,
  Site,
  Sprouting,
} from "../engine/program.ts";
import { countSynapses, drawDenseWeights, drawSynapses } from "./connectivity.ts";
import { drawNumber, meanOf } from "../biology/distribution.ts";
import {
  attenuationOf,
  compartmentOf,
  declareArrays,
  delaySteps,
  learns,
  localData,
  mechanismsOf,
  type Plan,
  planBrain,
  type ProjectionPlan,
  receptorKey,
  type RegionPlan,
} from "./plan.ts";
import { rewire } from "./rewire.ts";
import { populationSizes, type ResolvedSpec } from "./spec.ts";

/** The state of a new brain: all arrays, drawn and at rest. */
export function buildState(spec: ResolvedSpec): Arrays {
  const plan = planBrain(spec);
  const sparse = plan.projections.filter((projection) => projection.spec.layout === "sparse");
  const counts = new Map(sparse.map((projection) => [projection.spec.name, countSynapses(projection, spec.seed)]));
  const declared = declareArrays(plan, (name) => counts.get(name)!);
  const arrays = new Arrays(declared, scratchBytes(plan));
  for (const info of declared) arrays.add(info);
  for (const projection of sparse) {
    const at = `projection.${projection.spec.name}`;
    drawSynapses(projection, spec.seed, spec.dt, {
      rowStart: arrays.get(`${at}.rowStart`, "u32"),
      target: arrays.indices(`${at}.target`),
      weight: arrays.get(`${at}.weight`, "f32"),
    });
  }
  rest(plan, arrays);
  return arrays;
}

/** Sets everything that is not zero in a brain at rest. */
function rest(plan: Plan, arrays: Arrays): void {
  const [v, u, a, b, c, d] = ["v", "u", "a", "b", "c", "d"].map((name) => arrays.get(`neuron.${name}`, "f32"));
  v.fill(REST_MV);
  arrays.get("neuron.lastSpike", "i32").fill(-1);
  const alive = arrays.get("neuron.alive", "u8");
  for (const region of plan.regions) {
    const { spec, begin, split, place } = region, now = populationSizes(spec), at = `region.${spec.name}`;
    alive.fill(1, begin, begin + now.excitatory).fill(1, split, split + now.inhibitory);
    drawNeurons(region, plan.spec.seed, { a, b, c, d });
    if (spec.positions) arrays.get(`${at}.position`, "f32").set(drawPositions(spec.positions, place));
    for (const { name, row, values, arrays: declared } of mechanismsOf(region)) {
      const data = localData(arrays, `${at}.${name}`, declared);
      if (row.freezes) data.enabled[0] = 1;
      row.biology.rest?.(data, values, place);
    }
  }
  for (let i = 0; i < u.length; i++) u[i] = b[i] * REST_MV;
  for (const projection of plan.projections) {
    const { spec } = projection, at = `projection.${spec.name}`;
    const weight = arrays.get(`${at}.weight`, "f32");
    if (spec.layout === "dense") drawDenseWeights(projection, plan.spec.seed, weight);
    if (spec.layout === "uniform") weight[0] = spec.weight as number;
    if (learns(spec, projection.to.spec)) arrays.get(`${at}.plasticityEnabled`, "u8")[0] = 1;
    if (spec.plasticity) {
      for (let k = 0; k < weight.length; k++) {
        // Not −0, however it was described: that would be a lesion.
        weight[k] = Math.max(0, Math.min(weight[k], spec.plasticity.weightMax));
      }
    }
    if (spec.structure) {
      arrays.get(`${at}.structure.enabled`, "u8")[0] = 1;
      arrays.get(`${at}.structure.counters`, "u32")[3] = 1;
    }
    if (spec.shortTerm) arrays.get(`${at}.shortTerm.last`, "i32").fill(-1);
    if (spec.plasticity?.reward) restDopamine(arrays.get(`${at}.dopamine`, "f64"), spec.plasticity.reward.tonic);
    if (spec.plasticity?.metaplasticity) {
      arrays.get(`${at}.metaplasticity.threshold`, "f32").fill(spec.plasticity.metaplasticity.targetHz);
      arrays.get(`${at}.metaplasticity.balance`, "f32").fill(1);
    }
  }
}

/** Draws the parameters of a region's neurons, those not yet born included. */
function drawNeurons(
  { spec, begin, split, end }: RegionPlan,
  seed: number,
  parameters: Record<"a" | "b" | "c" | "d", Float32Array>,
): void {
  for (const key of ["a", "b", "c", "d"] as const) {
    const { min, max } = NEURON_RANGE[key],
      stream = stepKey(streamKey(seed, `neurons:${spec.name}`), key.charCodeAt(0));
    for (let i = begin; i < end; i++) {
      const pattern = i < split ? spec.pattern : spec.inhibitoryPattern;
      parameters[key][i] = drawNumber(pattern[key], stream, i - begin, min, max);
    }
  }
}

/** What is left of u's distance to b·v after a quarter of a step: see kernels/integrate.ts. */
export function recoveryOf(a: number, dt: number): number {
  return Math.exp(-a * dt / 4);
}

/** Computes the derived arrays and binds everything to the kernels. */
export function linkProgram(spec: ResolvedSpec, arrays: Arrays): Program {
  const plan = planBrain(spec);
  const f32 = (name: string) => arrays.get(name, "f32");
  const membranes = {
    v: f32("neuron.v"),
    u: f32("neuron.u"),
    a: f32("neuron.a"),
    b: f32("neuron.b"),
    c: f32("neuron.c"),
    d: f32("neuron.d"),
    recovery: f32("neuron.recovery"),
    input: f32("neuron.input"),
    conductance: f32("neuron.conductance"),
  };
  membranes.recovery.set(membranes.a.map((a) => recoveryOf(a, spec.dt)));
  const program: Program = {
    description: spec,
    arrays,
    dt: spec.dt,
    seed: spec.seed,
    scheme: spec.scheme,
    neurons: plan.neurons,
    slots: plan.slots,
    membranes,
    alive: arrays.get("neuron.alive", "u8"),
    sleep: arrays.get("brain.sleep", "i32"),
    current: f32("neuron.current"),
    injects: true,
    spikes: { ring: arrays.get("spikes.ring", "u32"), start: arrays.get("spikes.start", "u32") },
    activity: {
      count: arrays.get("neuron.spikes", "u32"),
      last: arrays.get("neuron.lastSpike", "i32"),
      rate: f32("neuron.rate"),
      rateClock: traceClock(RATE_TAU_MS / spec.dt),
    },
    regions: plan.regions.map((region) => linkRegion(spec, region, arrays)),
    projections: plan.projections.map((projection) => linkProjection(spec, projection, arrays)),
    rewire(projection, edits) {
      const k = program.projections.indexOf(projection);
      rewire(arrays, projection.name, projection.delays.length, edits);
      program.projections[k] = linkProjection(spec, plan.projections[k], arrays);
      program.stale = true;
    },
    census(region) {
      const { living, gaps } = livingRanges(program.alive, region);
      if (JSON.stringify([living, gaps]) === JSON.stringify([region.living, region.gaps])) return;
      Object.assign(region.living, living);
      region.gaps = gaps;
      program.stale = true;
    },
    stale: false,
  };
  plan.regions.forEach((region, k) => linkMechanisms(program, program.regions[k], region));
  return program;
}

/** Binds a region's mechanisms. */
function linkMechanisms(program: Program, region: RegionProgram, plan: RegionPlan): void {
  for (const { name, row, values, arrays: declared } of mechanismsOf(plan)) {
    const data = localData(program.arrays, `region.${region.name}.${name}`, declared);
    const site: Site = {
      program,
      region,
      values,
      data,
      enabled: (data.enabled ?? ALWAYS) as Uint8Array,
      renew: (k) => row.renew?.(site, k),
    };
    region.mechanisms.set(name, site);
  }
}

/** For mechanisms that are never frozen. */
const ALWAYS = Uint8Array.of(1);

/** Runs of living neurons of a region by population, and the gaps between them. */
export function livingRanges(
  alive: Uint8Array,
  { begin, split, end }: { begin: number; split: number; end: number },
): Pick<RegionProgram, "living" | "gaps"> {
  const gaps: Range[] = [];
  const runs = (from: number, to: number) => {
    const living: Range[] = [];
    for (let i = from; i < to;) {
      let j = i + 1;
      while (j < to && alive[j] === alive[i]) j++;
      (alive[i] ? living : gaps).push([i, j]);
      i = j;
    }
    return living;
  };
  return { living: [runs(begin, split), runs(split, end)], gaps };
}

function linkRegion(
  { dt, seed }: ResolvedSpec,
  plan: RegionPlan,
  arrays: Arrays,
): RegionProgram {
  const { spec, index, begin, split, end, receptors } = plan;
  const at = `region.${spec.name}`, type: RegionType = REGION_TYPES[spec.type];
  // Noise is white: its variance over a millisecond does not depend on the step.
  const perStep = 1 / Math.sqrt(dt);
  return {
    name: spec.name,
    index,
    begin,
    split,
    end,
    ...livingRanges(arrays.get("neuron.alive", "u8"), { begin, split, end }),
    groups: spec.groups,
    gains: { learning: 1, inhibition: 1, patience: 1 },
    mechanisms: new Map(),
    source: type.source ?? false,
    noise: (["excitatory", "inhibitory"] as const).map((population) => {
      if (spec.noise[population] === 0) return null;
      const table = arrays.get(`${at}.noise.${population}`, "f32"), sd = spec.noise[population] * perStep;
      return table.set(normalTable().map((x) => x * sd)), table;
    }),
    noiseKey: streamKey(seed, `noise:${spec.name}`),
    receptors: [...receptors].map(([name, { tauMs, reversalMv, magnesiumMm, compartment }]) => {
      const decay = Math.exp(-dt / tauMs);
      return {
        at: potentialsAt(arrays, plan, compartment),
        g: arrays.get(`${at}.receptor.${name}`, "f32"),
        reversalMv,
        magnesiumMm,
        decay,
        mean: (1 - decay) * tauMs / dt,
      };
    }),
    stimulus: {
      value: arrays.get(`${at}.stimulus`, "f32"),
      phase: arrays.get(`${at}.stimulusPhase`, "f32"),
      control: arrays.get(`${at}.stimulusControl`, "i32"),
      key: streamKey(seed, `stimulus:${spec.name}`),
    },
  };
}

/** Potential and input of a region's neurons at a compartment; 0: the soma. */
function potentialsAt(arrays: Arrays, { spec, begin, size }: RegionPlan, compartment: number): ReceptorProgram["at"] {
  const soma = compartment === 0, at = soma ? "neuron" : `region.${spec.name}.morphology`;
  const from = soma ? begin : (compartment - 1) * size, f32 = (key: string) => arrays.get(`${at}.${key}`, "f32");
  return { from, v: f32("v"), input: f32("input"), conductance: f32("conductance") };
}

function linkProjection(
  { dt }: ResolvedSpec,
  plan: ProjectionPlan,
  arrays: Arrays,
): ProjectionProgram {
  const { spec, from, to, begin, end, delays } = plan;
  const at = `projection.${spec.name}`;
  const { sign } = TRANSMITTERS[spec.transmitter], { receptor } = spec;
  const pulse = receptor.tauMs === 0;
  const weight = arrays.get(`${at}.weight`, "f32");
  const sources = end - begin, place = potentialsAt(arrays, to, compartmentOf(spec, to.spec));
  return {
    name: spec.name,
    transmitter: spec.transmitter,
    sign,
    withinGroups: spec.withinGroups ?? false,
    layout: spec.layout,
    begin,
    firstPopulation: 2 * from.index + (spec.source === "inhibitory" ? 1 : 0),
    endPopulation: 2 * from.index + (spec.source === "excitatory" ? 1 : 2),
    to: to.index,
    self: from === to ? begin - from.begin : -1,
    delays,
    rows: spec.layout === "sparse"
      ? {
        delays: delays.length,
        rowStart: arrays.get(`${at}.rowStart`, "u32"),
        target: arrays.indices(`${at}.target`),
      }
      : null,
    weight,
    // A pulse of w mV is a current of w/dt for one step; a conductance has its sign in the reversal potential.
    scale: attenuationOf(spec, to.spec).attenuation *
      (receptor.reversalMv !== undefined ? 1 : pulse ? sign / dt : sign),
    out: pulse
      ? place.input.subarray(place.from, place.from + to.size)
      : arrays.get(`region.${to.spec.name}.receptor.${receptorKey(spec)}`, "f32"),
    shortTerm: spec.shortTerm
      ? {
        parameters: spec.shortTerm,
        resources: {
          x: arrays.get(`${at}.shortTerm.x`, "f32"),
          u: arrays.get(`${at}.shortTerm.u`, "f32"),
          last: arrays.get(`${at}.shortTerm.last`, "i32"),
        },
        release: arrays.get(`${at}.shortTerm.release`, "f32"),
        sources,
      }
      : null,
    enabled: learns(spec, to.spec) ? arrays.get(`${at}.plasticityEnabled`, "u8") : null,
    plasticity: linkPlasticity(plan, arrays, dt),
    sprouting: spec.layout === "sparse" ? linkSprouting(plan, arrays, dt) : null,
  };
}

/** How newborn neurons and co-active pairs get their synapses. */
function linkSprouting({ spec, begin, from, to, delays }: ProjectionPlan, arrays: Arrays, dt: number): Sprouting {
  const at = `projection.${spec.name}.structure`, { delay, structure } = spec, offset = begin - from.begin;
  const positions = (region: RegionPlan) =>
    region.spec.positions ? arrays.get(`region.${region.spec.name}.position`, "f32") : null;
  const a = positions(from), b = positions(to);
  return {
    weight: spec.weight,
    weightMax: spec.plasticity?.weightMax ?? 2 * meanOf(spec.weight),
    far: a && b ? (pre, post) => distance(a, offset + pre, b, post) : null,
    rule: spec,
    delayAt: typeof delay === "object" && "speed" in delay
      ? (mm) => Math.min(delays.length, delaySteps(mm / delay.speed, dt)) - 1
      : null,
    structure: structure
      ? {
        values: structure,
        everySteps: Math.max(1, Math.round(structure.everyMs / dt)),
        enabled: arrays.get(`${at}.enabled`, "u8"),
        born: arrays.get(`${at}.born`, "i32"),
        counters: arrays.get(`${at}.counters`, "u32"),
        log: arrays.get(`${at}.log`, "u32"),
      }
      : null,
  };
}

function linkPlasticity(
  { spec, begin, end, delays }: ProjectionPlan,
  arrays: Arrays,
  dt: number,
): PlasticityProgram | null {
  const p = spec.plasticity;
  if (!p) return null;
  const at = `projection.${spec.name}`, weight = arrays.get(`${at}.weight`, "f32");
  const { reward, metaplasticity } = p, form = ruleForm(p.rule, p);
  const optional = (key: string) => arrays.has(`${at}.${key}`) ? arrays.get(`${at}.${key}`, "f32") : null;
  const preSlow = optional("preSlow"), postSlow = optional("postSlow"), balance = optional("metaplasticity.balance");
  const young = `region.${spec.to}.maturation.plastic`, plastic = arrays.has(young) ? arrays.get(young, "f32") : null;
  return {
    synapses: {
      weight,
      weightMax: p.weightMax,
      softness: p.softness ?? 0,
      rewarded: reward
        ? {
          weight,
          eligibility: arrays.get(`${at}.eligibility`, "f32"),
          settled: arrays.get(`${at}.settled`, "f32"),
          weightMax: p.weightMax,
        }
        : null,
    },
    nearest: p.pairing === "nearest",
    form,
    arrives: Object.values(form.arrival).some((x) => x !== 0),
    preTrace: arrays.get(`${at}.preTrace`, "f32"),
    preClock: traceClock(p.tauPlusMs! / dt),
    postTrace: arrays.get(`${at}.postTrace`, "f32"),
    postClock: traceClock((p.tauMinusMs ?? p.tauPlusMs!) / dt),
    preSlow: preSlow && { trace: preSlow, clock: traceClock(p.tauXMs! / dt) },
    postSlow: postSlow && { trace: postSlow, clock: traceClock(p.tauYMs! / dt) },
    factors: { slow: postSlow, balance, plastic },
    incoming: spec.layout === "sparse" ? indexIncoming(at, arrays, end - begin, delays.length) : null,
    normalization: p.normalization
      ? { mean: p.normalization.mean, everySteps: Math.max(1, Math.round(p.normalization.everyMs / dt)) }
      : null,
    metaplasticity: metaplasticity
      ? {
        targetHz: metaplasticity.targetHz,
        tauMs: metaplasticity.tauMs,
        everySteps: Math.max(1, Math.round(metaplasticity.everyMs / dt)),
        threshold: arrays.get(`${at}.metaplasticity.threshold`, "f32"),
        balance: balance!,
        slow: postSlow !== null,
      }
      : null,
    reward: reward
      ? { dopamine: arrays.get(`${at}.dopamine`, "f64"), parameters: reward, critic: reward.critic }
      : null,
  };
}

/** Lists every target's incoming synapses, in the order of the synapses (counting sort). */
function indexIncoming(at: string, arrays: Arrays, rows: number, delays: number) {
  const rowStart = arrays.get(`${at}.rowStart`, "u32"), target = arrays.indices(`${at}.target`);
  const start = arrays.get(`${at}.incomingStart`, "u32");
  const synapse = arrays.get(`${at}.incomingSynapse`, "u32"),
    terminal = arrays.indices(`${at}.incomingTerminal`);
  start.fill(0);
  for (const j of target) start[j + 1]++;
  for (let j = 1; j < start.length; j++) start[j] += start[j - 1];
  const next = start.slice();
  for (let t = 0; t < rows * delays; t++) {
    for (let k = rowStart[t]; k < rowStart[t + 1]; k++) {
      const q = next[target[k]]++;
      synapse[q] = k;
      terminal[q] = t;
    }
  }
  return { start, synapse, terminal };
}
