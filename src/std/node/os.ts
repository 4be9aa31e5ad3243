/** The door to Node's os: the processors of this machine. */

export { cpus } from "node:os";
