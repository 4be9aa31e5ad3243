/** The library from a URL: no checkout, no configuration, no installation. */

import { assert, assertEquals } from "@std/assert";
import { extname, fromFileUrl, join } from "@std/path";
import { gpu } from "../backends/gpu.ts";
import { program } from "./command_line.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const TYPES: Record<string, string> = { ".ts": "application/typescript", ".json": "application/json" };

/** Serves the checkout, and notes what is asked for. */
function serve(asked: Set<string>): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async ({ url }) => {
    const { pathname } = new URL(url), path = join(ROOT, pathname);
    asked.add(pathname);
    try {
      const body = await Deno.readFile(path);
      return new Response(body, { headers: { "content-type": TYPES[extname(path)] ?? "text/plain" } });
    } catch {
      return new Response("not found", { status: 404 });
    }
  });
}

/** A cache of remote modules of its own, with the packages that are there already. */
async function emptyCache(folder: string): Promise<string> {
  const cache = join(folder, "cache"), { code, out } = await program(Deno.execPath(), ["info", "--json"]);
  assertEquals(code, 0);
  await Deno.mkdir(cache);
  await Deno.symlink(JSON.parse(out).npmCache, join(cache, "npm"));
  return cache;
}

/** The example of the README that uses the library. */
async function readmeExample(): Promise<string> {
  const text = await Deno.readTextFile(join(ROOT, "README.md"));
  return [...text.matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code).find((code) => code.includes("mod.ts"))!;
}

Deno.test("mod.ts works from a URL, in a folder without configuration: the README's example, workers and kernels", async () => {
  const asked = new Set<string>(), folder = await Deno.makeTempDir();
  await using server = serve(asked);
  const base = `http://127.0.0.1:${server.addr.port}/mod.ts`, env = { DENO_DIR: await emptyCache(folder) };
  const example = (await readmeExample()).replace(/from "[^"]*mod\.ts"/, `from "${base}"`);
  assert(example.includes(base));
  const places = [{ workers: 2 }, ...gpu ? [{ backend: "webgpu" }] : []];
  await Deno.writeTextFile(join(folder, "example.ts"), example);
  await Deno.writeTextFile(
    join(folder, "places.ts"),
    `import { Brain, PRESETS } from "${base}";
for (const place of ${JSON.stringify(places)} as const) {
  using brain = Brain.fromSpec(PRESETS.quickstart.spec);
  const { adapter } = await brain.moveTo(place);
  brain.stimulate("input", [0.8, 0.3, 0.5]);
  const { spikes } = await brain.run(50);
  console.log(adapter, spikes > 0);
}
Deno.exit();`,
  );
  for (const file of ["example.ts", "places.ts"]) {
    const { code, err, out } = await program(Deno.execPath(), ["run", "-A", file], { cwd: folder, env });
    assertEquals(code, 0, err);
    if (file === "places.ts") {
      const lines = out.trim().split("\n");
      assertEquals(lines.length, places.length);
      assert(lines.every((line) => line.endsWith("true")), out);
    }
  }
  assert(asked.has("/src/brain/workers/worker.ts"));
  assertEquals(asked.has("/kernels/integrate.wgsl"), gpu !== null);
  await Deno.remove(folder, { recursive: true });
});
