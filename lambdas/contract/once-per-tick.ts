/** What several readings of one tick want alike is asked once: kept by the tick itself, so that nothing has to be thrown away. */

export type OncePerTick<T> = (tick: object, key: string, ask: () => Promise<T>) => Promise<T>;

export const oncePerTick = <T>(): OncePerTick<T> => {
  const ticks = new WeakMap<object, Map<string, Promise<T>>>();
  return (tick, key, ask) => {
    const answers = ticks.get(tick) ?? new Map<string, Promise<T>>();
    ticks.set(tick, answers);
    const answer = answers.get(key) ?? ask();
    answers.set(key, answer);
    return answer;
  };
};
