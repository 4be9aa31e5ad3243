/** Draws which neurons a sparse projection connects, and the rows of synapses that result. */

import { bits32, stepKey, streamKey, toUniform } from "../state/random.ts";
import type { Indices } from "../state/arrays.ts";
import { distance, drawPositions, patchOf, probabilityAt } from "../biology/space.ts";
import { drawNumber } from "../biology/distribution.ts";
import { populationSizes } from "./spec.ts";
import { delaySteps, lateness, type ProjectionPlan } from "./plan.ts";

/** The stored form of a sparse projection: see `SparseRows` in kernels/deliver.ts. */
export interface DrawnSynapses {
  rowStart: Uint32Array;
  target: Indices;
  weight: Float32Array;
}

/** Number of synapses of a sparse projection; where the rule does not tell, its rows are drawn to be counted. */
export function countSynapses(plan: ProjectionPlan, seed: number): number {
  const { spec, begin, end } = plan;
  if (spec.density === undefined && !spec.gaussian && !spec.ring) return expectedSynapses(plan);
  const rowsOfTargets = targetRows(plan, seed);
  let count = 0;
  for (let pre = 0; pre < end - begin; pre++) count += rowsOfTargets(pre).targets.length;
  return count;
}

/**
 * Draws the synapses of a sparse projection, row by row, each row sorted by delay, then target.
 * @param seed the brain's seed; the projection's name selects the streams
 * @param into arrays of the right lengths, so that large ones need not be copied
 */
export function drawSynapses(
  plan: ProjectionPlan,
  seed: number,
  dt: number,
  into: DrawnSynapses = roomFor(plan, countSynapses(plan, seed)),
): DrawnSynapses {
  const { spec, delays } = plan, { rowStart, target, weight } = into;
  const rows = plan.end - plan.begin, many = delays.length;
  const weightKey = streamKey(seed, `weight:${spec.name}`), delayKey = streamKey(seed, `delay:${spec.name}`);
  const late = lateness(spec, plan.to.spec, dt), slotOf = new Map(delays.map((steps, k) => [steps - late, k]));
  const explicit = spec.pairs, rowsOfTargets = targetRows(plan, seed);
  const far = typeof spec.delay === "object" && "speed" in spec.delay ? distances(plan) : null;
  const slotNumber = (pre: number, { targets, pairs }: Row, j: number, key: number) => {
    if (many === 1) return 0;
    if (pairs && explicit?.delay) return slotOf.get(delaySteps(explicit.delay[pairs[j]], dt))!;
    // Positions are in single precision: a distance may round to a step more than the longest.
    if (far) return Math.min(many, delaySteps(far(pre, targets[j]) / (spec.delay as { speed: number }).speed, dt)) - 1;
    return Math.floor(toUniform(bits32(key, j)) * many);
  };
  const next = new Uint32Array(many);
  let slots = new Uint16Array(0), count = 0;
  for (let pre = 0; pre < rows; pre++) {
    const row = rowsOfTargets(pre), { targets, pairs } = row;
    const keyOfWeights = stepKey(weightKey, pre), keyOfDelays = stepKey(delayKey, pre);
    if (slots.length < targets.length) slots = new Uint16Array(targets.length);
    next.fill(0);
    for (let j = 0; j < targets.length; j++) next[slots[j] = slotNumber(pre, row, j, keyOfDelays)]++;
    for (let slot = 0; slot < many; slot++) {
      rowStart[pre * many + slot] = count;
      count += next[slot];
      next[slot] = count - next[slot];
    }
    for (let j = 0; j < targets.length; j++) {
      const at = next[slots[j]]++;
      target[at] = targets[j];
      weight[at] = pairs && explicit?.weight ? explicit.weight[pairs[j]] : drawNumber(spec.weight, keyOfWeights, j);
    }
  }
  rowStart[rows * many] = count;
  return into;
}

function roomFor({ begin, end, delays }: ProjectionPlan, count: number): DrawnSynapses {
  const rowStart = new Uint32Array((end - begin) * delays.length + 1);
  return { rowStart, target: new Uint32Array(count), weight: new Float32Array(count) };
}

/** Draws all weights of a dense projection. */
export function drawDenseWeights(plan: ProjectionPlan, seed: number, weight: Float32Array): void {
  const columns = plan.to.size, key = streamKey(seed, `weight:${plan.spec.name}`);
  for (let pre = 0; pre < plan.end - plan.begin; pre++) {
    const row = stepKey(key, pre);
    for (let j = 0; j < columns; j++) {
      weight[pre * columns + j] = drawNumber(plan.spec.weight, row, j);
    }
  }
}

/** Expected number of synapses, for sizing; exact for all rules but density. */
export function expectedSynapses(plan: ProjectionPlan): number {
  const { spec, from, to } = plan, rows = living(plan, "from").length, columns = living(plan, "to").length;
  if (spec.layout !== "sparse") return spec.layout === "dense" ? rows * columns : 1;
  if (spec.pairs) return spec.pairs.pre.length;
  if (spec.oneToOne) return rows;
  if (spec.outDegree !== undefined) return rows * spec.outDegree;
  if (spec.inDegree !== undefined) return columns * spec.inDegree;
  if (spec.receptiveField) {
    return spec.receptiveField.width * spec.receptiveField.height * populationSizes(to.spec).excitatory;
  }
  const pairs = rows * columns - (from === to ? rows : 0);
  if (spec.gaussian || spec.ring) {
    // A sample of the pairs at their distances.
    const far = distances(plan), sources = living(plan, "from"), targets = living(plan, "to"), sample = 4096;
    let sum = 0;
    for (let k = 0; k < sample; k++) {
      sum += probabilityAt(spec, far(sources[k * 7919 % rows], targets[k * 104729 % columns]));
    }
    return Math.round(pairs * sum / sample);
  }
  return Math.round((spec.density ?? 0) * pairs);
}

/** Neurons that live from the beginning: sources as rows, targets as indices within their region. */
function living({ spec, from, to }: ProjectionPlan, end: "from" | "to"): number[] {
  const region = end === "from" ? from : to, { excitatory, inhibitory } = populationSizes(region.spec);
  const room = region.split - region.begin;
  const first = Array.from({ length: excitatory }, (_, k) => k);
  const second = Array.from({ length: inhibitory }, (_, k) => room + k);
  if (end === "to" || spec.source === "all") return [...first, ...second];
  return spec.source === "excitatory" ? first : second.map((k) => k - room);
}

/** Distance between a row's neuron and a target, mm. */
function distances({ begin, from, to }: ProjectionPlan): (pre: number, post: number) => number {
  const a = drawPositions(from.spec.positions!, from.place), b = drawPositions(to.spec.positions!, to.place);
  return (pre, post) => distance(a, begin - from.begin + pre, b, post);
}

/** Targets of one source neuron; `pairs`, for explicit lists, holds the index of each in the lists. */
interface Row {
  targets: ArrayLike<number>;
  pairs?: ArrayLike<number>;
}

/** A function that gives each source neuron's targets, ascending (in the given order for pairs). */
function targetRows(plan: ProjectionPlan, seed: number): (pre: number) => Row {
  const { spec, begin, end, from, to } = plan;
  const sources = living(plan, "from"), targets = living(plan, "to"), key = streamKey(seed, `connect:${spec.name}`);
  // Rules count living neurons: the place of each source row in that order, and of itself among the targets, or −1.
  const place = new Int32Array(end - begin).fill(-1);
  sources.forEach((row, k) => place[row] = k);
  const placeOfTarget = new Map(from === to ? targets.map((j, k) => [j, k]) : []);
  const self = (row: number) => placeOfTarget.get(row + begin - from.begin) ?? -1;
  const none: Row = { targets: [] };
  const all = targets.every((j, k) => j === k);
  const each = (draw: (row: number, key: number) => ArrayLike<number>): (pre: number) => Row => (row) => {
    if (place[row] < 0) return none;
    const drawn = draw(row, stepKey(key, row));
    return { targets: all ? drawn : Array.from(drawn, (k) => targets[k]) };
  };
  const listed = (pre: ArrayLike<number>, post: ArrayLike<number>, keepIndex = false) =>
    byRow(pre, Uint32Array.from({ length: pre.length }, (_, k) => k), end - begin, (k) => post[k], keepIndex);

  if (spec.pairs) {
    return listed(spec.pairs.pre.map((k) => sources[k]), spec.pairs.post.map((k) => targets[k]), true);
  }
  if (spec.oneToOne) return each((row) => [place[row]]);
  if (spec.outDegree !== undefined) {
    return each((row, key) => distinct(spec.outDegree!, targets.length, self(row), key));
  }
  if (spec.inDegree !== undefined) {
    const pre: number[] = [], post: number[] = [];
    targets.forEach((j) => {
      const own = from === to ? place[j - (begin - from.begin)] ?? -1 : -1;
      for (const i of distinct(spec.inDegree!, sources.length, own, stepKey(key, j))) {
        pre.push(sources[i]);
        post.push(j);
      }
    });
    return listed(pre, post);
  }
  if (spec.receptiveField) {
    const pre: number[] = [], post: number[] = [], { excitatory } = populationSizes(to.spec);
    for (let j = 0; j < excitatory; j++) {
      const group = Math.floor(j * to.spec.groups / (to.split - to.begin));
      for (const i of patchOf(from.spec.positions!.grid!, spec.receptiveField, group)) {
        pre.push(i);
        post.push(j);
      }
    }
    return listed(pre, post);
  }
  if (spec.gaussian || spec.ring) {
    const far = distances(plan);
    return each((row, key) => {
      const own = self(row), list = [];
      for (let k = 0; k < targets.length; k++) {
        if (k !== own && toUniform(bits32(key, k)) < probabilityAt(spec, far(row, targets[k]))) list.push(k);
      }
      return list;
    });
  }
  return each((row, key) => bernoulliRow(spec.density ?? 0, targets.length, self(row), key));
}

/** Sorts pairs by source (counting sort, stable). */
function byRow(
  pre: ArrayLike<number>,
  order: Uint32Array,
  rows: number,
  post: (k: number) => number,
  keepIndex: boolean,
): (row: number) => Row {
  const start = new Uint32Array(rows + 1);
  for (let k = 0; k < pre.length; k++) start[pre[k] + 1]++;
  for (let r = 0; r < rows; r++) start[r + 1] += start[r];
  const next = start.slice(), sorted = new Uint32Array(order.length);
  for (const k of order) sorted[next[pre[k]]++] = k;
  return (row) => {
    const pairs = sorted.subarray(start[row], start[row + 1]);
    const targets = Uint32Array.from(pairs, (k) => post(k));
    return keepIndex ? { targets, pairs } : { targets };
  };
}

/** Each of n candidates but one with probability p, by geometric jumps: work grows with the result, not with n. */
function bernoulliRow(p: number, n: number, except: number, key: number): number[] {
  const result: number[] = [];
  if (p <= 0) return result;
  const logQ = Math.log(1 - p);
  for (let j = 0, draw = 0;; j++) {
    if (p < 1) j += Math.floor(Math.log(1 - toUniform(bits32(key, draw++))) / logQ);
    if (j >= n) return result;
    if (j !== except) result.push(j);
  }
}

/** Which row last chose a number: cleared by choosing anew, not by writing zeros. */
let chosenBy = new Uint32Array(0), choices = 0;

/** `count` distinct numbers below n, none of them `except`, ascending (Floyd's algorithm). */
function distinct(count: number, n: number, except: number, key: number): Uint32Array {
  const excluded = except >= 0 && except < n, m = excluded ? n - 1 : n, chosen = new Uint32Array(count);
  if (chosenBy.length < m || choices === 2 ** 32 - 1) {
    chosenBy = new Uint32Array(m);
    choices = 0;
  }
  const mine = ++choices;
  for (let j = m - count, k = 0; j < m; j++, k++) {
    let t = Math.floor(toUniform(bits32(key, j)) * (j + 1));
    if (chosenBy[t] === mine) t = j;
    chosenBy[t] = mine;
    chosen[k] = excluded && t >= except ? t + 1 : t;
  }
  return chosen.sort();
}
