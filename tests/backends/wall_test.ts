/**
 * The wall between model and backend: a backend that keeps all state to itself, and shows it only through the wall's
 * members, gives the same brain, byte for byte. A GPU can stand where it stands.
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { linkProgram } from "../../src/brain/build.ts";
import type { ResolvedSpec } from "../../src/brain/spec.ts";
import type { Backend, BackendInfo, Drained, RunInput } from "../../src/engine/backend.ts";
import { CpuBackend } from "../../src/engine/cpu/backend.ts";
import type { Program } from "../../src/engine/program.ts";
import type { AnyArray, Arrays } from "../../src/state/arrays.ts";
import { InputError } from "../../src/state/errors.ts";
import { differences } from "../property/differences.ts";
import { randomBrain } from "../property/random_brain.ts";
import { randomActions, runTo } from "../property/random_life.ts";

/** Runs on a copy of the arrays, as a device would; host and copy meet only in read and write. */
class DistantBackend implements Backend {
  readonly info: BackendInfo = { name: "distant", adapter: "a copy", precision: "f32" };
  readonly #cpu = new CpuBackend();
  #host!: Arrays;
  #own!: Arrays;

  constructor(private readonly spec: ResolvedSpec) {}

  supports(program: Program): true | string {
    return program.scheme === "riccati" ? true : "it knows one scheme only";
  }
  async load(program: Program): Promise<void> {
    this.#host = program.arrays;
    this.#own = program.arrays.clone();
    await this.#cpu.load(linkProgram(this.spec, this.#own));
  }
  run(from: number, steps: number, input?: RunInput): Promise<void> {
    return this.#cpu.run(from, steps, input);
  }
  drain(): Drained {
    return this.#cpu.drain();
  }
  read(names: readonly string[]): Promise<void> {
    for (const name of names) this.#host.entry(name).data.set(this.#own.entry(name).data);
    return Promise.resolve();
  }
  write(name: string, data: AnyArray): Promise<void> {
    return this.#cpu.write(name, data);
  }
  close(): void {
    this.#cpu.close();
  }
}

function brains(): [near: Brain, far: Brain] {
  const near = Brain.fromSpec({
    seed: 6,
    regions: [
      { name: "input", type: "sensory", neurons: 20 },
      { name: "cortex", type: "association", neurons: 40, connectivity: 0.2, noise: 2 },
      { name: "output", type: "motor", neurons: 5 },
    ],
    projections: [
      {
        from: "input",
        to: "cortex",
        density: 0.5,
        plasticity: { normalization: { everyMs: 70 } },
        shortTerm: "depressing",
      },
      { from: "cortex", to: "output", density: 1, receptor: "ampa", plasticity: "rstdp", delay: 3 },
    ],
  });
  return [near, Brain.fromState(near.spec, near.arrays.clone(), 0, new DistantBackend(near.spec))];
}

/** Everything a host can do to a brain. */
async function drive(brain: Brain): Promise<void> {
  brain.stimulate("input", [0.5, 1], { maxRateHz: 60 });
  await brain.run(120);
  brain.injectCurrent("cortex", 3);
  brain.injectSpikes("output", [0, 3]);
  brain.reward(2);
  await brain.run(150);
  brain.projection("cortex", "output").setWeights({ 0: 0.01, 3: 0 });
  brain.freezePlasticity("input->cortex");
  brain.clearStimulus();
  brain.stimulate("output", [0.3], { encoding: "current" });
  await brain.run(100);
  brain.resetTraces();
  brain.resetActivity();
  brain.unfreezePlasticity();
  brain.punish(1);
  const { recording } = await brain.run(200, { record: { spikes: true, rates: true } });
  assert(recording!.spikes().neuron.length > 0);
}

Deno.test("a backend that shares no memory with the host gives the same brain, byte for byte", async () => {
  const [near, far] = brains();
  await drive(near);
  await drive(far);
  for (const { name, data } of near.arrays.entries()) assertEquals(far.arrays.entry(name).data, data, name);
  assertEquals(far.summary(), near.summary());
});

Deno.test("nor does it matter what mechanisms do on the host: random brains, with structure, sleep and lesions", async () => {
  for (let seed = 0; seed < 40; seed++) {
    const near = randomBrain(seed), actions = randomActions(seed, near, 120);
    if (near.spec.scheme !== "riccati") continue;
    const far = Brain.fromState(near.spec, near.arrays.clone(), 0, new DistantBackend(near.spec));
    await runTo(near, 120, actions);
    await runTo(far, 120, actions);
    assertEquals(differences(far, near), [], `seed ${seed}`);
  }
});

Deno.test("a backend that cannot step at once, or lacks something, says so", () => {
  const [near, far] = brains();
  assertThrows(() => far.step(), InputError, "await run(1)");
  const spec = { ...near.spec, scheme: "izhikevich2003" as const };
  const attempt = () => Brain.fromState(spec, near.arrays.clone(), 0, new DistantBackend(spec));
  assertThrows(attempt, InputError, "one scheme only");
});
