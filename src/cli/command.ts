/**
 * Commands and flags as tables: parsing, help and completions are made from them, so a flag is described in one place.
 */

import { BACKENDS } from "../brain/backends.ts";
import { parseArgs } from "../deps.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import type { Output } from "./output.ts";

/** One flag. */
export interface Flag {
  name: string;
  short?: string;
  /** What stands for the value in help; without it the flag is a switch. */
  value?: string;
  /** Whether it may be given several times. */
  repeat?: boolean;
  /** Whether the value may be left out; it is then empty. */
  optional?: true;
  /** The values it may have. */
  choices?: readonly string[];
  /** Flags of which one must be given too: without any of them this one has no effect. */
  needs?: readonly string[];
  meaning: string;
}

/** Values of the flags that were given. */
export class Given {
  constructor(
    /** Arguments that are not flags. */
    readonly positionals: readonly string[],
    private readonly values: Readonly<Record<string, unknown>>,
  ) {}

  /** Whether a switch was given. */
  has(name: string): boolean {
    const value = this.values[name];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
  }

  /** The value of a flag, if it was given. */
  text(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === "string" ? value : undefined;
  }

  /** All values of a repeatable flag. */
  list(name: string): string[] {
    const value = this.values[name];
    return Array.isArray(value) ? value.map(String) : typeof value === "string" ? [value] : [];
  }

  /**
   * The value of a flag as a number.
   * @throws {InputError} when it is none, or outside the range
   */
  number(name: string, { min = -Infinity, max = Infinity, whole = false } = {}): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : parseNumber(`--${name}`, text, { min, max, whole });
  }

  /** The value of a flag that is a time such as `10s`, `250ms`, `2min` or `1h`, in ms. */
  time(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : parseTime(`--${name}`, text);
  }
}

/**
 * A number from text.
 * @throws {InputError} when it is none, or outside the range
 */
export function parseNumber(
  what: string,
  text: string,
  { min = -Infinity, max = Infinity, whole = false } = {},
): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (!Number.isFinite(value) || value < min || value > max || (whole && !Number.isInteger(value))) {
    const range = max < Infinity ? ` from ${min} to ${max}` : min > -Infinity ? ` ≥ ${min}` : "";
    throw new InputError(`${what} is ${show(text)}; expected a ${whole ? "whole " : ""}number${range}`);
  }
  return value;
}

/** What indices look like, as the source of a pattern: `0,5,7..12`. */
export const INDICES = String.raw`\d+(?:\.\.\d+)?(?:,\d+(?:\.\.\d+)?)*`;

/**
 * The numbers of {@linkcode INDICES}.
 * @param limit they must lie below it
 * @throws {InputError} for one that does not, or a range that descends
 */
export function parseIndices(what: string, text: string, limit: number): number[] {
  return text.split(",").flatMap((part) => {
    const [first, last = first] = part.split("..").map(Number);
    if (last < first) throw new InputError(`${what} is ${show(part)}; expected an ascending range`);
    if (last >= limit) throw new InputError(`${what} is ${last}; expected 0 to ${limit - 1}`);
    return Array.from({ length: last - first + 1 }, (_, k) => first + k);
  });
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

/**
 * A time in ms from text such as `10s`.
 * @throws {InputError} when it is none, negative, or without a unit: 5 may be meant as ms or as s
 */
export function parseTime(what: string, text: string): number {
  const [, number, unit] = /^([0-9.]+(?:e[0-9]+)?)(ms|s|min|h)?$/.exec(text.trim()) ?? [];
  if (Number.isFinite(Number(number)) && unit === undefined) {
    const units = Object.keys(UNITS).map((u) => number + u);
    throw new InputError(`${what} is ${show(text)}; give a unit: ${units.slice(0, -1).join(", ")} or ${units.at(-1)}`);
  }
  const value = Number(number) * UNITS[unit];
  if (number === undefined || !Number.isFinite(value)) {
    throw new InputError(`${what} is ${show(text)}; expected a time such as 500ms, 10s, 2min or 1h`);
  }
  return value;
}

/** A subcommand. */
export interface Command {
  name: string;
  /** One line. */
  meaning: string;
  /** Names of the positional arguments as in help, such as `FILE.brain` or `[NAME…]`. */
  operands: string[];
  /** How many positional arguments there may be. */
  arity: [number, number];
  /** Two command lines that work when pasted. */
  examples: [string, string];
  flags: readonly Flag[];
  /** What help tells beside the flags. */
  more?(): Promise<string>;
  /** Does it; returns the exit code. */
  run(given: Given, output: Output): Promise<number>;
}

/** Flags that every command has. */
export const COMMON: readonly Flag[] = [
  { name: "json", meaning: "print JSON Lines instead of text" },
  {
    name: "quiet",
    short: "q",
    meaning: "print nothing but errors, warnings, and what inspect, benchmark and --dry-run show",
  },
  { name: "debug", meaning: "show stack traces of errors" },
  { name: "help", short: "h", meaning: "show this help" },
];

/** Flags that several commands share. */
export const SHARED = {
  seed: { name: "seed", value: "N", meaning: "seed of everything random (default 0)" },
  force: { name: "force", meaning: "overwrite existing files" },
  output: { name: "output", value: "FILE", meaning: "where to write the brain" },
  backend: {
    name: "backend",
    value: "NAME",
    choices: Object.keys(BACKENDS),
    meaning: "where the brain runs (default cpu; auto: the GPU where it is faster, and says why)",
  },
  workers: {
    name: "workers",
    value: "N",
    meaning: "cores that share the brain (default 1); results do not depend on it",
  },
} as const satisfies Record<string, Flag>;

/**
 * Parses the arguments of a command.
 * @throws {InputError} for an unknown flag, a missing or refused value, or a wrong number of arguments
 */
export function parseCommand(command: Command, args: readonly string[]): Given {
  const flags = [...command.flags, ...COMMON];
  const valued = flags.filter((f) => f.value !== undefined), switches = flags.filter((f) => f.value === undefined);
  const parsed = parseArgs(joinDashes(args, valued), {
    string: [...valued.map((f) => f.name), "_"],
    boolean: switches.map((f) => f.name),
    collect: flags.filter((f) => f.repeat).map((f) => f.name),
    alias: Object.fromEntries(flags.flatMap((f) => f.short ? [[f.short, f.name]] : [])),
    unknown: (arg: string, key?: string) => {
      if (key === undefined || arg === "-") return true;
      const known = flags.map((f) => `--${f.name}`);
      throw new InputError(
        `brainsim ${command.name}: no flag ${arg.split("=")[0]}; ${knownNames("flags", arg, known)}`,
      );
    },
  });
  for (const { name, choices, repeat, optional } of valued) {
    const value = parsed[name];
    for (const one of repeat ? value as unknown as string[] : value === undefined ? [] : [value]) {
      if (one === "" && !optional) throw new InputError(`--${name} needs a value; see brainsim ${command.name} --help`);
      if (choices && !choices.includes(String(one))) {
        throw new InputError(`--${name} is ${show(one)}; ${knownNames("values", String(one), choices)}`);
      }
    }
  }
  const given = new Given(parsed._.map(String), parsed), { positionals } = given;
  const idle = flags.find(({ name, needs }) => given.has(name) && needs?.every((other) => !given.has(other)));
  if (!parsed.help && idle) {
    throw new InputError(`--${idle.name} has no effect without --${idle.needs!.join(" or --")}`);
  }
  const [least, most] = command.arity;
  if (!parsed.help && (positionals.length < least || positionals.length > most)) {
    throw new InputError(
      `brainsim ${command.name} takes ${command.operands.join(" ") || "no arguments"}; got ${
        positionals.length === 0 ? "none" : positionals.map(show).join(" ")
      } (see brainsim ${command.name} --help)`,
    );
  }
  return given;
}

/** Joins a flag with a value that begins with a dash, `-` or a negative number: the parser would take it for a flag. */
function joinDashes(args: readonly string[], valued: readonly Flag[]): string[] {
  const names = new Set(valued.map(({ name }) => `--${name}`)), joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1);
    if (last !== undefined && names.has(last) && /^-(\.?\d|$)/.test(arg)) joined[joined.length - 1] = `${last}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

/** The help text of a command. */
export async function commandHelp(command: Command): Promise<string> {
  return [
    `brainsim ${command.name} ${command.operands.join(" ")}  ${command.meaning}`,
    "",
    "Examples:",
    ...command.examples.map((line) => `  ${line}`),
    "",
    "Flags:",
    ...flagLines([...command.flags, ...COMMON]),
    ...command.more ? ["", await command.more()] : [],
  ].join("\n");
}

/** One aligned line a flag. */
export function flagLines(flags: readonly Flag[]): string[] {
  const left = flags.map(({ name, short, value, repeat }) =>
    `  ${short ? `-${short}, ` : "    "}--${name}${value ? ` ${value}` : ""}${repeat ? " …" : ""}`
  );
  const width = Math.min(44, Math.max(...left.map((l) => l.length)));
  return flags.map(({ meaning, choices }, k) =>
    `${left[k].padEnd(width)}  ${meaning}${choices ? `: ${choices.join(", ")}` : ""}`
  );
}
