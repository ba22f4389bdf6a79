export type { LaneCommands } from './commands.ts';
export { Lane } from './lane.ts';
export { PulseScaler } from './pulse-scaler.ts';
export type { PulseScalerProps } from './pulse-scaler-props.ts';
export type { LoadSource, PulseConfig, ScaledService } from './scaled-service.ts';
export { PulseScalerStack, type PulseScalerStackProps } from './stack.ts';
