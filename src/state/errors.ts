/** The two kinds of error that a user's input can cause, and the wording they share. */

import { closestString, levenshteinDistance } from "../deps.ts";

/** A value that the caller gave was refused; the message names it, the allowed range or known names, and the way out. */
export class InputError extends RangeError {
  /** Name of the class. */
  override name = "InputError";
}

/** A snapshot or data file could not be read. */
export class FileError extends Error {
  /** Name of the class. */
  override name = "FileError";
}

/**
 * `known regions: input, cortex (did you mean "cortex"?)`: the end of every message about an unknown name.
 * @param kind plural of what was looked for
 */
export function knownNames(kind: string, given: unknown, known: readonly string[]): string {
  if (known.length === 0) return `there are no ${kind} yet`;
  const name = String(given), nearest = closestString(name, known as string[]);
  const near = levenshteinDistance(name.toLowerCase(), nearest.toLowerCase()) <=
    Math.max(2, name.length / 3);
  return `known ${kind}: ${known.join(", ")}${near ? ` (did you mean "${nearest}"?)` : ""}`;
}

/** A short rendering of any refused value. */
export function show(value: unknown): string {
  const exact = (_: string, part: unknown) => typeof part === "bigint" ? String(part) : part;
  const text = typeof value === "number" ? String(value) : JSON.stringify(value, exact) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
