/** What we touch of kafkajs beneath its public types. */
declare module 'kafkajs/src/network/requestQueue' {
  class RequestQueue {
    readonly pending: unknown[];
    scheduleCheckPendingRequests(): void;
    checkPendingRequests(): void;
  }
  export = RequestQueue;
}
