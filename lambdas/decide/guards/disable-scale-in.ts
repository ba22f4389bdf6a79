/** Scale-in switched off, for this service in its configuration or for all by `DISABLE_SCALE_IN`. */
import type { Guard } from './guard.ts';

export const disableScaleIn: Guard = (proposed, { service, disableScaleIn: forAll, counts: { desired } }) => {
  if (proposed >= desired || !(forAll || service.disableScaleIn)) return undefined;
  return {
    to: desired,
    why: forAll
      ? 'scale-in is switched off by DISABLE_SCALE_IN'
      : 'scale-in is switched off for this service',
  };
};
