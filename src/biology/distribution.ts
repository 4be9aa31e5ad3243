/** Numbers that are drawn: checking their description, and drawing. */

import type { Distribution } from "./neuron.ts";
import { checkKeys, checkNumber } from "./parameters.ts";
import { InputError, show } from "../state/errors.ts";
import { bits32, toUniform } from "../state/random.ts";

/**
 * Checks a number or a distribution.
 * @throws {InputError} when it is none, or a number lies outside the range
 */
export function resolveDistribution(
  what: string,
  given: unknown,
  min: number,
  max: number,
  unit = "1",
): Distribution {
  if (typeof given === "number") return checkNumber(what, given, min, max, unit);
  checkKeys(what, given, ["uniform", "normal"]);
  const kind = given.uniform !== undefined ? "uniform" : "normal";
  const pair = given[kind];
  if (!Array.isArray(pair) || pair.length !== 2 || Object.keys(given).length !== 1) {
    throw new InputError(
      `${what} is ${show(given)}; expected a number, {"uniform": [low, high]} or {"normal": [mean, sd]}`,
    );
  }
  const first = checkNumber(what, pair[0], min, max, unit);
  const second = kind === "uniform"
    ? checkNumber(what, pair[1], first, max, unit)
    : checkNumber(what, pair[1], 0, max - min, unit);
  return kind === "uniform" ? { uniform: [first, second] } : { normal: [first, second] };
}

/** Mean of a distribution. */
export function meanOf(distribution: Distribution): number {
  if (typeof distribution === "number") return distribution;
  return "uniform" in distribution ? (distribution.uniform[0] + distribution.uniform[1]) / 2 : distribution.normal[0];
}

/**
 * One draw from a distribution, cut at a range.
 * @param key from `stepKey`; with `index` it selects the number
 */
export function drawNumber(distribution: Distribution, key: number, index: number, min = 0, max = Infinity): number {
  if (typeof distribution === "number") return distribution;
  if ("uniform" in distribution) {
    const [low, high] = distribution.uniform;
    return low + (high - low) * toUniform(bits32(key, index));
  }
  const [mean, sd] = distribution.normal;
  const radius = Math.sqrt(-2 * Math.log(1 - toUniform(bits32(key, 2 * index))));
  const angle = 2 * Math.PI * toUniform(bits32(key, 2 * index + 1));
  return Math.max(min, Math.min(max, mean + sd * radius * Math.cos(angle)));
}
