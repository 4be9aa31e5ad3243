/** Draws which neurons a sparse projection connects, and the rows of synapses that result. */

import { bits32, stepKey, streamKey, toUniform } from "../state/random.ts";
import type { Distribution } from "./spec.ts";
import { delaySteps, type ProjectionPlan } from "./plan.ts";

/** The stored form of a sparse projection: see `SparseRows` in kernels/deliver.ts. */
export interface DrawnSynapses {
  rowStart: Uint32Array;
  target: Uint32Array;
  weight: Float32Array;
}

/** A list of numbers that grows as it is written. */
class Column<T extends Uint32Array | Float32Array> {
  length = 0;
  constructor(private data: T, private readonly make: (n: number) => T) {}
  push(value: number): void {
    if (this.length === this.data.length) {
      const larger = this.make(Math.ceil(this.data.length * 1.5) + 16);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[this.length++] = value;
  }
  done(): T {
    return (this.length === this.data.length ? this.data : this.data.slice(0, this.length)) as T;
  }
}

/**
 * Draws the synapses of a sparse projection, row by row, each row sorted by delay, then target.
 * @param seed the brain's seed; the projection's name selects the streams
 */
export function drawSynapses(plan: ProjectionPlan, seed: number, dt: number): DrawnSynapses {
  const { spec, delays } = plan;
  const rows = plan.end - plan.begin, many = delays.length;
  const expected = expectedSynapses(plan);
  const target = new Column(new Uint32Array(expected), (n) => new Uint32Array(n));
  const weight = new Column(new Float32Array(expected), (n) => new Float32Array(n));
  const rowStart = new Uint32Array(rows * many + 1);
  const weightKey = streamKey(seed, `weight:${spec.name}`),
    delayKey = streamKey(seed, `delay:${spec.name}`);
  const slotOf = new Map(delays.map((steps, k) => [steps, k]));
  const explicit = spec.pairs;
  const rowsOfTargets = targetRows(plan, seed);
  const bins: number[][] = delays.map(() => []);
  for (let pre = 0; pre < rows; pre++) {
    const row = rowsOfTargets(pre);
    const keyOfWeights = stepKey(weightKey, pre), keyOfDelays = stepKey(delayKey, pre);
    for (let j = 0; j < row.targets.length; j++) {
      const given = row.pairs?.[j];
      const slot = given !== undefined && explicit?.delay
        ? slotOf.get(delaySteps(explicit.delay[given], dt))!
        : many === 1
        ? 0
        : Math.floor(toUniform(bits32(keyOfDelays, j)) * many);
      bins[slot].push(j);
    }
    for (let slot = 0; slot < many; slot++) {
      rowStart[pre * many + slot] = target.length;
      for (const j of bins[slot]) {
        const given = row.pairs?.[j];
        target.push(row.targets[j]);
        weight.push(
          given !== undefined && explicit?.weight ? explicit.weight[given] : drawNumber(spec.weight, keyOfWeights, j),
        );
      }
      bins[slot].length = 0;
    }
  }
  rowStart[rows * many] = target.length;
  return { rowStart, target: target.done(), weight: weight.done() };
}

/** Draws all weights of a dense projection. */
export function drawDenseWeights(plan: ProjectionPlan, seed: number, weight: Float32Array): void {
  const columns = plan.to.spec.neurons, key = streamKey(seed, `weight:${plan.spec.name}`);
  for (let pre = 0; pre < plan.end - plan.begin; pre++) {
    const row = stepKey(key, pre);
    for (let j = 0; j < columns; j++) {
      weight[pre * columns + j] = drawNumber(plan.spec.weight, row, j);
    }
  }
}

/** One draw from a distribution; normal draws are cut at zero. */
function drawNumber(distribution: Distribution, key: number, index: number): number {
  if (typeof distribution === "number") return distribution;
  if ("uniform" in distribution) {
    const [low, high] = distribution.uniform;
    return low + (high - low) * toUniform(bits32(key, index));
  }
  const [mean, sd] = distribution.normal;
  const radius = Math.sqrt(-2 * Math.log(1 - toUniform(bits32(key, 2 * index))));
  return Math.max(
    0,
    mean + sd * radius * Math.cos(2 * Math.PI * toUniform(bits32(key, 2 * index + 1))),
  );
}

/** Expected number of synapses, for sizing; exact for all rules but density. */
export function expectedSynapses({ spec, begin, end, from, to }: ProjectionPlan): number {
  const rows = end - begin, columns = to.spec.neurons;
  if (spec.layout !== "sparse") return spec.layout === "dense" ? rows * columns : 1;
  if (spec.pairs) return spec.pairs.pre.length;
  if (spec.oneToOne) return rows;
  if (spec.outDegree !== undefined) return rows * spec.outDegree;
  if (spec.inDegree !== undefined) return columns * spec.inDegree;
  const pairs = rows * columns - (from === to ? rows : 0);
  return Math.round((spec.density ?? 0) * pairs);
}

/** Targets of one source neuron; `pairs`, for explicit lists, holds the index of each in the lists. */
interface Row {
  targets: ArrayLike<number>;
  pairs?: ArrayLike<number>;
}

/** A function that gives each source neuron's targets, ascending (in the given order for pairs). */
function targetRows(plan: ProjectionPlan, seed: number): (pre: number) => Row {
  const { spec, begin, end, from, to } = plan;
  const rows = end - begin, columns = to.spec.neurons;
  // Inside a region, a neuron of the source population with index `pre` is target `pre + offset`, and not its own target.
  const inside = from === to, offset = begin - from.begin;
  const key = streamKey(seed, `connect:${spec.name}`);
  if (spec.pairs) {
    const { pre, post } = spec.pairs;
    const order = Uint32Array.from({ length: pre.length }, (_, k) => k);
    return byRow(pre, order, rows, (k) => post[k], true);
  }
  if (spec.oneToOne) return (pre) => ({ targets: [pre] });
  if (spec.outDegree !== undefined) {
    const degree = spec.outDegree;
    return (pre) => ({ targets: distinct(degree, columns, inside ? pre + offset : -1, stepKey(key, pre)) });
  }
  if (spec.inDegree !== undefined) {
    const pre: number[] = [], post: number[] = [];
    for (let j = 0; j < columns; j++) {
      for (const i of distinct(spec.inDegree, rows, inside ? j - offset : -1, stepKey(key, j))) {
        pre.push(i);
        post.push(j);
      }
    }
    return byRow(
      pre,
      Uint32Array.from({ length: pre.length }, (_, k) => k),
      rows,
      (k) => post[k],
      false,
    );
  }
  const density = spec.density ?? 0;
  return (pre) => ({ targets: bernoulliRow(density, columns, inside ? pre + offset : -1, stepKey(key, pre)) });
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

/** `count` distinct numbers below n, none of them `except`, ascending (Floyd's algorithm). */
function distinct(count: number, n: number, except: number, key: number): number[] {
  const excluded = except >= 0 && except < n;
  const m = excluded ? n - 1 : n;
  const chosen = new Set<number>();
  for (let j = m - count; j < m; j++) {
    const t = Math.floor(toUniform(bits32(key, j)) * (j + 1));
    chosen.add(chosen.has(t) ? j : t);
  }
  return [...chosen].map((t) => excluded && t >= except ? t + 1 : t).sort((a, b) => a - b);
}
