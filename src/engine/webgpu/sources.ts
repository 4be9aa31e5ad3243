/** The texts of the WGSL kernels, each with what it uses. */

import competition from "../../../kernels/competition.wgsl" with { type: "text" };
import compartments from "../../../kernels/compartments.wgsl" with { type: "text" };
import deliver from "../../../kernels/deliver.wgsl" with { type: "text" };
import field from "../../../kernels/field.wgsl" with { type: "text" };
import integrate from "../../../kernels/integrate.wgsl" with { type: "text" };
import list from "../../../kernels/list.wgsl" with { type: "text" };
import modulators from "../../../kernels/modulators.wgsl" with { type: "text" };
import oscillation from "../../../kernels/oscillation.wgsl" with { type: "text" };
import random from "../../../kernels/random.wgsl" with { type: "text" };
import receptors from "../../../kernels/receptors.wgsl" with { type: "text" };
import record from "../../../kernels/record.wgsl" with { type: "text" };
import replay from "../../../kernels/replay.wgsl" with { type: "text" };
import reward from "../../../kernels/reward.wgsl" with { type: "text" };
import rows from "../../../kernels/rows.wgsl" with { type: "text" };
import shortTerm from "../../../kernels/short_term.wgsl" with { type: "text" };
import spikes from "../../../kernels/spikes.wgsl" with { type: "text" };
import stdp from "../../../kernels/stdp.wgsl" with { type: "text" };
import stimulus from "../../../kernels/stimulus.wgsl" with { type: "text" };
import threshold from "../../../kernels/threshold.wgsl" with { type: "text" };
import traces from "../../../kernels/traces.wgsl" with { type: "text" };

/** Complete modules. */
export const MODULES: readonly string[] = [
  random + stimulus,
  oscillation,
  random + replay,
  spikes + rows + deliver,
  receptors,
  compartments,
  field,
  spikes + threshold,
  random + competition,
  integrate,
  list,
  spikes + modulators,
  spikes + shortTerm,
  spikes + rows + stdp,
  spikes + rows + reward,
  spikes + traces,
  record,
];
