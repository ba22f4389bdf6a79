/** What is explored. Each is small enough to be explored whole, and together they have every kind of fault beside every other. */
import type { Scenario } from './state.ts';

export const SCENARIOS: readonly Scenario[] = [
  { name: 'a lane that hands over twice, one fault', starts: [{}], executions: 3, faults: 1, horizon: 60 },
  { name: 'a lane that hands over, two faults', starts: [{}], executions: 2, faults: 2, horizon: 30 },
  { name: 'two starts at once, one fault', starts: [{}, {}], executions: 2, faults: 1, horizon: 15 },
  { name: 'three starts at once', starts: [{}, {}, {}], executions: 3, faults: 0, horizon: 0 },
  {
    name: 'a reviver beside a lane that lives or has died',
    starts: [{}, {}],
    executions: 2,
    faults: 1,
    horizon: 75,
  },
  {
    name: 'the same, the second clock half a minute ahead',
    starts: [{}, {}],
    executions: 2,
    faults: 1,
    horizon: 75,
    skews: [0, 30],
  },
  {
    name: 'the same, the second clock half a minute behind',
    starts: [{}, {}],
    executions: 2,
    faults: 1,
    horizon: 75,
    skews: [0, -30],
  },
  {
    name: 'a person takes the lane over, one fault',
    starts: [{}, { takeOver: true }],
    executions: 2,
    faults: 1,
    horizon: 15,
  },
  {
    name: 'an operator pauses the lane, one fault',
    starts: [{}],
    executions: 2,
    faults: 1,
    horizon: 60,
    pauses: true,
  },
];
