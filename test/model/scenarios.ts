/** What is explored. Each is small enough to be explored whole, and together they have every kind of fault beside every other. */
import type { Scenario } from './state.ts';

const revived = {
  starts: [{}, {}],
  startsFrom: 60,
  executions: 2,
  faults: 1,
  deathsOnly: true,
  horizon: 80,
} as const;

const handsOver = { starts: [{}], executions: 2, faults: 1, horizon: 40 } as const;

export const HANDS_OVER: Scenario = {
  name: 'a lane that hands over twice, one fault',
  starts: [{}],
  executions: 3,
  faults: 1,
  horizon: 60,
};

export const STARTS_AT_ONCE: Scenario = {
  name: 'three starts at once',
  starts: [{}, {}, {}],
  executions: 3,
  faults: 0,
  horizon: 0,
};

export const REVIVED: Scenario = { name: 'a start while the lane lives or has died', ...revived };

export const FALLS_ASLEEP: Scenario = {
  name: 'a lane that may sleep, a look, one fault',
  starts: [{}, {}],
  executions: 3,
  faults: 1,
  horizon: 20,
  sleeps: true,
};

export const SCENARIOS: readonly Scenario[] = [
  HANDS_OVER,
  { ...handsOver, name: 'a lane that hands over, two faults', faults: 2 },
  { name: 'two starts at once, one fault', starts: [{}, {}], executions: 2, faults: 1, horizon: 20 },
  STARTS_AT_ONCE,
  REVIVED,
  { ...revived, name: 'the same, its clock half a minute ahead', faults: 0, skews: [0, 30] },
  { ...revived, name: 'the same, its clock half a minute behind', faults: 0, skews: [0, -30] },
  { ...handsOver, name: 'a hand-over to a clock half a minute ahead', skews: [0, 30] },
  { ...handsOver, name: 'a hand-over to a clock half a minute behind', skews: [0, -30] },
  {
    name: 'a person takes the lane over',
    starts: [{}, { takeOver: true }],
    executions: 2,
    faults: 0,
    horizon: 40,
  },
  {
    name: 'an operator pauses the lane, somebody dies',
    starts: [{}],
    executions: 2,
    faults: 1,
    deathsOnly: true,
    horizon: 20,
    pauses: true,
  },
  FALLS_ASLEEP,
  { ...FALLS_ASLEEP, name: 'the same, two looks, no fault', starts: [{}, {}, {}], executions: 3, faults: 0 },
];
