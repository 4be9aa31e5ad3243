/**
 * What a mechanism of a region is: an option of the region's description, and the arrays that it adds. The table of all
 * of them is src/engine/mechanisms.ts; loops are in kernels/ and src/engine/slow.
 */

import type { ArrayOf, Dtype } from "../state/arrays.ts";
import { checkKeys, type ParameterTable, type ParameterTree, resolveParameters, type ValuesOf } from "./parameters.ts";

/** What a mechanism may know of its region before anything is built. */
export interface Place {
  /** Name of the region. */
  name: string;
  /** Neurons, room for newborn ones included. */
  neurons: number;
  /** Of these, excitatory ones; they come first. */
  excitatory: number;
  /** Groups of equal size into which the excitatory neurons are divided. */
  groups: number;
  /** Time step, ms. */
  dt: number;
  /** Seed of everything random. */
  seed: number;
}

/** An array of a mechanism; its full name is `region.NAME.MECHANISM.KEY`. */
export interface LocalArray<D extends Dtype = Dtype> {
  dtype: D;
  shape: number[];
  unit: string;
  meaning: string;
  derived?: boolean;
}

/** The arrays of a mechanism by key. */
export type LocalArrays = Record<string, LocalArray>;

/** The data of declared arrays. */
export type DataOf<A extends LocalArrays> = {
  [K in keyof A]: A[K] extends LocalArray<infer D> ? ArrayOf[D] : never;
};

/** An option of a region. `V`: its resolved values, plain data. */
// deno-lint-ignore no-explicit-any
export interface Biology<V = any, A extends LocalArrays = any> {
  /** What it takes. */
  parameters: ParameterTree;
  /**
   * Checks what was given and fills the defaults; a resolved value resolves to itself.
   * @throws {InputError} naming what was refused and what is allowed
   */
  resolve(what: string, given: unknown, place: Place): V;
  /** The arrays it adds. */
  arrays(values: V, place: Place): A;
  /** Fills what is not zero in a new brain. */
  rest?(data: DataOf<A>, values: V, place: Place): void;
  /** What is wrong with indices and counters that loops use without looking, or undefined. */
  check?(data: DataOf<A>, values: V): string | undefined;
}

/** Declares an array. */
export function local<D extends Dtype>(
  dtype: D,
  shape: number[],
  unit: string,
  meaning: string,
  derived = false,
): LocalArray<D> {
  return { dtype, shape, unit, meaning, ...(derived && { derived }) };
}

/** An option that is a table of numbers; an empty object, or true, takes the defaults. */
export function fromTable<T extends ParameterTable>(table: T) {
  return {
    parameters: table,
    resolve(what: string, given: unknown): ValuesOf<T> {
      const values = given === true ? {} : given;
      checkKeys(what, values, Object.keys(table));
      return resolveParameters(what, table, values as Partial<Record<keyof T, unknown>>);
    },
  };
}
