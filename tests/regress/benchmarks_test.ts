/** BENCHMARKS.md against the raw rows. */

import { assert, assertEquals } from "@std/assert";
import { benchmarks } from "../../bench/render.ts";

Deno.test("BENCHMARKS.md is what its script makes of the raw rows, and no number in it is missing", async () => {
  const text = await benchmarks(), kept = await Deno.readTextFile(new URL("../../BENCHMARKS.md", import.meta.url));
  assertEquals(text, kept, "render it anew: deno task bench:render");
  for (const word of ["undefined", "NaN", "Infinity", "[object"]) assert(!text.includes(word), word);
});
