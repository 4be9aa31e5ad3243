/** How words become values. */

import { assertEquals, assertThrows } from "@std/assert";
import { parseNumber, parseTime } from "../../src/cli/command.ts";
import { duration, shellWord, simulated, size } from "../../src/cli/output.ts";
import { InputError } from "../../src/state/errors.ts";

Deno.test("times have a unit", () => {
  const times = {
    "500ms": 500,
    "10s": 10_000,
    "0.5s": 500,
    "2min": 120_000,
    "1h": 3_600_000,
    "1e3ms": 1000,
  };
  for (const [text, ms] of Object.entries(times)) assertEquals(parseTime("--for", text), ms, text);
});

Deno.test("what is no time is refused with examples of times", () => {
  for (const text of ["", "s", "-5s", "5 s 3", "5m", "5sec", "1.2.3s", "Infinity", "NaN", "1e999s"]) {
    const error = assertThrows(() => parseTime("--for", text), InputError, "10s");
    assertEquals(error.message.startsWith(`--for is ${JSON.stringify(text)}`), true, error.message);
  }
});

Deno.test("a time without a unit is refused, because 5 may be meant as seconds", () => {
  for (const text of ["5", "0", "1.5", "1e3"]) {
    assertThrows(
      () => parseTime("--for", text),
      InputError,
      `give a unit: ${text}ms, ${text}s, ${text}min or ${text}h`,
    );
  }
});

Deno.test("numbers are finite, and whole and in range where they have to be", () => {
  assertEquals(parseNumber("--x", "-1.5e3"), -1500);
  assertEquals(parseNumber("--x", " 7 ", { min: 7, max: 7, whole: true }), 7);
  for (const text of ["", " ", "x", "1x", "NaN", "Infinity", "1e999"]) {
    assertThrows(() => parseNumber("--x", text), InputError, "expected a number");
  }
  assertThrows(() => parseNumber("--x", "1.5", { whole: true }), InputError, "whole number");
  assertThrows(() => parseNumber("--x", "5", { min: 1, max: 4 }), InputError, "from 1 to 4");
  assertThrows(() => parseNumber("--x", "5", { min: 500 }), InputError, "expected a number ≥ 500");
});

Deno.test("times and sizes are shown in the unit that fits", () => {
  assertEquals([0.25, 5, 150, 7200].map(duration), ["250 ms", "5.0 s", "2.5 min", "2.0 h"]);
  assertEquals([12.5, 999, 1000, 146_600, 3_600_000].map(simulated), ["12.5 ms", "999 ms", "1 s", "146.6 s", "3600 s"]);
  assertEquals([12, 1500, 2.5e6, 3e9].map(size), ["12 B", "1.5 kB", "2.5 MB", "3.00 GB"]);
});

Deno.test("a word of a command line is quoted where a shell would not take it for one word", () => {
  assertEquals(["a/b-1.csv", "two words", "it's", "", "$x"].map(shellWord), [
    "a/b-1.csv",
    "'two words'",
    "'it'\\''s'",
    "''",
    "'$x'",
  ]);
});
