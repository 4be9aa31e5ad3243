/** What a failed assertion throws. */
export class AssertionError extends Error {
  /**
   * @param message What was expected, and what was there.
   * @param options The cause.
   */
  constructor(message: string, options?: ErrorOptions);
}

/** A class, abstract or not, with any constructor. */
export type AnyClass<T> = abstract new (...args: never[]) => T;

/** Claims that `expr` is truthy. */
export function assert(expr: unknown, msg?: string): asserts expr;

/**
 * Claims that two numbers differ by `tolerance` at most.
 *
 * @param tolerance Greatest allowed difference, absolute. Default: 10⁻⁷ of `expected`.
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void;

/** Claims that two values are equal, deeply (see {@linkcode equal}); the message shows the difference. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void;

/** Claims that a value is neither null nor undefined. */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T>;

/** Claims that `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void;

/** Claims that `actual >= expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void;

/** Claims that a value was made by a class. */
export function assertInstanceOf<T>(
  actual: unknown,
  expectedType: AnyClass<T>,
  msg?: string,
): asserts actual is T;

/** Claims that `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void;

/** Claims that `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void;

/** Claims that a text matches a pattern. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void;

/** Claims that two values are not equal, deeply (see {@linkcode equal}). */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;

/**
 * Claims that a promise is rejected; a function that throws before it returns one does not count.
 *
 * @returns The reason.
 */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/**
 * Claims that a promise is rejected with an error of a class, and perhaps with a message.
 *
 * @param msgMatches A part of the message, or a pattern.
 * @returns The error.
 */
export function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: AnyClass<E>,
  msgMatches?: string | RegExp,
  msg?: string,
): Promise<E>;

/** Claims that two values are the same (`Object.is`). */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T;

/** Claims that a text contains another. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void;

/**
 * Claims that a function throws.
 *
 * @returns What it threw.
 */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Claims that a function throws an error of a class, and perhaps with a message.
 *
 * @param msgMatches A part of the message, or a pattern.
 * @returns The error.
 */
export function assertThrows<E extends Error>(
  fn: () => unknown,
  ErrorClass: AnyClass<E>,
  msgMatches?: string | RegExp,
  msg?: string,
): E;

/**
 * Whether two values are equal, deeply: NaN equals NaN, 0 equals −0, typed arrays of one type by their elements,
 * objects by prototype and own properties.
 */
export function equal(a: unknown, b: unknown): boolean;

/** Fails. */
export function fail(msg?: string): never;
