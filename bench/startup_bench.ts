/** Short commands from start to end, from sources. `deno bench -A bench/`; compare `min` or `p75`. */

const main = new URL("../src/cli/main.ts", import.meta.url).pathname, folder = await Deno.makeTempDir();

async function brainsim(...args: string[]): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", main, ...args], stdout: "null" })
    .output();
  if (!success) throw new Error(`brainsim ${args.join(" ")} failed`);
}

const brain = `${folder}/quick.brain`;
await brainsim("create", brain, "--preset", "quickstart", "--quiet");
Deno.bench("brainsim --help", async () => await brainsim("--help"));
Deno.bench("brainsim inspect, of the quick start", async () => await brainsim("inspect", brain));
Deno.bench("brainsim run, 100 steps of the quick start", async () => await brainsim("run", brain, "--steps", "100"));
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
