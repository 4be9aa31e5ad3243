/** The door to `@std/cli`: arguments of the command line. */

// cli/mod.js of this package does not load (a data file is missing), so the one file is named.
// @ts-types="./mod.d.ts"
export * from "npm:deno-std@1.4.0/cli/parse_args.js";
