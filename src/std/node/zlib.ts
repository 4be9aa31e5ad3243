/** The door to Node's zlib: checksums. */

export { crc32 } from "node:zlib";
