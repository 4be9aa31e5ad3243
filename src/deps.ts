/**
 * The packages that brainsim uses. No other file of `src/` and `kernels/` names one: a module imported from a URL does
 * not see our deno.json, so names have to be complete, and here they are once. The doors for tests (`@std/assert`, …)
 * stand in `src/std/` and share their types with this file.
 */

// @ts-types="./std/cli/mod.d.ts"
export { type Args, parseArgs, type ParseOptions } from "npm:deno-std@1.4.0/cli/parse_args.js";

// @ts-types="./std/csv/mod.d.ts"
export { parse as parseCsv } from "npm:deno-std@1.4.0/csv/parse.js";

// @ts-types="./std/msgpack/mod.d.ts"
export { decode, encode, type ValueMap, type ValueType } from "npm:deno-std@1.4.0/msgpack/mod.js";

// @ts-types="./std/path/mod.d.ts"
export { basename, dirname, join } from "npm:deno-std@1.4.0/path/mod.js";

// @ts-types="./std/text/mod.d.ts"
export { closestString, levenshteinDistance } from "npm:deno-std@1.4.0/text/mod.js";

// @ts-types="./std/fft/mod.d.ts"
export { default as FFT } from "npm:fft.js@4.0.4";

export { cpuUsage } from "node:process";
export { crc32 } from "node:zlib";
