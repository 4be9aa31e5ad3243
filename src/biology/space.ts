/**
 * Space: where neurons lie, and what follows from distance. Lengths in mm.
 *
 * | positions | neurons lie |
 * |---|---|
 * | grid [w, h] | on a rectangle, row by row, `spacing` apart; excitatory and inhibitory ones each from the first place on |
 * | box [w, h, d] | uniformly within a box (d may be left out: a rectangle) |
 * | disc r | uniformly within a disc |
 * | points | where the list says |
 *
 * around the region's centre `at` (a grid: from it on). Connection rules by distance d: `gaussian`, with probability peak · e^(−d²/2σ²); `ring`,
 * with one probability between two radii. Delays can follow from distance and a conduction speed in mm/ms (= m/s).
 */

import { bits32, stepKey, streamKey, toUniform } from "../state/random.ts";
import { InputError, show } from "../state/errors.ts";
import { checkInteger, checkKeys, checkNumber } from "./parameters.ts";
import type { Place } from "./mechanism.ts";

/** Where a region's neurons lie. Exactly one of grid, box, disc and points. */
export interface PositionsSpec {
  /** Columns and rows. */
  grid?: [number, number];
  /** Distance between neighbours on the grid, mm (default 1). */
  spacing?: number;
  /** Sides, mm. */
  box?: [number, number] | [number, number, number];
  /** Radius, mm. */
  disc?: number;
  /** One position a neuron, mm. */
  points?: number[][];
  /** Centre of the region, mm (default: the origin). */
  at?: number[];
}

const KINDS = ["grid", "box", "disc", "points"] as const;

/** Checks positions. */
export function resolvePositions(what: string, given: unknown, { neurons, excitatory }: Place): PositionsSpec {
  checkKeys(what, given, [...KINDS, "spacing", "at"]);
  const kinds = KINDS.filter((kind) => given[kind] !== undefined);
  if (kinds.length !== 1) {
    throw new InputError(
      `${what} name ${kinds.join(" and ") || "nothing"}; expected exactly one of ${KINDS.join(", ")}`,
    );
  }
  if (given.spacing !== undefined && kinds[0] !== "grid") throw new InputError(`${what}: spacing is for a grid`);
  const list = (key: string, value: unknown, lengths: number[], min: number, max = 1e6) => {
    if (!Array.isArray(value) || !lengths.includes(value.length)) {
      throw new InputError(`${what}: ${key} is ${show(value)}; expected a list of ${lengths.join(" or ")} numbers`);
    }
    return value.map((x, k) => checkNumber(`${what}: ${key}[${k}]`, x, min, max));
  };
  const at = given.at === undefined ? undefined : list("at", given.at, [2, 3], -1e6);
  const place = { ...at && { at } };
  switch (kinds[0]) {
    case "grid": {
      const [w, h] = list("grid", given.grid, [2], 1, 1e5).map((n, k) =>
        checkInteger(`${what}: grid[${k}]`, n, 1, 1e5)
      );
      const most = Math.max(excitatory, neurons - excitatory);
      if (w * h < most) throw new InputError(`${what}: a grid of ${w} × ${h} has no room for ${most} neurons`);
      const spacing = checkNumber(`${what}: spacing`, given.spacing === undefined ? 1 : given.spacing, 1e-6, 1e6, "mm");
      return { grid: [w, h], spacing, ...place };
    }
    case "box":
      return { box: list("box", given.box, [2, 3], 0) as [number, number], ...place };
    case "disc":
      return { disc: checkNumber(`${what}: disc`, given.disc, 0, 1e6, "mm"), ...place };
    case "points": {
      const { points } = given;
      if (!Array.isArray(points) || points.length !== neurons) {
        throw new InputError(
          `${what}: points are ${show(points)}; expected one position for each of ${neurons} neurons`,
        );
      }
      return { points: points.map((point, k) => list(`points[${k}]`, point, [2, 3], -1e6)), ...place };
    }
  }
}

/** The position of each neuron of a region: x, y, z one after the other, mm. */
export function drawPositions(spec: PositionsSpec, { neurons, excitatory, seed, name }: Place): Float32Array {
  const positions = new Float32Array(3 * neurons), key = streamKey(seed, `position:${name}`);
  const [x0, y0, z0 = 0] = spec.at ?? [0, 0, 0];
  for (let k = 0; k < neurons; k++) {
    const draw = (axis: number) => toUniform(bits32(stepKey(key, axis), k));
    let point: number[];
    if (spec.grid) {
      const place = k < excitatory ? k : k - excitatory, [w] = spec.grid;
      point = [place % w * spec.spacing!, Math.floor(place / w) * spec.spacing!];
    } else if (spec.box) point = spec.box.map((side, axis) => (draw(axis) - 0.5) * side);
    else if (spec.disc !== undefined) {
      const radius = spec.disc * Math.sqrt(draw(0)), angle = 2 * Math.PI * draw(1);
      point = [radius * Math.cos(angle), radius * Math.sin(angle)];
    } else point = spec.points![k];
    positions.set([x0 + point[0], y0 + point[1], z0 + (point[2] ?? 0)], 3 * k);
  }
  return positions;
}

/** The smallest box around a region's possible positions: lowest and highest corner. */
function bounds(spec: PositionsSpec): [number[], number[]] {
  const at = [0, 1, 2].map((axis) => spec.at?.[axis] ?? 0);
  const between = (low: (axis: number) => number, high: (axis: number) => number): [number[], number[]] => [
    at.map((x, axis) => x + low(axis)),
    at.map((x, axis) => x + high(axis)),
  ];
  if (spec.grid) return between(() => 0, (axis) => axis < 2 ? (spec.grid![axis] - 1) * spec.spacing! : 0);
  if (spec.box) return between((axis) => -(spec.box![axis] ?? 0) / 2, (axis) => (spec.box![axis] ?? 0) / 2);
  if (spec.disc !== undefined) return between((a) => a < 2 ? -spec.disc! : 0, (a) => a < 2 ? spec.disc! : 0);
  const along = (axis: number) => spec.points!.map((point) => point[axis] ?? 0);
  const extreme = (axis: number, pick: (a: number, b: number) => number) =>
    along(axis).reduce((a, b) => pick(a, b), along(axis)[0] ?? 0); // pick itself would be given the index too
  return between((axis) => extreme(axis, Math.min), (axis) => extreme(axis, Math.max));
}

/** No two neurons of the two regions lie farther apart than this, mm. */
export function farthest(a: PositionsSpec, b: PositionsSpec): number {
  const [lowA, highA] = bounds(a), [lowB, highB] = bounds(b);
  return Math.hypot(...lowA.map((_, axis) => Math.max(highA[axis] - lowB[axis], highB[axis] - lowA[axis])));
}

/** Distance of neuron i of one region from neuron j of another, mm. */
export function distance(a: Float32Array, i: number, b: Float32Array, j: number): number {
  return Math.hypot(a[3 * i] - b[3 * j], a[3 * i + 1] - b[3 * j + 1], a[3 * i + 2] - b[3 * j + 2]);
}

/** Connection probability that falls with distance. */
export const GAUSSIAN = {
  sigmaMm: { default: 1, min: 1e-6, max: 1e6, unit: "mm", meaning: "σ: range" },
  peak: { default: 1, min: 0, max: 1, unit: "1", meaning: "probability at distance zero" },
} as const;

/** Connection probability between two radii. */
export const RING = {
  innerMm: { default: 0, min: 0, max: 1e6, unit: "mm", meaning: "inner radius" },
  outerMm: { default: 1, min: 0, max: 1e6, unit: "mm", meaning: "outer radius" },
  probability: { default: 1, min: 0, max: 1, unit: "1", meaning: "probability within the ring" },
} as const;

/** Local receptive fields: each group of the target sees one patch of the source's grid. */
export const RECEPTIVE_FIELD = {
  width: { default: 5, min: 1, max: 1e5, unit: "neurons", meaning: "columns of a patch", whole: true },
  height: { default: 5, min: 1, max: 1e5, unit: "neurons", meaning: "rows of a patch", whole: true },
  stride: { default: 1, min: 1, max: 1e5, unit: "neurons", meaning: "distance of neighbouring patches", whole: true },
} as const;

/** A projection's rules that need positions. */
export interface SpatialRule {
  /** Probability peak · e^(−d²/2σ²). */
  gaussian?: { sigmaMm: number; peak: number };
  /** One probability between two radii. */
  ring?: { innerMm: number; outerMm: number; probability: number };
  /** One patch of the source's grid for each group of the target. */
  receptiveField?: { width: number; height: number; stride: number };
}

/** Connection probability at a distance under a rule. */
export function probabilityAt({ gaussian, ring }: SpatialRule, d: number): number {
  if (gaussian) return gaussian.peak * Math.exp(-d * d / (2 * gaussian.sigmaMm ** 2));
  return ring && d >= ring.innerMm && d <= ring.outerMm ? ring.probability : 0;
}

/** Numbers of patches along the columns and rows of a grid. */
export function patches([w, h]: [number, number], f: { width: number; height: number; stride: number }) {
  return [Math.floor((w - f.width) / f.stride) + 1, Math.floor((h - f.height) / f.stride) + 1] as const;
}

/** The neurons of a grid that patch p sees, ascending. */
export function patchOf(
  grid: [number, number],
  field: NonNullable<SpatialRule["receptiveField"]>,
  p: number,
): number[] {
  const [across] = patches(grid, field), [w] = grid;
  const x0 = p % across * field.stride, y0 = Math.floor(p / across) * field.stride;
  const list = [];
  for (let y = y0; y < y0 + field.height; y++) for (let x = x0; x < x0 + field.width; x++) list.push(y * w + x);
  return list;
}
