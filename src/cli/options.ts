/** What `brainsim create` tells of the options of regions and projections. */

import { type Choice, leavesOf, type Parameter } from "../biology/parameters.ts";
import { type Option, PROJECTION_OPTIONS, REGION_OPTIONS } from "../brain/options.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import { columns, type Output } from "./output.ts";

const listed = (of: string, example: string, options: Readonly<Record<string, Option>>) =>
  Object.entries(options).map(([name, option]) => ({ of, example, name, ...option }));

const ALL = [...listed("region", "cortex", REGION_OPTIONS), ...listed("projection", "a->b", PROJECTION_OPTIONS)];

type Listed = typeof ALL[number];

/** The names of all options, for help. */
export function optionNames(): string {
  const of = (options: Readonly<Record<string, Option>>) => Object.keys(options).join(", ");
  return [
    `Options of a region, for --set cortex.OPTION=JSON: ${of(REGION_OPTIONS)}`,
    `Options of a projection, for --set 'a->b.OPTION=JSON': ${of(PROJECTION_OPTIONS)}`,
    "brainsim create --options OPTION tells what an option takes.",
  ].join("\n");
}

/**
 * Tells what an option takes, or for the empty name which there are.
 * @throws {InputError} for one of which there is nothing to tell
 */
export function showOptions(name: string, output: Output): void {
  const known = ALL.filter(({ meaning, names, parameters }) => meaning ?? names ?? parameters);
  const chosen = name === "" ? known : known.filter((option) => option.name === name);
  if (chosen.length === 0) {
    const whole = known.find(({ parameters = {} }) => Object.hasOwn(parameters, name));
    if (whole) {
      throw new InputError(
        `--options: ${show(name)} is a part of ${show(whole.name)}; --options ${whole.name} tells of it`,
      );
    }
    throw new InputError(
      `--options: nothing to tell of ${show(name)}; ${knownNames("options", name, known.map((o) => o.name))}`,
    );
  }
  output.result(name === "" ? overview(chosen) : chosen.map(explanation).join("\n"));
  const options = chosen.map(({ of, name, meaning, names, parameters = {} }) => ({
    of,
    name,
    meaning,
    names,
    parameters: leavesOf(parameters),
  }));
  output.record("end", { options });
}

/** One line an option. */
function overview(options: readonly Listed[]): string {
  const width = Math.max(...options.map(({ name }) => name.length));
  return ["region", "projection"].flatMap((kind, k) => [
    `${k > 0 ? "\n" : ""}Options of a ${kind}:`,
    ...options.filter(({ of }) => of === kind).map(({ name, meaning, names }) =>
      `  ${name.padEnd(width)}  ${meaning ?? names?.join(", ")}`
    ),
  ]).join("\n");
}

/** All there is to tell of one. */
function explanation({ of, example, name, meaning, names, parameters = {}, notes = [] }: Listed): string {
  const leaves = leavesOf(parameters), word = `${example}.${name}`;
  const numeric = leaves.find((leaf) => typeof leaf.default === "number");
  const value = numeric?.name.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), numeric.default);
  const ways = [...names ? [`"${names[0]}"`] : [], ...numeric ? [JSON.stringify(value)] : []];
  return [
    `${name}, an option of a ${of}${meaning ? `: ${meaning}` : ""}`,
    ...names ? [`by name: ${names.join(", ")}`] : [],
    ...leaves.length > 0 ? ["", table(leaves)] : [],
    ...notes.length > 0 ? ["", ...notes] : [],
    "",
    `such as --set '${word}=${ways[0] ?? "true"}'${ways.slice(1).map((way) => ` or --set '${word}=${way}'`)}`,
  ].join("\n");
}

function table(leaves: readonly ((Parameter | Choice) & { name: string })[]): string {
  const left = columns([
    ["parameter", "default", "range", "unit"],
    ...leaves.map(({ name, default: fallback, min, max, unit = "1", whole }) => [
      name,
      String(fallback),
      min === undefined || max === undefined ? "" : `${short(min)} to ${short(max)}${whole ? ", whole" : ""}`,
      unit === "1" ? "" : unit,
    ]),
  ]).split("\n");
  const width = Math.max(...left.map((line) => line.length));
  const right = leaves.map(({ meaning, ...leaf }) =>
    "names" in leaf ? `${meaning}: ${leaf.names?.join(", ")}` : meaning
  );
  return left.map((line, k) => `${line.padEnd(width)}  ${["meaning", ...right][k]}`).join("\n");
}

function short(x: number): string {
  return Math.abs(x) >= 1e5 || (x !== 0 && Math.abs(x) < 1e-3) ? x.toExponential().replace("e+", "e") : String(x);
}
