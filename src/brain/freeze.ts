/** Freezing: holding still what learns or grows, until it is undone. */

import type { Program } from "../engine/program.ts";
import { sitesOf } from "../engine/mechanisms.ts";
import { HELD } from "../engine/slow/sleep.ts";
import { InputError, knownNames, show } from "../state/errors.ts";

/** One switch: the full name of a one-element array, and its data. */
interface Switch {
  /** Targets that throw it. */
  targets: string[];
  array: string;
  data: Uint8Array;
}

/** Every switch of a kind. */
function switches({ regions, projections }: Program, kind: "plasticity" | "structure"): Switch[] {
  const ofMechanisms = regions.flatMap((region) =>
    sitesOf(region).flatMap(({ name, row, site }) =>
      row.freezes !== kind ? [] : [{
        targets: [`region:${region.name}`],
        array: `region.${region.name}.${name}.enabled`,
        data: site.enabled,
      }]
    )
  );
  const ofProjections = projections.flatMap(({ name, to, enabled, sprouting }) => {
    const [data, key] = kind === "plasticity"
      ? [enabled, "plasticityEnabled"] as const
      : [sprouting?.structure?.enabled, "structure.enabled"] as const;
    const targets = [`region:${regions[to].name}`, `projection:${name}`];
    return data ? [{ targets, array: `projection.${name}.${key}`, data }] : [];
  });
  return [...ofMechanisms, ...ofProjections];
}

/**
 * Sets all switches of a target, or of the whole brain.
 * @param target `region:NAME`, `projection:NAME` or a bare name; a region stands for all that is its own and for the
 * projections onto it
 * @returns names of the arrays that changed
 * @throws {InputError} when there is nothing at the target that could be frozen
 */
export function setFrozen(
  program: Program,
  kind: "plasticity" | "structure",
  target: string | undefined,
  frozen: boolean,
): string[] {
  const all = switches(program, kind);
  const found = all.filter(({ targets }) =>
    target === undefined || targets.some((own) => own === target || own.slice(own.indexOf(":") + 1) === target)
  );
  if (target !== undefined && found.length === 0) {
    const known = [...new Set(all.flatMap(({ targets }) => targets))];
    throw new InputError(
      `Cannot ${frozen ? "freeze" : "unfreeze"} ${show(target)}: no ${kind} there; ${
        knownNames("targets", target, known)
      }`,
    );
  }
  // What is thawed while a sleep holds learning still moves again when the brain wakes.
  const asleep = program.sleep[1] > 0;
  for (const { data } of found) if (frozen || data[0] === 0) data[0] = frozen ? 0 : asleep ? HELD : 1;
  return found.map(({ array }) => array);
}
