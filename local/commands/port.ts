/** A port, as it is typed. */
import { InvalidArgumentError } from 'commander';

export const port = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new InvalidArgumentError(`"${text}" is not a port (1 to 65535).`);
  return value;
};
