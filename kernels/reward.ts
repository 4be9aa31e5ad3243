/**
 * Reward-modulated weights without a pass over all synapses. Eligibilities share a clock (kernels/traces.ts); `gain` is
 * the integral, since the clock's origin, of learningRate · e^(−(t − origin)/τ_e) · (D − baseline) dt. A synapse whose
 * stored eligibility was e when it was last settled at gain g has since gained e · (gain − g): it need be settled only
 * when one of its neurons spikes, or when dopamine crosses its baseline; between those a weight moves one way only, so
 * that applying the bounds at each settling is exact.
 */

/** Plastic synapses of one projection under reward. All arrays have one element a synapse. */
export interface RewardedSynapses {
  weight: Float32Array;
  /** Stored as of the clock's origin. */
  eligibility: Float32Array;
  /** Gain up to which the weight is settled. */
  settled: Float32Array;
  weightMax: number;
}

/** Weight of one synapse with all that it has gained up to `gain` (a single-precision number). */
export function settledWeight(s: RewardedSynapses, k: number, gain: number): number {
  const w = s.weight[k] + s.eligibility[k] * (gain - s.settled[k]);
  return w < 0 ? 0 : w > s.weightMax ? s.weightMax : w;
}

/** Settles synapses first … last − 1. */
export function settle(s: RewardedSynapses, first: number, last: number, gain: number): void {
  const { weight, eligibility, settled, weightMax } = s;
  for (let k = first; k < last; k++) {
    const gained = gain - settled[k];
    if (gained !== 0) {
      weight[k] = Math.max(0, Math.min(weightMax, weight[k] + eligibility[k] * gained));
      settled[k] = gain;
    }
  }
}

/**
 * Moves the origin of the eligibilities: settles everything, decays, and starts the gain from zero.
 * @param factor e^(−period/τ_e)
 */
export function moveEligibilityOrigin(s: RewardedSynapses, gain: number, factor: number): void {
  settle(s, 0, s.weight.length, gain);
  for (let k = 0; k < s.eligibility.length; k++) {
    s.eligibility[k] *= factor;
    s.settled[k] = 0;
  }
}

/** Numbers of one projection's dopamine, worked out for a step. */
export interface DopamineConstants {
  tonic: number;
  /** e^(−dt/τ_D). */
  decay: number;
  /** Gain of a step, for an eligibility of one, by dopamine being at its tonic level: exact integrals over the step. */
  tonicGain: number;
  /** The same by each unit above the tonic level. */
  phasicGain: number;
}

/**
 * The constants of a step: eligibility and dopamine decay exponentially within it, so that the effect of a reward does
 * not depend on dt.
 */
export function dopamineConstants(
  p: { tauEligibilityMs: number; tauDopamineMs: number; tonic: number; baseline: number; learningRate: number },
  dt: number,
): DopamineConstants {
  const integral = (tau: number) => tau * -Math.expm1(-dt / tau) * p.learningRate / 1000;
  return {
    tonic: p.tonic,
    decay: Math.exp(-dt / p.tauDopamineMs),
    tonicGain: (p.tonic - p.baseline) * integral(p.tauEligibilityMs),
    phasicGain: integral(1 / (1 / p.tauDopamineMs + 1 / p.tauEligibilityMs)),
  };
}

/**
 * Advances dopamine and the gain by one step. `dopamine` is [level, gain, sign of the last change of the gain]. When the
 * sign turns, all synapses are settled first: what lies beyond a bound is then cut off as it would be step by step.
 * @param eligibilityDecay e^(−(t − origin)/τ_e) at the start of the step
 * @param enabled false while plasticity is frozen: dopamine decays without effect
 */
export function advanceDopamine(
  dopamine: Float64Array,
  p: DopamineConstants,
  eligibilityDecay: number,
  enabled: boolean,
  synapses: RewardedSynapses,
): void {
  const change = p.tonicGain + (dopamine[0] - p.tonic) * p.phasicGain;
  if (enabled && change !== 0) {
    const sign = Math.sign(change);
    if (sign === -dopamine[2]) settle(synapses, 0, synapses.weight.length, Math.fround(dopamine[1]));
    dopamine[2] = sign;
    dopamine[1] += eligibilityDecay * change;
  }
  dopamine[0] = p.tonic + (dopamine[0] - p.tonic) * p.decay;
}
