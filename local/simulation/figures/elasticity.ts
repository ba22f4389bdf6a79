/**
 * How closely the running tasks s follow the demand d, second by second: the set of the SPEC RG Cloud group (θ, τ, υ), all in per cent.
 *
 * - θU and θO are the *bounded* forms of "An Experimental Performance Evaluation of Autoscaling Policies for Complex Workflows" (ICPE'17),
 *   as computed in atlarge-research/opendc-autoscaling-prototype, autoscalers/Autoscaler.py: what is missing ÷ max(d, 1), what is too
 *   much ÷ max(s, 1). Divided by d, as in "Chameleon" (TPDS'19), the second one is in the thousands for everybody on on/off load, where
 *   d is 1 most of the time; {@link Elasticity.excess} is what may be compared there.
 * - τU and τO are the timeshares of BUNGEE (NikolasHerbst/BUNGEE, metric/AbstractAreaDuration.java), × 100. One who is a single task
 *   too high all day has τO = 100: read it beside θO.
 * - υ, instability: 100 ÷ (T - t1) · Σ min(|sgn Δs - sgn Δd|, 1), the share of seconds in which supply and demand don't move the same
 *   way. The differences are what has a sign here: the prototype above takes the signs of s and d themselves and gets about 0 for
 *   everybody. A demand that changes between many seconds makes it large for whoever is calm, so it says little on its own.
 *
 * Read were the two repositories. The texts of both papers could not be opened, so υ and the unbounded θO are as others quote them.
 */
export interface Elasticity {
  /** 0 to 100. */
  readonly thetaU: number;
  readonly thetaO: number;
  readonly tauU: number;
  readonly tauO: number;
  readonly upsilon: number;
  /** Task-seconds above the demand ÷ the task-seconds demanded; 0 and more. */
  readonly excess: number;
}

/** Tasks that run and tasks that are needed, one number each for each second. */
export const elasticityOf = (supply: Uint16Array, demand: Uint16Array): Elasticity => {
  const { length } = demand;
  let [thetaU, thetaO, tauU, tauO, unlike, excess, demanded] = [0, 0, 0, 0, 0, 0, 0];
  let [sBefore, dBefore] = [supply[0] ?? 0, demand[0] ?? 0];
  for (let t = 0; t < length; t += 1) {
    const s = supply[t] ?? 0;
    const d = demand[t] ?? 0;
    if (d > s) {
      thetaU += (d - s) / Math.max(d, 1);
      tauU += 1;
    } else if (s > d) {
      thetaO += (s - d) / Math.max(s, 1);
      tauO += 1;
      excess += s - d;
    }
    if (Math.sign(s - sBefore) !== Math.sign(d - dBefore)) unlike += 1;
    demanded += d;
    [sBefore, dBefore] = [s, d];
  }
  const percent = 100 / Math.max(1, length);
  return {
    ...{ thetaU: thetaU * percent, thetaO: thetaO * percent, tauU: tauU * percent, tauO: tauO * percent },
    // t1 is the first second: T - t1 differences.
    ...{ upsilon: (100 * unlike) / Math.max(1, length - 1), excess: excess / Math.max(1, demanded) },
  };
};
