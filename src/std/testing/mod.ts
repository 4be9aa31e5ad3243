/**
 * The door to `@std/testing/bdd`: `describe` and `it`. The npm copy of the standard library has no `testing`; `node:test`
 * has the same words and runs under `deno test`, one test for each outermost `describe`, one step for each `it`.
 */

// @ts-types="./mod.d.ts"
export { after, afterEach, before, beforeEach, describe, it, test } from "node:test";
// @ts-types="./mod.d.ts"
export { after as afterAll, before as beforeAll } from "node:test";
