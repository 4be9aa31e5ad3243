/** The door to Node's process: the CPU time that this one has used. */

export { cpuUsage } from "node:process";
