/**
 * What the examples share: flags, claims that are checked, figures that are drawn when asked for.
 *
 *     --seed N       of everything random (default 1)
 *     --draw DIR     writes the figures as SVG into a folder
 *     --quick        a shorter run
 */

import { join, parseArgs } from "../src/deps.ts";

/** Flags of a script: those above, and its own with their defaults. */
export function flags<Own extends Record<string, string | number>>(
  own: Own = {} as Own,
): { [K in keyof Own]: Own[K] extends number ? number : string } & { seed: number; quick: boolean } {
  const defaults: Record<string, string | number> = { seed: 1, draw: "", ...own }, names = Object.keys(defaults);
  const known = `--quick, ${names.map((name) => `--${name}`).join(", ")}`;
  const unknown = (word: string) => {
    if (word !== "--help") refuse(`no flag ${word}; known are ${known}`);
    console.log(`flags: ${known}; what the script does stands at its top`);
    Deno.exit();
  };
  const given = parseArgs(Deno.args, { boolean: ["quick"], string: names, unknown });
  const values = names.map((name) => {
    const text = given[name] as string | undefined, fallback = defaults[name];
    const value = text === undefined ? fallback : typeof fallback === "number" ? Number(text) : text;
    const least = name === "seeds" ? 1 : 0;
    if (text === "" || (typeof value === "number" && !(value >= least))) {
      refuse(`--${name} is "${text}"; expected a value such as ${fallback || "figures"}`);
    }
    return [name, value];
  });
  const all = { ...Object.fromEntries(values), quick: given.quick === true };
  folder = all.draw;
  return all;
}

function refuse(message: string): never {
  console.error(`error: ${message}`);
  Deno.exit(2);
}

let folder = "";

/** Says what was found; one claim that does not hold makes the script end with code 1. */
export function claim(text: string, holds: boolean, value: number | string): void {
  const shown = typeof value === "number" ? Number(value.toPrecision(4)) : value;
  console.log(`${holds ? "✓" : "✗"} ${text}: ${shown}`);
  if (!holds) Deno.exitCode = 1;
}

/** Writes a figure when the flag `--draw DIR` is given. */
export function draw(path: string, svg: string): void {
  if (folder === "") return;
  Deno.mkdirSync(folder, { recursive: true });
  Deno.writeTextFileSync(join(folder, path), svg);
  console.log(`drew ${join(folder, path)}`);
}

/** Mean. */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}

/** Sum. */
export function sum(values: ArrayLike<number>): number {
  let all = 0;
  for (let k = 0; k < values.length; k++) all += values[k];
  return all;
}

/** Straight line through points by least squares, and their correlation. */
export function fitLine(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): { slope: number; offset: number; correlation: number } {
  const mx = mean(x), my = mean(y);
  let xx = 0, xy = 0, yy = 0;
  for (let k = 0; k < x.length; k++) {
    xx += (x[k] - mx) ** 2;
    xy += (x[k] - mx) * (y[k] - my);
    yy += (y[k] - my) ** 2;
  }
  return { slope: xy / xx, offset: my - xy / xx * mx, correlation: xy / Math.sqrt(xx * yy || 1) };
}
