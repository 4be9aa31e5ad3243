/** A test, a group of tests or a hook. */
export type Body = () => void | Promise<void>;

/** Names a group of tests or a single one. */
export interface Named {
  /** @param name A claim. @param body What shows it. */
  (name: string, body: Body): void;
  /** Reports it as ignored and does not run it. */
  skip(name: string, body?: Body): void;
}

/** A group of tests. An outermost group counts as one test, what is inside as its steps. */
export const describe: Named;

/** A test. */
export const it: Named;

/** A test outside of any group. */
export const test: Named;

/** Runs once before the tests of the group. */
export function before(body: Body): void;

/** Runs once before the tests of the group. */
export const beforeAll: typeof before;

/** Runs once after the tests of the group. */
export function after(body: Body): void;

/** Runs once after the tests of the group. */
export const afterAll: typeof after;

/** Runs before every test of the group. */
export function beforeEach(body: Body): void;

/** Runs after every test of the group. */
export function afterEach(body: Body): void;
