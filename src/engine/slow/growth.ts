/** Birth and death of neurons; see src/biology/growth.ts. */

import { drawNumber } from "../../biology/distribution.ts";
import type { growth, GrowthValues } from "../../biology/growth.ts";
import { REST_MV } from "../../biology/neuron.ts";
import { probabilityAt } from "../../biology/space.ts";
import { LESIONED } from "../../../kernels/stdp.ts";
import { bits32, RandomStream, stepKey, streamKey } from "../../state/random.ts";
import type { Slow } from "../mechanism.ts";
import type { NewSynapse, Program, ProjectionProgram, RegionProgram, Site } from "../program.ts";
import { logRow } from "./log.ts";
import { interval } from "./slow.ts";

type GrowthSite = Site<GrowthValues, ReturnType<typeof growth.arrays>>;

/** Lets neurons be born and die. */
export const growNeurons: Slow<GrowthSite> = {
  everySteps: ({ values, program }) => interval(values.everyMs, program.dt).steps,
  apply(site, step) {
    const { program, region, values: p, data: { rate, counted, born, youth, counters, log }, enabled } = site;
    const { begin, end } = region, { alive } = program, novel = noveltyAndRates(site);
    const age = (k: number) => (step - born[k]) * program.dt;
    for (let k = 0; k < youth.length; k++) {
      const left = alive[begin + k] === 1 && born[k] > 0 ? Math.max(0, 1 - age(k) / p.maturationMs) : 0;
      youth[k] = left > 0 ? -p.youthCurrent * left : 0;
    }
    if (enabled[0] === 1) {
      const living = livingOf(program, region);
      const inDanger = (k: number) => age(k) >= p.maturationMs && age(k) <= p.criticalMs && rate[k] < p.silentHz;
      const mature = living.filter((i) => inDanger(i - begin))
        .sort((i, j) => rate[i - begin] - rate[j - begin] || i - j);
      const random = new RandomStream(program.seed, `birth:${region.name}:${step}`);
      // Rounded at random, so that small regions lose neurons too; one is left.
      const most = Math.floor(p.deaths * living.length + random.uniform());
      const dying = mature.slice(0, Math.max(0, Math.min(most, living.length - 1)));
      killNeurons(program, region, dying, step);
      const meanRate = living.reduce((sum, i) => sum + rate[i - begin], 0) / Math.max(1, living.length);
      const drive = (1 - p.novelty) * Math.min(1, meanRate / p.targetHz) + p.novelty * novel;
      const expected = p.births * interval(p.everyMs, program.dt).ms / 1000 * drive *
        (1 - living.length / (end - begin));
      const births = Math.floor(expected + random.uniform());
      const free = freePlaces(program, region, step).slice(0, births);
      bear(program, region, free, step);
      for (const i of free) {
        const k = i - begin;
        counted[k] = program.activity.count[i];
        rate[k] = p.targetHz;
        born[k] = step;
        youth[k] = -p.youthCurrent;
      }
      counters[0] += free.length;
      counters[1] += dying.length;
    }
    const tick = step / interval(p.everyMs, program.dt).steps;
    logRow(log, counters, tick, [step, livingOf(program, region).length, counters[0], counters[1]]);
    return ["neuron.alive"];
  },
};

/** Averages the rates, and tells how new the rates of the last interval are: 1 − cosine with the averaged ones. */
function noveltyAndRates(
  { program: { activity, alive, dt }, region, values: p, data: { rate, counted } }: GrowthSite,
): number {
  const { ms } = interval(p.everyMs, dt), forget = 1 - Math.exp(-ms / p.tauRateMs), perHz = 1000 / ms;
  let dot = 0, now2 = 0, long2 = 0;
  for (let k = 0; k < rate.length; k++) {
    const i = region.begin + k;
    if (alive[i] === 0) continue;
    const now = (activity.count[i] - counted[k]) * perHz;
    counted[k] = activity.count[i];
    dot += now * rate[k];
    now2 += now * now;
    long2 += rate[k] * rate[k];
    rate[k] += forget * (now - rate[k]);
  }
  return now2 > 0 && long2 > 0 ? 1 - dot / Math.sqrt(now2 * long2) : 0;
}

/** The living neurons of a region, as indices in the whole brain. */
export function livingOf({ alive }: Program, { begin, end }: RegionProgram): number[] {
  const list = [];
  for (let i = begin; i < end; i++) if (alive[i] === 1) list.push(i);
  return list;
}

/**
 * Places for newborns, first those of the population that has less than its share of the room. A place is free when the
 * last spike of its former neuron is no longer under way.
 */
function freePlaces({ alive, activity: { last }, slots }: Program, region: RegionProgram, step: number): number[] {
  const { begin, split, end } = region;
  const free = (from: number, to: number) => {
    const list = [];
    for (let i = from; i < to; i++) if (alive[i] === 0 && (last[i] < 0 || step - last[i] > slots)) list.push(i);
    return list;
  };
  const count = (from: number, to: number) => alive.subarray(from, to).reduce((n, x) => n + x, 0);
  const places = [free(begin, split), free(split, end)], room = [split - begin, end - split];
  const living = [count(begin, split), count(split, end)], order: number[] = [];
  while (places[0].length + places[1].length > 0) {
    const fewer = living[1] * room[0] < living[0] * room[1] ? 1 : 0;
    const population = places[fewer].length > 0 ? fewer : 1 - fewer;
    order.push(places[population].shift()!);
    living[population]++;
  }
  return order;
}

/** Kills neurons, with all synapses from and to them. */
export function killNeurons(program: Program, region: RegionProgram, neurons: readonly number[], step: number): void {
  if (neurons.length === 0) return;
  const dead = new Uint8Array(program.neurons);
  for (const i of neurons) {
    dead[i] = 1;
    program.alive[i] = 0;
    settleDown(program, region, i);
  }
  for (const projection of [...program.projections]) {
    const { rows, weight, begin, to } = projection, target = program.regions[to];
    if (program.regions[projection.firstPopulation >> 1] !== region && target !== region) continue;
    if (rows) {
      const remove = new Uint8Array(rows.target.length);
      for (let row = 0; row + 1 < rows.rowStart.length; row++) {
        const gone = dead[begin + Math.floor(row / rows.delays)];
        for (let k = rows.rowStart[row]; k < rows.rowStart[row + 1]; k++) {
          remove[k] = gone | dead[target.begin + rows.target[k]];
        }
      }
      program.rewire(projection, { remove, add: [], step });
    } else if (projection.layout === "dense") {
      const n = target.end - target.begin;
      for (let k = 0; k < weight.length; k++) {
        if (dead[begin + Math.floor(k / n)] || dead[target.begin + k % n]) silence(projection, k);
      }
    }
  }
  program.census(region);
}

/** Takes a synapse of a dense projection out of use for good; no reward to come speaks for it. */
export function silence({ weight, plasticity }: ProjectionProgram, k: number): void {
  weight[k] = LESIONED;
  const rewarded = plasticity?.synapses.rewarded;
  if (rewarded) rewarded.eligibility[k] = 0;
}

/** Leaves nothing of a neuron behind but the number of spikes at its place. */
function settleDown({ membranes: m, current, activity, projections }: Program, region: RegionProgram, i: number): void {
  const k = i - region.begin;
  m.v[i] = REST_MV;
  m.u[i] = m.b[i] * REST_MV;
  m.input[i] =
    m.conductance[i] =
    current[i] =
    activity.rate[i] =
      0;
  region.stimulus.value[k] = 0;
  for (const { g } of region.receptors) g[k] = 0;
  for (const site of region.mechanisms.values()) site.renew(k);
  for (const { plasticity: p, to, begin, delays, shortTerm } of projections) {
    if (p && to === region.index) {
      p.postTrace[k] = 0;
      if (p.postSlow) p.postSlow.trace[k] = 0;
      if (p.metaplasticity) {
        p.metaplasticity.threshold[k] = p.metaplasticity.targetHz;
        p.metaplasticity.balance[k] = 1;
      }
    }
    const row = i - begin, many = delays.length;
    if (p && row >= 0 && row * many < p.preTrace.length) {
      p.preTrace.fill(0, row * many, (row + 1) * many);
      p.preSlow?.trace.fill(0, row * many, (row + 1) * many);
    }
    if (shortTerm && row >= 0 && row < shortTerm.sources) shortTerm.resources.last[row] = -1;
  }
}

/** Brings neurons to life at free places, and connects them like their fellows. */
function bear(program: Program, region: RegionProgram, places: readonly number[], step: number): void {
  if (places.length === 0) return;
  const before = livingOf(program, region);
  for (const i of places) {
    settleDown(program, region, i);
    program.alive[i] = 1;
    program.activity.last[i] = -1;
  }
  for (const projection of [...program.projections]) {
    const { sprouting, begin, rows } = projection;
    if (!sprouting || !rows) continue;
    const source = program.regions[projection.firstPopulation >> 1], target = program.regions[projection.to];
    const last = begin + (rows.rowStart.length - 1) / rows.delays;
    const isSource = (i: number) => i >= begin && i < last;
    const add: NewSynapse[] = [];
    const sources = (source === region ? before : livingOf(program, source)).filter(isSource);
    const targets = target === region ? before : livingOf(program, target);
    if (target === region) {
      const degree = rows.target.length / Math.max(1, targets.length);
      for (const j of places) add.push(...sprout(program, projection, [j], sources, degree, step));
    }
    if (source === region) {
      const degree = rows.target.length / Math.max(1, sources.length);
      for (const i of places.filter(isSource)) add.push(...sprout(program, projection, targets, [i], degree, step));
    }
    if (add.length > 0) program.rewire(projection, { remove: null, add, step });
  }
  program.census(region);
}

/**
 * New synapses of one neuron with distinct partners among many, about `degree`; one of the two lists has one element.
 */
function sprout(
  program: Program,
  projection: ProjectionProgram,
  targets: readonly number[],
  sources: readonly number[],
  degree: number,
  step: number,
): NewSynapse[] {
  const { sprouting, begin, to, name, delays } = projection, { weight, weightMax, far, rule, delayAt } = sprouting!;
  const outgoing = sources.length === 1 && targets.length !== 1, own = outgoing ? sources[0] : targets[0];
  const random = new RandomStream(program.seed, `sprout:${name}:${outgoing ? "out" : "in"}:${own}:${step}`);
  const key = stepKey(streamKey(program.seed, `sprout weight:${name}`), step) ^ bits32(own, outgoing ? 1 : 0);
  const pool = [...outgoing ? targets : sources].filter((i) => i !== own);
  const wanted = Math.floor(degree + random.uniform()), first = program.regions[to].begin, list: NewSynapse[] = [];
  for (let tries = 0; pool.length > 0 && list.length < wanted && tries < 50 * wanted; tries++) {
    const at = random.integer(pool.length), partner = pool[at];
    const pre = (outgoing ? own : partner) - begin, post = (outgoing ? partner : own) - first;
    const mm = far ? far(pre, post) : 0;
    if ((rule.gaussian || rule.ring) && random.uniform() >= probabilityAt(rule, mm)) continue;
    pool[at] = pool[pool.length - 1];
    pool.pop();
    const delay = delayAt ? delayAt(mm) : random.integer(delays.length);
    list.push({ pre, post, delay, weight: Math.min(weightMax, drawNumber(weight, key, list.length)) });
  }
  return list;
}
