/**
 * The order of events within one time step, written once: every backend walks this list. Step t covers the time from
 * t·dt to (t + 1)·dt. Between steps, slow processes act (src/engine/slow).
 */

/** One stage of a step: a kernel (or several of one mechanism) over all regions or projections that have it. */
export interface Stage {
  name: string;
  /** Why it comes here. */
  why: string;
}

/** The stages, in order. */
export const STEP = [
  { name: "moveOrigins", why: "trace clocks restart before anything reads or marks a trace in this step" },
  { name: "modulate", why: "factors of this step, from concentrations and phases as the last step left them" },
  {
    name: "stimulus",
    why: "stimuli, noise, rhythms and injected currents of this step; forced spikes lift v to the peak",
  },
  {
    name: "deliver",
    why:
      "spikes emitted d steps ago arrive: weights are added, then plasticity acts, then traces are marked, so an arrival acts with the weight it finds",
  },
  { name: "receptors", why: "after delivery, so that arrivals act in the step in which they arrive" },
  { name: "compartments", why: "dendrites see the synaptic input of the step, and the soma sees what is left of it" },
  { name: "oppose", why: "thresholds oppose, and electrodes see, what has come in from everywhere" },
  { name: "integrate", why: "membranes see all input of the step and list the spikes, thinned out by competition" },
  { name: "spread", why: "dendrites follow the soma as it has moved" },
  { name: "activity", why: "counts, last spikes and rates of the spikes just listed" },
  { name: "adapt", why: "what a neuron's own spike changes in it beside v and u" },
  {
    name: "potentiate",
    why: "postsynaptic spikes meet the traces of all arrivals up to and including this step (Δt = 0 potentiates)",
  },
  { name: "release", why: "short-term resources are used when the spike leaves; its release travels with it" },
  {
    name: "dopamine",
    why: "reward acts on the eligibilities as the step leaves them, over the time to the next step",
  },
] as const satisfies readonly Stage[];

/** Name of a stage. */
export type StageName = typeof STEP[number]["name"];
