/** The door to `@std/path`: file paths of the machine that runs the program. */

// @ts-types="./mod.d.ts"
export * from "npm:deno-std@1.4.0/path/mod.js";
