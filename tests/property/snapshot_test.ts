/** The .brain file: what is written reads back, and whatever else is read is refused with a FileError, never a crash. */

import { assert, assertEquals, assertInstanceOf, assertStringIncludes, assertThrows } from "@std/assert";
import { decode, encode, type ValueType } from "@std/msgpack";
import { crc32 } from "node:zlib";
import { Brain } from "../../src/brain/brain.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { FileError } from "../../src/state/errors.ts";
import { Dice } from "./dice.ts";
import { differences } from "./differences.ts";
import { randomBrain } from "./random_brain.ts";
import { randomActions, runTo } from "./random_life.ts";
import { BYTES, small } from "./small.ts";

/** One array as it stands in a file. */
interface StoredArray {
  dtype: string;
  shape: number[];
  unit: string;
  data: Uint8Array;
}

/** A snapshot taken apart. */
interface Snapshot {
  [key: string]: unknown;
  spec: Record<string, unknown> & { regions: Record<string, unknown>[]; projections: Record<string, unknown>[] };
  arrays: Record<string, StoredArray>;
  checksums: Record<string, number>;
}

/** The small brain's snapshot, altered. */
function altered(change: (snapshot: Snapshot) => void): Uint8Array {
  const snapshot = decode(BYTES.slice()) as unknown as Snapshot;
  change(snapshot);
  return encode(snapshot as unknown as ValueType);
}

/** The same with the elements of one array changed and its checksum made right again. */
function withElements(name: string, change: (view: DataView, length: number) => void): Uint8Array {
  return altered(({ arrays, checksums }) => {
    const data = arrays[name].data.slice();
    change(new DataView(data.buffer), data.length / 4);
    arrays[name].data = data;
    checksums[name] = crc32(data);
  });
}

/** Claims that bytes are refused in one line with a word of why. */
function assertRefused(bytes: Uint8Array, ...words: string[]): void {
  const error = assertThrows(() => decodeSnapshot(bytes));
  assertInstanceOf(error, FileError, `${(error as Error).name}: ${(error as Error).message}`);
  for (const word of words) assertStringIncludes(error.message, word);
  assert(!error.message.includes("\n") && error.message.length < 500, error.message);
}

/** Claims that bytes are either refused or give a brain that runs and can be saved; true when they were refused. */
function assertSafe(bytes: Uint8Array, what: string): boolean {
  let brain: Brain;
  try {
    brain = decodeSnapshot(bytes);
  } catch (error) {
    assertInstanceOf(error, FileError, `${what}: ${(error as Error).name}: ${(error as Error).message}`);
    return true;
  }
  try {
    for (let k = 0; k < 3; k++) brain.step();
    brain.summary();
    encodeSnapshot(brain);
  } catch (error) {
    throw new Error(`${what}: it was accepted, but then: ${error}`);
  }
  return false;
}

Deno.test("what is written reads back: description, step, arrays, history and notes", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const own = randomBrain(seed);
    await runTo(own, 50, randomActions(seed, own, 50));
    own.history.push({ step: 50, action: "test", list: [1, { deep: true }], text: "naïve → ü" });
    own.notes.training = { done: 3, nothing: null, share: 0.1 };
    const bytes = encodeSnapshot(own), again = decodeSnapshot(bytes);
    assertEquals(differences(again, own), []);
    assertEquals(JSON.stringify(again.spec), JSON.stringify(own.spec));
    assertEquals([again.history, again.notes], [own.history, own.notes]);
    assertEquals(encodeSnapshot(again), bytes, "and gives the same bytes");
  }
});

Deno.test("a snapshot holds every array but derived ones, in the order of declaration, little-endian", () => {
  const own = small(), { format, version, arrays, checksums } = decode(BYTES) as unknown as Snapshot;
  assertEquals([format, version], ["brainsim", 2]);
  const saved = [...own.arrays.entries()].filter(({ derived }) => !derived);
  assertEquals(Object.keys(arrays), saved.map(({ name }) => name));
  for (const { name, dtype, shape, unit, data } of saved) {
    const stored = arrays[name];
    assertEquals([stored.dtype, stored.shape, stored.unit], [dtype, shape, unit]);
    assertEquals(stored.data, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    assertEquals(crc32(stored.data), checksums[name]);
  }
});

Deno.test("what was read shares no memory with the bytes it was read from", () => {
  const bytes = BYTES.slice(), brain = decodeSnapshot(bytes);
  bytes.fill(0);
  assertEquals(differences(brain, small()), []);
});

Deno.test("a file cut off anywhere is refused", () => {
  for (let length = 0; length < BYTES.length; length++) {
    const error = assertThrows(() => decodeSnapshot(BYTES.subarray(0, length)));
    assertInstanceOf(error, FileError, `${length} bytes: ${error}`);
  }
  assertRefused(BYTES.subarray(0, BYTES.length - 1), "truncated or damaged");
  assertRefused(BYTES.subarray(0, BYTES.length >> 1), "truncated or damaged");
  assertRefused(new Uint8Array(0), "not a brainsim snapshot");
});

Deno.test("a file with something behind its end is refused", () => {
  const longer = new Uint8Array(BYTES.length + 1);
  longer.set(BYTES);
  assertRefused(longer, "truncated or damaged");
});

Deno.test("a file in which any one bit is flipped is refused, or loads and runs: it never crashes the reader", () => {
  const dice = new Dice(1);
  let refused = 0;
  for (let k = 0; k < 800; k++) {
    const bytes = BYTES.slice(), at = dice.whole(0, bytes.length - 1), bit = dice.whole(0, 7);
    bytes[at] ^= 1 << bit;
    if (assertSafe(bytes, `bit ${bit} of byte ${at}`)) refused++;
  }
  assert(refused > 400, `${refused} of 800 were noticed`);
});

Deno.test("a file in which many bytes are overwritten is refused, or loads and runs", () => {
  const dice = new Dice(2);
  for (let k = 0; k < 300; k++) {
    const bytes = BYTES.slice(), first = dice.whole(0, bytes.length - 1), length = dice.whole(1, 40);
    for (let at = first; at < Math.min(bytes.length, first + length); at++) bytes[at] = dice.whole(0, 255);
    assertSafe(bytes, `${length} bytes from ${first} (try ${k})`);
  }
});

Deno.test("a flipped bit in any array is noticed", () => {
  const names = Object.keys((decode(BYTES) as unknown as Snapshot).arrays), dice = new Dice(3);
  for (const name of names) {
    assertRefused(
      altered(({ arrays }) => {
        const data = arrays[name].data.slice();
        data[dice.whole(0, data.length - 1)] ^= 1 << dice.whole(0, 7);
        arrays[name].data = data;
      }),
      `"${name}"`,
      "checksum",
    );
  }
});

Deno.test("files of other kinds are refused as what they are not", () => {
  const text = (words: string) => new TextEncoder().encode(words);
  const others: Uint8Array[] = [
    text(""),
    text("neuron,t_ms\n3,5\n"),
    text('{"format":"brainsim"}'),
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    Uint8Array.of(0x50, 0x4b, 3, 4),
    Uint8Array.of(0xc1),
    new Uint8Array(1000),
    new Uint8Array(1000).fill(255),
    encode({}),
    encode([]),
    encode(5),
    encode(null),
    encode("brainsim"),
    encode({ format: "brainsin", version: 1 }),
    encode({ format: ["brainsim"], version: 1 }),
    encode({ version: 1, spec: {} }),
  ];
  others.forEach((bytes) => assertRefused(bytes, "not a brainsim snapshot"));
});

Deno.test("another version is refused with its number and the one that is read", () => {
  for (const version of [1, 0, 99, 1.5, "1", null, undefined]) {
    const bytes = altered((snapshot) => {
      if (version === undefined) delete snapshot.version;
      else snapshot.version = version;
    });
    assertRefused(bytes, "version", String(JSON.stringify(version) ?? version), "reads version 2");
  }
});

Deno.test("64-bit integers where small numbers belong are refused like any other value", () => {
  for (const key of ["version", "step", "format"]) {
    assertRefused(altered((snapshot) => snapshot[key] = 2n ** 60n));
  }
  assertRefused(altered(({ spec }) => spec.seed = 2n ** 60n));
  assertRefused(altered(({ spec }) => spec.regions[0].neurons = 2n ** 60n));
});

Deno.test("a step that is none is refused", () => {
  for (const step of [-1, 0.5, 2 ** 31, 1e300, NaN, "5", null, [5]]) {
    assertRefused(altered((snapshot) => snapshot.step = step), "step");
  }
});

Deno.test("a description that is none is refused with its reason", () => {
  assertRefused(altered(({ spec }) => spec.dt = -1), "description", "dt is -1");
  assertRefused(altered(({ spec }) => spec.regions[0].name = "a b"), '"a b"');
  assertRefused(altered(({ spec }) => spec.regions[0].neurons = 1e9), "neurons");
  assertRefused(altered(({ spec }) => delete (spec as Record<string, unknown>).regions), "regions");
  assertRefused(altered((snapshot) => delete (snapshot as Record<string, unknown>).spec), "description");
  assertRefused(altered((snapshot) => (snapshot as Record<string, unknown>).spec = "spec"), "description");
});

Deno.test("a description that calls for more than is there is refused before anything is allocated for it", () => {
  const before = Deno.memoryUsage().rss;
  assertRefused(altered(({ spec }) => spec.regions[1].maxNeurons = 2 ** 28 - 3), "array");
  assertRefused(altered(({ spec }) => spec.projections[0].delay = 4096), "array");
  assertRefused(altered(({ arrays }) => arrays["projection.a->b.target"].shape = [2 ** 50]), "target");
  assertRefused(altered(({ arrays }) => arrays["neuron.v"].shape = [2 ** 30, 2 ** 30]), "neuron.v");
  assert(Deno.memoryUsage().rss - before < 500e6, "memory");
});

Deno.test("a missing, an extra and a misshapen array are named", () => {
  for (const name of Object.keys((decode(BYTES) as unknown as Snapshot).arrays)) {
    assertRefused(altered(({ arrays }) => delete arrays[name]), `"${name}"`);
  }
  assertRefused(altered(({ arrays }) => arrays.extra = { ...arrays["neuron.v"] }), '"extra"');
  const misshapen: ((array: StoredArray) => void)[] = [
    (array) => array.dtype = "i32",
    (array) => array.dtype = "f16",
    (array) => array.dtype = "toString",
    (array) => array.shape = [8],
    (array) => array.shape = [7, 1],
    (array) => array.shape = [-7],
    (array) => array.shape = [7.5],
    (array) => array.shape = [],
    (array) => (array as { shape: unknown }).shape = "7",
    (array) => array.data = array.data.slice(0, -1),
    (array) => array.data = new Uint8Array(0),
    (array) => (array as { data: unknown }).data = [...array.data],
    (array) => delete (array as Partial<StoredArray>).data,
    (array) => delete (array as Partial<StoredArray>).shape,
  ];
  for (const change of misshapen) assertRefused(altered(({ arrays }) => change(arrays["neuron.v"])), '"neuron.v"');
});

Deno.test("lists of arrays and checksums that are none are refused", () => {
  for (const value of [null, 5, "arrays", [], Uint8Array.of(1)]) {
    assertRefused(altered((snapshot) => (snapshot as Record<string, unknown>).arrays = value));
    assertRefused(altered((snapshot) => (snapshot as Record<string, unknown>).checksums = value), "checksum");
  }
  assertRefused(altered((snapshot) => delete (snapshot as Record<string, unknown>).arrays));
  assertRefused(altered(({ checksums }) => delete checksums["neuron.v"]), '"neuron.v"', "checksum");
});

Deno.test("indices out of range are refused, each with the array that holds them", () => {
  const set = (name: string, at: number, value: number) =>
    withElements(name, (view, n) => view.setUint32(4 * (at < 0 ? n + at : at), value, true));
  const target = "projection.a->b.target", rows = "projection.a->b.rowStart";
  assertRefused(set(target, 0, 4), target);
  assertRefused(set(target, -1, 2 ** 32 - 1), target);
  assertRefused(set(rows, 0, 1), rows);
  assertRefused(set(rows, -1, 10 ** 6), rows);
  assertRefused(set(rows, 1, 10 ** 6), rows);
  assertRefused(set("spikes.start", 0, 10 ** 6), "spikes.start");
  assertRefused(set("spikes.start", -1, 10 ** 6), "spikes.start");
  const every = (name: string, value: number) =>
    withElements(name, (view, n) => {
      for (let k = 0; k < n; k++) view.setUint32(4 * k, value, true);
    });
  assertRefused(every("spikes.ring", 7), "spikes.ring");
  assertRefused(every("spikes.ring", 2 ** 32 - 1), "spikes.ring");
  assertRefused(every("spikes.start", 3), "spikes.start");
});

Deno.test("indices that an older file holds in 32 bits are read, unless one does not fit", () => {
  const name = "projection.a->b.target", own = small();
  const wide = (change: (targets: Uint32Array) => void) =>
    altered(({ arrays, checksums }) => {
      const targets = Uint32Array.from(own.arrays.indices(name));
      change(targets);
      const data = new Uint8Array(targets.buffer);
      arrays[name] = { ...arrays[name], dtype: "u32", data };
      checksums[name] = crc32(data);
    });
  assertEquals(decodeSnapshot(wide(() => {})).arrays.indices(name), own.arrays.indices(name));
  assertRefused(wide((targets) => targets[0] = 2 ** 16), name, "65536");
});

Deno.test("wild numbers where no index is stored load and run, however wild", () => {
  const names = Object.entries((decode(BYTES) as unknown as Snapshot).arrays)
    .filter(([name, { dtype }]) => dtype !== "u32" || name === "neuron.spikes").map(([name]) => name);
  for (const name of names) {
    for (const byte of [0xff, 0x7f, 0x80]) {
      const bytes = altered(({ arrays, checksums }) => {
        arrays[name].data = new Uint8Array(arrays[name].data.length).fill(byte);
        checksums[name] = crc32(arrays[name].data);
      });
      assertSafe(bytes, `${name} full of ${byte}`);
    }
  }
});

/** MessagePack of a map with one entry more than `bytes` has. */
function withEntry(bytes: Uint8Array, key: string, value: Uint8Array): Uint8Array {
  const name = encode(key), longer = new Uint8Array(bytes.length + name.length + value.length);
  longer.set(bytes);
  longer[0]++; // a map of less than 16 entries has their number in its first byte
  longer.set(name, bytes.length);
  longer.set(value, bytes.length + name.length);
  return longer;
}

Deno.test("a key __proto__ gives no object properties that it does not have", () => {
  assertSafe(withEntry(BYTES, "__proto__", encode({ polluted: 1 })), "__proto__ at the top");
  assertEquals(({} as Record<string, unknown>).polluted, undefined);
  const missing = altered((snapshot) => delete snapshot.format);
  assertRefused(withEntry(missing, "__proto__", encode({ format: "brainsim" })), "not a brainsim snapshot");
  const own = (value: unknown) => Object.defineProperty({}, "__proto__", { value, enumerable: true }) as ValueType;
  for (const key of ["spec", "arrays", "checksums", "notes", "history"]) {
    const bytes = altered((snapshot) => {
      delete snapshot[key];
      snapshot[key] = key === "notes" || key === "history" ? own({ polluted: 1 }) : own((decode(BYTES) as never)[key]);
    });
    const refused = assertSafe(bytes, `__proto__ in ${key}`);
    assert(refused || key === "notes" || key === "history", `inherited ${key} must not count`);
    if (refused) continue;
    assertEquals((decodeSnapshot(bytes).notes as Record<string, unknown>).polluted, undefined);
  }
});

Deno.test("structures of any depth and length are refused or read, without a crash", () => {
  const lists = (depth: number) => new Uint8Array(depth).fill(0x91);
  const maps = (depth: number) => Uint8Array.from({ length: 3 * depth }, (_, k) => [0x81, 0xa1, 0x61][k % 3]);
  for (const depth of [100, 5000, 200_000]) {
    assertRefused(lists(depth));
    assertRefused(maps(depth));
    const closed = new Uint8Array(depth + 1).fill(0x91);
    closed[depth] = 0x90;
    for (const key of ["notes", "history", "spec", "more"]) {
      const rest = altered((snapshot) => delete snapshot[key]);
      assertSafe(withEntry(rest, key, closed), `${key} of depth ${depth}`);
    }
  }
  // Lengths of 2³² − 1 that nothing follows.
  for (const marker of [0xdd, 0xdf, 0xdb, 0xc6]) {
    assertRefused(Uint8Array.of(marker, 255, 255, 255, 255, 0, 0));
  }
});

Deno.test("histories and notes of any kind and length are refused or read, without a crash", () => {
  const kinds: unknown[] = [null, 5, "text", [], {}, [5], [null], Uint8Array.of(1)];
  for (const kind of kinds) {
    for (const key of ["history", "notes"]) {
      assertSafe(altered((snapshot) => snapshot[key] = kind), `${key}: ${JSON.stringify(kind)}`);
    }
  }
});

Deno.test("64-bit integers in history or notes are refused, or can be saved again", () => {
  for (const big of [2n ** 60n, [2n ** 60n], { deep: [{ big: -(2n ** 60n) }] }]) {
    assertSafe(altered((snapshot) => snapshot.history = [big]), "history");
    assertSafe(altered((snapshot) => snapshot.notes = { big }), "notes");
  }
});

Deno.test("a history of very many entries is read", () => {
  const n = 150_000, entry = encode({ step: 0, action: "run" });
  const list = new Uint8Array(5 + n * entry.length);
  list[0] = 0xdd;
  new DataView(list.buffer).setUint32(1, n);
  for (let k = 0; k < n; k++) list.set(entry, 5 + k * entry.length);
  const rest = altered((snapshot) => {
    delete snapshot.history;
    snapshot.checksums.history = crc32(list);
  });
  assertEquals(decodeSnapshot(withEntry(rest, "history", list)).history.length, n);
});

Deno.test("a changed description, step, history or note is noticed, also when it would be valid", () => {
  const changes: ((snapshot: Snapshot) => void)[] = [
    ({ spec }) => spec.seed = 12345,
    (snapshot) => snapshot.step = 77,
    (snapshot) => snapshot.history = [{ step: 0, action: "forged" }],
    (snapshot) => snapshot.notes = { other: 1 },
  ];
  for (const [k, key] of ["spec", "step", "history", "notes"].entries()) {
    assertRefused(altered(changes[k]), `its ${key} is damaged`);
  }
});
