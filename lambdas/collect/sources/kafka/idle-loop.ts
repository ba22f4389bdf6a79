/**
 * kafkajs looks every millisecond, for ever and for each connection, whether requests wait that it holds back, also where there
 * are none (tulios/kafkajs#1704), and Node 24 warns of the negative time that it gives the timer (#1751). Its makers know
 * and release nothing any more; so here it looks while something waits.
 */
const mend = async (): Promise<void> => {
  const { default: RequestQueue } = await import('kafkajs/src/network/requestQueue/index.js');
  const schedule = RequestQueue.prototype.scheduleCheckPendingRequests;
  RequestQueue.prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
};

let mended: Promise<void> | undefined;

/** For all clients of this process, once. */
export const endIdleLoop = (): Promise<void> => {
  mended ??= mend();
  return mended;
};
