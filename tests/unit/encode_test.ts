/** How values become what the stimulus kernel reads. */

import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { MODE } from "../../src/biology/stimulus.ts";
import { Brain } from "../../src/brain/brain.ts";
import { encodeStimulus, type StimulusOptions } from "../../src/brain/encode.ts";
import { InputError } from "../../src/state/errors.ts";

function encode(values: ArrayLike<number>, n: number, options: StimulusOptions = {}, dt = 1) {
  const { mode, value, periodSteps } = encodeStimulus("test", values, new Uint8Array(n).fill(1), options, dt);
  return { mode, value: Array.from(value), periodSteps };
}

/** Rounds to single precision, as the encoded values are. */
const f32 = (values: number[]) => values.map(Math.fround);

Deno.test("a rate is a probability of a spike per step", () => {
  const { mode, value } = encode([0, 0.5, 1], 3, { maxRateHz: 100 }, 0.5);
  assertEquals(mode, MODE.poisson);
  assertEquals(value, f32([0, 0.025, 0.05]));
  assertEquals(encode([1], 1).value, f32([0.02]));
});

Deno.test("regular trains have the same rates in a mode of their own", () => {
  const poisson = encode([0.3, 0.7], 5), regular = encode([0.3, 0.7], 5, { train: "regular" });
  assertEquals(regular.mode, MODE.regular);
  assertEquals(regular.value, poisson.value);
});

Deno.test("fewer values than neurons drive equal shares, in order", () => {
  assertEquals(encode([1, 2, 3], 9, { encoding: "current", gain: 1 }).value, [1, 1, 1, 2, 2, 2, 3, 3, 3]);
  for (const [values, n] of [[3, 10], [4, 10], [7, 50], [10, 10], [1, 7]]) {
    const list = Array.from({ length: values }, (_, k) => k);
    const { value } = encode(list, n, { encoding: "current", gain: 1 });
    const sizes = list.map((k) => value.filter((x) => x === k).length);
    assert(Math.max(...sizes) - Math.min(...sizes) <= 1, `${values} values, ${n} neurons: ${sizes}`);
    assert(value.every((x, k) => k === 0 || x >= value[k - 1]));
  }
});

Deno.test("a larger value spikes earlier under temporal coding; zero never does", () => {
  const { mode, value, periodSteps } = encode([0, 0.25, 1], 3, { encoding: "temporal" }, 0.5);
  assertEquals(mode, MODE.latency);
  assertEquals(value, [-1, Math.round(0.75 * 50 / 0.5), 0]);
  assertEquals(periodSteps, 200);
});

Deno.test("population coding gives each neuron a preferred value and a Gaussian of the distance", () => {
  const n = 5, { mode, value } = encode([0.3], n, { encoding: "population", sigma: 0.5, maxRateHz: 1000 });
  assertEquals(mode, MODE.poisson);
  // Preferred values 0.1, 0.3, … 0.9; distances in spacings −1, 0, 1, 2, 3.
  [-1, 0, 1, 2, 3].forEach((d, k) => assertAlmostEquals(value[k], Math.exp(-((d / 0.5) ** 2) / 2), 1e-6));
});

Deno.test("each value of a population has its share of the region to itself", () => {
  const two = encode([0.2, 0.9], 12, { encoding: "population" }).value;
  assertEquals(two.slice(0, 6), encode([0.2], 6, { encoding: "population" }).value);
  assertEquals(two.slice(6), encode([0.9], 6, { encoding: "population" }).value);
});

Deno.test("a population whose size is no multiple of the number of values is covered without gaps", () => {
  for (const [values, n] of [[3, 10], [4, 10], [3, 50], [7, 7]]) {
    const list = Array.from({ length: values }, () => 0.5);
    const { value } = encode(list, n, { encoding: "population", maxRateHz: 1000 });
    // A value in the middle of the range lies within half a spacing of a preferred value of its share.
    for (let k = 0; k < values; k++) {
      const share = value.filter((_, i) => Math.floor(i * values / n) === k);
      assert(Math.max(...share) > 0.7, `${values} values, ${n} neurons, share ${k}: ${share}`);
      assertAlmostEquals(share[0], share.at(-1)!, 1e-6, "the middle is as far from both ends");
    }
  }
});

Deno.test("currents take any finite value, of either sign, times the gain", () => {
  const { mode, value } = encode([-3, 0.5, 200], 3, { encoding: "current", gain: 2 });
  assertEquals([mode, value], [MODE.current, [-6, 1, 400]]);
});

Deno.test("refused values and options are named with what is allowed", () => {
  const cases: [unknown, unknown, ...string[]][] = [
    [[], {}, "0 values for 4 neurons", "1 to 4"],
    [[1, 1, 1, 1, 1], {}, "5 values for 4 neurons"],
    [[0.5, 1.5], {}, "value 1 is 1.5", "from 0 to 1"],
    [[-0.1], {}, "value 0 is -0.1"],
    [[NaN], {}, "value 0 is NaN"],
    [["1"], {}, 'value 0 is "1"'],
    [[Infinity], { encoding: "current" }, "value 0 is Infinity"],
    [0.5, {}, "values are 0.5", "list"],
    [null, {}, "values are null"],
    [undefined, {}, "values are undefined"],
    [[1], { encoding: "phase" }, '"phase"', "rate, temporal, population, current"],
    [[1], { encoding: "temporl" }, 'did you mean "temporal"?'],
    [[1], { train: "poison" }, '"poison"', 'did you mean "poisson"?'],
    [[1], { rate: 5 }, '"rate"', "maxRateHz"],
    [[1], { maxRateHz: -1 }, "maxRateHz is -1", "Hz"],
    [[1], { maxRateHz: NaN }, "maxRateHz is NaN"],
    [[1], { sigma: 0, encoding: "population" }, "sigma is 0"],
    [[1], { periodMs: 0 }, "periodMs is 0", "ms"],
    [[1], { encoding: "temporal", windowMs: 100 }, "windowMs is 100", "periodMs"],
    [[1], { gain: "3", encoding: "current" }, 'gain is "3"'],
  ];
  for (const [values, options, ...words] of cases) {
    const error = assertThrows(
      () =>
        encodeStimulus(
          "Cannot stimulate",
          values as number[],
          new Uint8Array(4).fill(1),
          options as StimulusOptions,
          1,
        ),
      InputError,
    );
    for (const word of [...words, "Cannot stimulate"]) assertStringIncludes(error.message, word);
    assert(!error.message.includes("\n"));
  }
});

Deno.test("a rate above one spike a step is refused, not cut off", () => {
  assertThrows(() => encode([1], 1, { maxRateHz: 600 }, 2), InputError, "500 Hz");
  assertEquals(encode([1], 1, { maxRateHz: 500 }, 2).value, [1]);
});

/** A brain of input lines and neurons. */
function brain(): Brain {
  const made = new Brain({ seed: 2 });
  made.addRegion("lines", "input", { neurons: 4 });
  made.addRegion("cells", "sensory", { neurons: 4 });
  return made;
}

Deno.test("a refused stimulus leaves the present one as it is", async () => {
  const own = brain(), other = brain();
  for (const b of [own, other]) b.stimulate("lines", [1, 0.5], { maxRateHz: 500 });
  assertThrows(() => own.stimulate("lines", [2]), InputError);
  assertThrows(() => own.stimulate("lines", [1], { encoding: "current" }), InputError, "no membrane");
  assertThrows(() => own.stimulate("lines", [1], { durationMs: -1 }), InputError, "durationMs is -1");
  assertThrows(() => own.stimulate("lines", [1], { durationMs: 0.01 }), InputError, "at least one");
  assertThrows(() => own.stimulate("line", [1]), InputError, 'did you mean "lines"?');
  const spikes = async (b: Brain) => (await b.run(100, { record: { spikes: true } })).recording!.spikes();
  assertEquals(await spikes(own), await spikes(other));
});

Deno.test("a stimulus ends with its duration, when it is cleared, and when it is replaced", async () => {
  const own = brain();
  const times = async (steps: number) => {
    const { recording } = await own.run(steps, { record: { spikes: ["lines"] } });
    return [...new Set(recording!.spikes().timeMs)];
  };
  own.stimulate("lines", [1], { maxRateHz: 1000, durationMs: 5 });
  assertEquals(await times(10), [0, 1, 2, 3, 4]);
  own.stimulate("lines", [1], { maxRateHz: 1000 });
  assertEquals(await times(2), [10, 11]);
  own.clearStimulus("lines");
  assertEquals(await times(2), []);
  own.stimulate("lines", [1], { encoding: "temporal", periodMs: 4, windowMs: 2 });
  own.stimulate("cells", [1]);
  assertEquals(await times(6), [14, 18]);
  own.clearStimulus();
  assertEquals(await times(5), []);
});

Deno.test("the same stimulus given again goes on instead of starting anew", async () => {
  const kinds = [
    { encoding: "temporal", periodMs: 30, windowMs: 25 },
    { train: "regular", maxRateHz: 300 },
    { maxRateHz: 300 },
  ] as StimulusOptions[];
  for (const options of kinds) {
    const spikes = async (again: boolean) => {
      const own = brain();
      own.stimulate("lines", [0.9, 0.2], options);
      const recording = own.record({ spikes: true });
      await own.run(17);
      if (again) own.stimulate("lines", [0.9, 0.2], options);
      await own.run(60);
      return recording.spikes();
    };
    assertEquals(await spikes(true), await spikes(false), JSON.stringify(options));
  }
});

Deno.test("injected currents and spikes that are refused are named with what is allowed", () => {
  const own = brain();
  const cases: [() => void, ...string[]][] = [
    [() => own.injectCurrent("cells", [1, 2]), "2 values for 4 neurons"],
    [() => own.injectCurrent("cells", NaN), "NaN"],
    [() => own.injectCurrent("cells", [1, 2, 3, Infinity]), "value 3 is Infinity"],
    [() => own.injectCurrent("lines", 5), "no membrane"],
    [() => own.injectCurrent("cell", 5), 'did you mean "cells"?'],
    [() => own.injectSpikes("lines", [4]), "is 4", "from 0 to 3"],
    [() => own.injectSpikes("lines", [0.5]), "is 0.5"],
    [() => own.injectSpikes("lines", [-1]), "is -1"],
  ];
  for (const [act, ...words] of cases) {
    const error = assertThrows(act, InputError);
    for (const word of words) assertStringIncludes(error.message, word);
  }
});

Deno.test("a refused list of injected spikes injects none of them", () => {
  const own = brain();
  assertThrows(() => own.injectSpikes("lines", [0, 1, 9]), InputError);
  own.step();
  assertEquals(own.summary().spikes, 0);
});

Deno.test("an option that an encoding does not read is refused with those that it reads", () => {
  const own = brain();
  for (
    const options of [
      { encoding: "temporal", maxRateHz: 50 },
      { gain: 3 },
      { encoding: "population", periodMs: 50 },
      { encoding: "temporal", train: "regular" },
    ] as StimulusOptions[]
  ) {
    assertThrows(() => own.stimulate("lines", [0.5], options), InputError, "has no effect on encoding");
  }
});
