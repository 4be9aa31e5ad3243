/**
 * Kernels of WGSL, by the name of their entry point. What a kernel needs follows from its text: which arrays it binds, and
 * which fields of its `Parameters` it reads. So the host names arrays and numbers, and never counts bindings or bytes.
 */

import { MODULES } from "./sources.ts";

/** A number among a kernel's parameters. */
interface Field {
  name: string;
  /** Place in the struct, in words. */
  at: number;
  float: boolean;
}

/** An array that a kernel binds. */
interface Binding {
  name: string;
  binding: number;
  writes: boolean;
}

/** What a text says of one entry point. */
export interface Signature {
  name: string;
  module: string;
  fields: Field[];
  bindings: Binding[];
}

/** A kernel of a device. */
export interface Kernel extends Signature {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
}

/** Bytes of a place for parameters: a multiple of what devices ask for. */
export const PARAMETER_BYTES = 256;

const DECLARATION = /@group\(0\) @binding\((\d+)\) var<storage, (read|read_write)> (\w+):/g;
const FUNCTION = /(@compute [^\n]*\n)?fn (\w+)\([^]*?\n}/g;

/** All entry points of a module. */
export function signaturesOf(module: string): Signature[] {
  const code = module.replaceAll(/\/\/.*/g, "");
  const declared = [...code.matchAll(DECLARATION)].map(([, binding, mode, name]) => ({
    name,
    binding: Number(binding),
    writes: mode === "read_write",
  }));
  const struct = /struct Parameters \{([^}]*)\}/.exec(code)![1];
  const fields = [...struct.matchAll(/(\w+): (u32|f32)/g)].map(([, name, type], at) => ({
    name,
    at,
    float: type === "f32",
  }));
  const functions = new Map([...code.matchAll(FUNCTION)].map(([text, compute, name]) => [name, { text, compute }]));
  const reach = (name: string, seen: Set<string>): Set<string> => {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const [word] of functions.get(name)!.text.matchAll(/\w+/g)) if (functions.has(word)) reach(word, seen);
    return seen;
  };
  return [...functions].filter(([, { compute }]) => compute).map(([name]) => {
    const text = [...reach(name, new Set())].map((own) => functions.get(own)!.text).join("\n");
    return {
      name,
      module,
      fields: fields.filter((field) => new RegExp(`\\bp\\.${field.name}\\b`).test(text)),
      bindings: declared.filter((binding) => new RegExp(`\\b${binding.name}\\[`).test(text)),
    };
  });
}

let known: Map<string, Signature> | null = null;

/** All kernels by name. */
export function signatures(): Map<string, Signature> {
  return known ??= new Map(MODULES.flatMap((module) => signaturesOf(module)).map((entry) => [entry.name, entry]));
}

const made = new WeakMap<GPUDevice, { modules: Map<string, GPUShaderModule>; kernels: Map<string, Kernel> }>();

/** A kernel, compiled when it is first asked for. */
export function kernelOf(device: GPUDevice, name: string): Kernel {
  if (!made.has(device)) made.set(device, { modules: new Map(), kernels: new Map() });
  const { modules, kernels } = made.get(device)!, existing = kernels.get(name);
  if (existing) return existing;
  const signature = signatures().get(name);
  if (!signature) throw new Error(`no kernel ${name}`);
  let module = modules.get(signature.module);
  if (!module) modules.set(signature.module, module = device.createShaderModule({ code: signature.module }));
  const layout = device.createBindGroupLayout({
    label: name,
    entries: [
      { binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: "uniform", hasDynamicOffset: true } },
      ...signature.bindings.map(({ binding, writes }): GPUBindGroupLayoutEntry => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: writes ? "storage" : "read-only-storage" },
      })),
    ],
  });
  const pipeline = device.createComputePipeline({
    label: name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: name },
  });
  const kernel = { ...signature, layout, pipeline };
  kernels.set(name, kernel);
  return kernel;
}
