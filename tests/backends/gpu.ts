/** Tests that need a WebGPU adapter; without one they are ignored, and say so. */

import { type Gpu, openDevice } from "../../src/engine/webgpu/device.ts";
import { InputError } from "../../src/state/errors.ts";

/** The device, or null. */
export const gpu: Gpu | null = await openDevice().catch((error) => {
  if (error instanceof InputError) return null;
  throw error;
});

/** A test on the device. */
export function gpuTest(name: string, run: (gpu: Gpu) => void | Promise<void>): void {
  Deno.test({
    name: gpu ? name : `${name} (ignored: no WebGPU adapter)`,
    ignore: gpu === null,
    // The device belongs to all tests.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () => run(gpu!),
  });
}
