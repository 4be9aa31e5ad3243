/** The door to `@std/text`: the nearest of several words. */

// @ts-types="./mod.d.ts"
export * from "npm:deno-std@1.4.0/text/mod.js";
