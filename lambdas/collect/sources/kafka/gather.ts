/**
 * Gathers what is asked for in one turn of the event loop, which is what the services of one tick ask, and asks once for all.
 * A broker works off a connection's requests one after the other, so fifty small ones take fifty times as long as one large one.
 */
export const gather = <Key, Answer>(
  ask: (keys: readonly Key[]) => Promise<Answer>,
): ((key: Key) => Promise<Answer>) => {
  let turn: { readonly keys: Key[]; readonly answer: Promise<Answer> } | undefined;
  const begin = () => {
    const keys: Key[] = [];
    const over = new Promise((resolve) => setImmediate(resolve));
    const answer = over.then(() => {
      turn = undefined;
      return ask(keys);
    });
    turn = { keys, answer };
    return turn;
  };
  return (key) => {
    const { keys, answer } = turn ?? begin();
    keys.push(key);
    return answer;
  };
};
