/** The WebGPU device of this process. */

import { InputError } from "../../state/errors.ts";

/** A device with what a brain must know of it. */
export interface Gpu {
  device: GPUDevice;
  /** Its name. */
  adapter: string;
  /** Whether it is a program on the CPU: right, but slow. */
  software: boolean;
  /** Largest part of a buffer that a kernel can see, bytes. */
  bindingBytes: number;
  /** Largest piece of an array of synapses, bytes. */
  pieceBytes: number;
  /** Why it answers no more; null while it does. */
  failure: string | null;
}

let opened: Promise<Gpu> | null = null;

/**
 * The device; the same for all brains of the process, and another one when it was lost.
 * @throws {InputError} where there is none
 */
export async function openDevice(): Promise<Gpu> {
  opened ??= open();
  try {
    const gpu = await opened;
    if (gpu.failure === null) return gpu;
  } catch (error) {
    opened = null;
    throw error;
  }
  opened = open();
  return await opened;
}

/** Where Mesa would look for sockets of a desktop; without the variable, as in containers, it writes errors to stderr. */
function quietMesa(): void {
  const variable = "XDG_RUNTIME_DIR";
  if (Deno.build.os !== "linux" || Deno.permissions.querySync({ name: "env", variable }).state !== "granted") return;
  if (Deno.env.get(variable) === undefined) Deno.env.set(variable, "/tmp");
}

async function open(): Promise<Gpu> {
  quietMesa();
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) {
    throw new InputError(
      "no WebGPU adapter: this machine has no GPU with a Vulkan, Metal or DirectX 12 driver (or DENO_WEBGPU_BACKEND names another one); run on the CPU",
    );
  }
  // Kernels stay within the default limits; only the size of buffers is asked for, where it can be had.
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  const device = await adapter.requestDevice({ requiredLimits: { maxStorageBufferBindingSize, maxBufferSize } });
  const { info } = adapter, name = info.device && /[a-z]/i.test(info.device) ? info.device : info.description;
  const gpu: Gpu = {
    device,
    adapter: [info.description, name].find((text) => text) ?? info.vendor,
    software: info.isFallbackAdapter ||
      /llvmpipe|swiftshader|software|basic render/i.test(`${name} ${info.description}`),
    bindingBytes: device.limits.maxStorageBufferBindingSize,
    pieceBytes: device.limits.maxStorageBufferBindingSize,
    failure: null,
  };
  device.lost.then(({ message, reason }) => gpu.failure ??= `the GPU was lost (${message || reason})`);
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    gpu.failure ??= `the GPU reports: ${(event as GPUUncapturedErrorEvent).error.message}`;
  });
  return gpu;
}
