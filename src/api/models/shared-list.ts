/**
 * Where instances of an account share the list of models, so that
 * only one of them asks the service. Neither ever fails.
 */
export interface SharedList {
  /**
   * The list that another instance was given, after a short wait where
   * it is asking now; undefined where this one is to ask.
   */
  take(): Promise<unknown>;
  offer(list: object): Promise<void>;
}
