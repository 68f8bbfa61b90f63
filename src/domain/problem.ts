/** Why a call to the cluster failed; what code may branch on. `denied` is an admission webhook, whatever its HTTP code. */
export type ProblemReason =
  | 'credentials' | 'unauthorized' | 'forbidden' | 'denied' | 'notFound' | 'notServed' | 'alreadyExists' | 'conflict' | 'gone'
  | 'invalid' | 'throttled' | 'tls' | 'proxy' | 'unreachable' | 'timeout' | 'server' | 'readOnly' | 'configuration';

/** A failure as data: kept in state, shown in the tree, never holding secrets. */
export interface Problem {
  readonly reason: ProblemReason;
  /** One sentence that says what was attempted and why it failed; the API server's own words are verbatim. */
  readonly message: string;
  /** One sentence that says what to do; absent when nothing is known to help. */
  readonly hint?: string;
}
