/**
 * Parameter tables: every number a user can set has a default, a range, a unit and a sentence in one table, from which
 * validation, error messages and documentation are made.
 */

import { InputError, knownNames, show } from "../state/errors.ts";

/** One number a user can set. */
export interface Parameter {
  /** Value when none is given. */
  default: number;
  /** Smallest value. */
  min: number;
  /** Largest value. */
  max: number;
  /** Unit, or "1". */
  unit: string;
  /** One line. */
  meaning: string;
  /** Whether it is a whole number. */
  whole?: true;
}

/** Parameters by name. */
export type ParameterTable = Readonly<Record<string, Parameter>>;

/** What a user can set besides: one of several names, or a number whose default follows from others. */
export interface Choice extends Partial<Omit<Parameter, "default">> {
  /** The name when none is given, or where the number comes from, in words. */
  default: string;
  /** The names. */
  names?: readonly string[];
  /** One line. */
  meaning: string;
}

/** Everything that an option with parameters takes; groups are options of the option. */
export interface ParameterTree {
  readonly [name: string]: Parameter | Choice | ParameterTree;
}

/** The leaves of a tree with their full names, such as `reward.tauDopamineMs`. */
export function leavesOf(tree: ParameterTree, prefix = ""): ((Parameter | Choice) & { name: string })[] {
  return Object.entries(tree).flatMap(([key, node]) =>
    isLeaf(node) ? [{ name: prefix + key, ...node }] : leavesOf(node, `${prefix}${key}.`)
  );
}

function isLeaf(node: Parameter | Choice | ParameterTree): node is Parameter | Choice {
  return typeof node.meaning === "string";
}

/** Resolved values of a table. */
export type ValuesOf<T extends ParameterTable> = { -readonly [K in keyof T]: number };

/**
 * Checks one number.
 * @param what the subject of the error message, such as `region "cortex": noise`
 * @throws {InputError} when it is not a finite number within the range
 */
export function checkNumber(
  what: string,
  value: unknown,
  min: number,
  max: number,
  unit = "1",
): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < min || value > max) {
    throw new InputError(
      `${what} is ${show(value)}; expected a number ${range(min, max)}${unit === "1" ? "" : ` ${unit}`}`,
    );
  }
  return value;
}

/** Like {@linkcode checkNumber}, for whole numbers. */
export function checkInteger(what: string, value: unknown, min: number, max: number): number {
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
    throw new InputError(`${what} is ${show(value)}; expected a whole number ${range(min, max)}`);
  }
  return value as number;
}

function range(min: number, max: number): string {
  if (max === Infinity) return min === -Infinity ? "(finite)" : `≥ ${min}`;
  return `from ${min} to ${max}`;
}

/**
 * Checks that an object has no keys but the known ones.
 * @throws {InputError} naming the first unknown key and the known ones
 */
export function checkKeys(
  what: string,
  given: unknown,
  known: readonly string[],
): asserts given is Record<string, unknown> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new InputError(`${what} is ${show(given)}; expected an object with ${known.join(", ")}`);
  }
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) {
      throw new InputError(`${what}: no option "${key}"; ${knownNames("options", key, known)}`);
    }
  }
}

/**
 * Looks a name up in a table.
 * @throws {InputError} naming the known ones
 */
export function lookUp<T>(
  what: string,
  kind: string,
  table: Readonly<Record<string, T>>,
  name: unknown,
): T {
  if (typeof name !== "string" || !Object.hasOwn(table, name)) {
    throw new InputError(
      `${what}: no such ${kind.replace(/s$/, "")} ${show(name)}; ${knownNames(kind, String(name), Object.keys(table))}`,
    );
  }
  return table[name];
}

/** What was given, or a default for what was left out. null was given: it is no default, and will be refused. */
export function or<T>(given: unknown, fallback: T): unknown | T {
  return given === undefined ? fallback : given;
}

/**
 * Fills the defaults of a parameter table and checks what was given.
 * @throws {InputError} for an unknown name or a value outside its range
 */
export function resolveParameters<T extends ParameterTable>(
  what: string,
  table: T,
  given: Partial<Record<keyof T, unknown>>,
  defaults: Partial<ValuesOf<T>> = {},
): ValuesOf<T> {
  const values: Record<string, number> = {};
  for (const [name, parameter] of Object.entries(table)) {
    const value = given[name] === undefined ? defaults[name] ?? parameter.default : given[name];
    const { min, max, unit, whole } = parameter, where = `${what}: ${name}`;
    values[name] = whole ? checkInteger(where, value, min, max) : checkNumber(where, value, min, max, unit);
  }
  return values as ValuesOf<T>;
}

/**
 * Checks a name.
 * @throws {InputError} for characters that names do not have
 */
export function checkName(kind: string, name: unknown): string {
  if (typeof name !== "string" || !/^[A-Za-z0-9_][A-Za-z0-9_|>-]*$/.test(name) || name.length > 100) {
    throw new InputError(
      `${kind} name is ${show(name)}; expected letters, digits, "_", "-" (at most 100), such as "cortex"`,
    );
  }
  if (kind === "region" && /[|>]/.test(name)) {
    throw new InputError(`region name is ${show(name)}; ">" and "|" are for the names of projections`);
  }
  return name;
}

/** What a description calls itself, for messages about it before it is checked: `region "cortex"`, `projection "a->b"`. */
export function nameOf(kind: string, given: unknown): string {
  const { name, from, to } = (given ?? {}) as Record<string, unknown>;
  const own = name ?? (from !== undefined && to !== undefined ? `${from}->${to}` : undefined);
  return own === undefined ? kind : `${kind} ${show(own)}`;
}

/**
 * Checks an option that is an object with the numbers of a table, and fills its defaults.
 * @throws {InputError} for an unknown name or a value outside its range
 */
export function resolveTable<T extends ParameterTable>(what: string, table: T, given: unknown) {
  checkKeys(what, given, Object.keys(table));
  return resolveParameters(what, table, given as Partial<Record<keyof T, unknown>>);
}
