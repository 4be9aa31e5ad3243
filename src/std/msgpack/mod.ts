/** The door to `@std/msgpack`: the MessagePack binary format. */

// @ts-types="./mod.d.ts"
export * from "npm:deno-std@1.4.0/msgpack/mod.js";
