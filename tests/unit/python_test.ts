/** The .brain file as Python sees it, with nothing but msgpack and numpy. Ignored where they are not installed. */

import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { encodeNpy } from "../../src/io/npy.ts";
import { saveBrain } from "../../src/snapshot/file.ts";
import { SNAPSHOT_VERSION } from "../../src/snapshot/snapshot.ts";

const PYTHON = "/usr/bin/python3";

/** Runs a Python program with arguments; its standard output. */
async function python(program: string, ...args: string[]): Promise<string> {
  const command = new Deno.Command(PYTHON, { args: ["-c", program, ...args], stdout: "piped", stderr: "piped" });
  const { success, stdout, stderr } = await command.output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

const ignore = await python("import msgpack, numpy").then(() => false, () => true);

/** Reads the snapshot named by the first argument; `arrays` maps names to numpy arrays. */
const READ = `
import json, sys, zlib, msgpack, numpy
types = {"f32": "<f4", "f64": "<f8", "i32": "<i4", "u32": "<u4", "u16": "<u2", "u8": "u1"}
brain = msgpack.unpackb(open(sys.argv[1], "rb").read())
arrays = {k: numpy.frombuffer(a["data"], types[a["dtype"]]).reshape(a["shape"]) for k, a in brain["arrays"].items()}
`.trim();

/** A small brain that has run, with arrays of every type in use and a note that is not ASCII. */
async function saved(act: (brain: Brain, path: string) => Promise<void>): Promise<void> {
  const brain = new Brain({ seed: 2 });
  brain.addRegion("a", "input", { neurons: 5 });
  brain.addRegion("b", "sensory", { neurons: 7, noise: 6 });
  brain.connect("a", "b", { density: 0.5, plasticity: "rstdp", receptor: "ampa" });
  brain.connect("a", "b", { name: "dense", density: 1, shortTerm: "depressing" });
  brain.stimulate("a", [1, 0.5], { maxRateHz: 300 });
  brain.notes.text = "naïve";
  await brain.run(100);
  const folder = await Deno.makeTempDir();
  try {
    await saveBrain(brain, `${folder}/a.brain`);
    await act(brain, `${folder}/a.brain`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "Python reads every array of a snapshot in a few lines, element by element",
  ignore,
  fn: () =>
    saved(async (brain, path) => {
      assertLessOrEqual(READ.split("\n").length, 5);
      const program = `${READ}\nprint(json.dumps({k: [a.shape, a.ravel().tolist()] for k, a in arrays.items()}))`;
      const read = JSON.parse(await python(program, path));
      const stored = [...brain.arrays.entries()].filter(({ derived }) => !derived);
      assertEquals(Object.keys(read), stored.map(({ name }) => name));
      for (const { name, shape, data } of stored) assertEquals(read[name], [shape, Array.from(data)], name);
      assert(stored.some(({ dtype }) => dtype === "f64") && stored.some(({ dtype }) => dtype === "i32"));
    }),
});

Deno.test({
  name: "Python reads description, step and notes, and computes the same checksums",
  ignore,
  fn: () =>
    saved(async (brain, path) => {
      const program = `${READ}
sums = {k: zlib.crc32(a["data"]) for k, a in brain["arrays"].items()}
print(json.dumps([brain["format"], brain["version"], brain["step"], brain["spec"], brain["notes"], all(brain["checksums"][k] == s for k, s in sums.items())]))`;
      const [format, version, step, spec, notes, same] = JSON.parse(await python(program, path));
      assertEquals([format, version, step, notes, same], ["brainsim", SNAPSHOT_VERSION, 100, { text: "naïve" }, true]);
      assertEquals(spec, JSON.parse(JSON.stringify(brain.spec)));
    }),
});

Deno.test({
  name: "numpy loads .npy files with type, shape and elements",
  ignore,
  fn: async () => {
    const path = await Deno.makeTempFile({ suffix: ".npy" });
    try {
      await Deno.writeFile(path, encodeNpy("f64", [2, 3], Float64Array.of(1, 2, 3, 0.1, -5, 1e300)));
      const program =
        "import json, sys, numpy\na = numpy.load(sys.argv[1])\nprint(json.dumps([str(a.dtype), a.tolist()]))";
      assertEquals(JSON.parse(await python(program, path)), ["float64", [[1, 2, 3], [0.1, -5, 1e300]]]);
    } finally {
      await Deno.remove(path);
    }
  },
});
