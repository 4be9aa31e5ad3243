/**
 * The same bytes as ever: checksums of all arrays of the quick start after 3 s with stimuli and rewards. A change that is
 * meant to change results rewrites them: `UPDATE_GOLDEN=1 deno test -A tests/golden`.
 */

import { assertEquals } from "@std/assert";
import { Brain, PRESETS } from "../../mod.ts";
import { crc32 } from "../../src/std/node/zlib.ts";

const FILE = new URL("quickstart.json", import.meta.url);

Deno.test("the quick start gives the same bytes as when the golden file was written", async () => {
  const brain = Brain.fromSpec({ ...PRESETS.quickstart.spec, seed: 1 });
  brain.stimulate("input", [0.8, 0.3, 0.5]);
  await brain.run(1000);
  brain.reward(1);
  await brain.run(2000);
  const sums: Record<string, number> = {};
  for (const { name, data: stored } of brain.arrays.entries()) {
    // Indices count as numbers, whatever their width.
    const data = stored instanceof Uint16Array ? Uint32Array.from(stored) : stored;
    sums[name] = crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  if (Deno.env.get("UPDATE_GOLDEN")) await Deno.writeTextFile(FILE, JSON.stringify(sums, null, 1) + "\n");
  assertEquals(sums, JSON.parse(await Deno.readTextFile(FILE)));
});
