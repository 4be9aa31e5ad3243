/** Checks which pairs of neurons a projection connects. */

import { checkInteger, checkKeys, checkNumber, or, resolveTable } from "../biology/parameters.ts";
import { GAUSSIAN, patches, RECEPTIVE_FIELD, RING } from "../biology/space.ts";
import { InputError, show } from "../state/errors.ts";
import { type ResolvedProjection, type ResolvedRegion, type Rule, sourceSize } from "./spec.ts";

/** Longest delay in steps. */
export const MAX_DELAY_STEPS = 4096;

/** The rules; a projection has one. */
export const RULES = [
  "density",
  "outDegree",
  "inDegree",
  "oneToOne",
  "gaussian",
  "ring",
  "receptiveField",
  "pairs",
] as const;

/** Expected number of synapses of a target neuron, for the default weight. */
export function expectedDegree(rule: Rule, from: ResolvedRegion, to: ResolvedRegion, sources: number): number {
  if (rule.inDegree !== undefined) return rule.inDegree;
  if (rule.outDegree !== undefined) return rule.outDegree * sources / to.neurons;
  if (rule.oneToOne) return 1;
  if (rule.pairs) return rule.pairs.pre.length / to.neurons;
  if (rule.receptiveField) return rule.receptiveField.width * rule.receptiveField.height;
  if (rule.gaussian || rule.ring) {
    // Sources per area times the area of the rule; no more than there are.
    const area = rule.gaussian
      ? 2 * Math.PI * rule.gaussian.sigmaMm ** 2 * rule.gaussian.peak
      : Math.PI * (rule.ring!.outerMm ** 2 - rule.ring!.innerMm ** 2) * rule.ring!.probability;
    return Math.min(sources, Math.max(1, area * sources / areaOf(from)));
  }
  return (rule.density ?? 0) * sources;
}

function areaOf({ positions: p, neurons }: ResolvedRegion): number {
  if (p?.grid) return p.grid[0] * p.grid[1] * p.spacing! ** 2;
  if (p?.box) return Math.max(1e-9, p.box[0] * p.box[1]);
  return p?.disc !== undefined ? Math.max(1e-9, Math.PI * p.disc ** 2) : neurons;
}

export function resolveRule(
  what: string,
  given: Record<string, unknown>,
  from: ResolvedRegion,
  to: ResolvedRegion,
  source: ResolvedProjection["source"],
  dt: number,
): Rule {
  const sources = sourceSize(from, source), targets = to.neurons;
  const rules = RULES.filter((rule) => given[rule] !== undefined && given[rule] !== false);
  if (rules.length > 1) {
    throw new InputError(`${what}: ${rules.join(" and ")} exclude each other; give one`);
  }
  switch (rules[0]) {
    case "outDegree":
      return {
        outDegree: checkInteger(
          `${what}: outDegree`,
          given.outDegree,
          0,
          targets - (given.from === given.to ? 1 : 0),
        ),
      };
    case "inDegree":
      return {
        inDegree: checkInteger(
          `${what}: inDegree`,
          given.inDegree,
          0,
          sources - (given.from === given.to ? 1 : 0),
        ),
      };
    case "oneToOne":
      if (given.oneToOne !== true) {
        throw new InputError(`${what}: oneToOne is ${show(given.oneToOne)}; expected true or false`);
      }
      if (sources !== targets) {
        throw new InputError(
          `${what}: oneToOne needs equal numbers; ${sources} sources, ${targets} targets`,
        );
      }
      if (given.from === given.to) {
        throw new InputError(`${what}: oneToOne inside a region would connect neurons to themselves; use pairs`);
      }
      return { oneToOne: true };
    case "gaussian":
      requirePositions(what, "gaussian", from, to);
      return { gaussian: resolveTable(`${what}: gaussian`, GAUSSIAN, given.gaussian) };
    case "ring":
      requirePositions(what, "ring", from, to);
      return { ring: resolveTable(`${what}: ring`, RING, given.ring) };
    case "receptiveField":
      return { receptiveField: resolveField(what, given.receptiveField, from, to, source) };
    case "pairs":
      return { pairs: resolvePairs(what, given.pairs, sources, targets, dt) };
    default:
      return {
        density: checkNumber(
          `${what}: density`,
          or(given.density, given.layout === "dense" || given.layout === "uniform" ? 1 : 0.1),
          0,
          1,
        ),
      };
  }
}

export function requirePositions(what: string, option: string, ...regions: ResolvedRegion[]): void {
  const without = regions.find(({ positions }) => !positions);
  if (without) throw new InputError(`${what}: ${option} needs positions; give region "${without.name}" some`);
}

function resolveField(
  what: string,
  given: unknown,
  from: ResolvedRegion,
  to: ResolvedRegion,
  source: ResolvedProjection["source"],
) {
  const field = resolveTable(`${what}: receptiveField`, RECEPTIVE_FIELD, given), grid = from.positions?.grid;
  if (!grid) throw new InputError(`${what}: receptiveField needs region "${from.name}" to lie on a grid`);
  // Each population stands on the grid from its first place on; of both, the excitatory one is seen.
  const population = source === "inhibitory" ? source : "excitatory";
  if (grid[0] * grid[1] > sourceSize(from, population)) {
    throw new InputError(`${what}: the grid of region "${from.name}" has places without an ${population} neuron`);
  }
  const [across, down] = patches(grid, field);
  if (across < 1 || down < 1 || across * down !== to.groups) {
    throw new InputError(
      `${what}: ${Math.max(0, across)} × ${
        Math.max(0, down)
      } patches and ${to.groups} groups in region "${to.name}"; ` +
        "they must be equal in number",
    );
  }
  return field;
}

function resolvePairs(what: string, pairs: unknown, sources: number, targets: number, dt: number) {
  checkKeys(`${what}: pairs`, pairs, ["pre", "post", "weight", "delay"]);
  const list = (key: string, check: (where: string, x: unknown) => number): number[] => {
    const values = pairs[key];
    if (!Array.isArray(values) && !ArrayBuffer.isView(values)) {
      throw new InputError(`${what}: pairs.${key} is ${show(values)}; expected a list of numbers`);
    }
    return Array.from(
      values as ArrayLike<number>,
      (x, i) => check(`${what}: pairs.${key}[${i}]`, x),
    );
  };
  const pre = list("pre", (w, x) => checkInteger(w, x, 0, sources - 1));
  const post = list("post", (w, x) => checkInteger(w, x, 0, targets - 1));
  const weight = pairs.weight === undefined ? undefined : list("weight", (w, x) => checkNumber(w, x, 0, 1e6));
  const delay = pairs.delay === undefined
    ? undefined
    : list("delay", (w, x) => checkNumber(w, x, dt, MAX_DELAY_STEPS * dt, "ms"));
  for (const [key, values] of Object.entries({ post, weight, delay })) {
    if (values && values.length !== pre.length) {
      throw new InputError(
        `${what}: pairs.${key} has ${values.length} elements and pairs.pre ${pre.length}; they must be equal`,
      );
    }
  }
  return { pre, post, ...(weight && { weight }), ...(delay && { delay }) };
}
