export type { LaneCommands } from './commands.ts';
export { Lane } from './lane.ts';
export { PulseScaler, type PulseScalerProps } from './pulse-scaler.ts';
export type { LoadSource, PulseConfig, ScaledService } from './scaled-service.ts';
export { PulseScalerStack, type PulseScalerStackProps } from './stack.ts';
