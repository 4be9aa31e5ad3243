/**
 * The packages that every command needs. Only this file and the doors in `src/std/` name packages: a module imported from
 * a URL does not see our deno.json, so names have to be complete, and there they are once. What only some need (tables,
 * Fourier transforms, Node's zlib) is imported from its door in `src/std/`, since it takes its time to load.
 */

// @ts-types="./std/cli/mod.d.ts"
export { type Args, parseArgs, type ParseOptions } from "npm:deno-std@1.4.0/cli/parse_args.js";

// @ts-types="./std/msgpack/mod.d.ts"
export { decode, encode, type ValueMap, type ValueType } from "npm:deno-std@1.4.0/msgpack/mod.js";

// @ts-types="./std/path/mod.d.ts"
export { basename, dirname, join } from "npm:deno-std@1.4.0/path/mod.js";

// @ts-types="./std/text/mod.d.ts"
export { closestString, levenshteinDistance } from "npm:deno-std@1.4.0/text/mod.js";
