import type { Disposable } from './disposable';

/** Resolves with the first value of `look` that is not `undefined`, looking at once and after every event. Rejects with the signal's reason. */
export function when<T>(event: (listener: () => void) => Disposable, look: () => T | undefined, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      subscription.dispose();
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const check = () => {
      try {
        const value = look();
        if (value !== undefined) {
          end(() => resolve(value));
        }
      } catch (error) {
        end(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
    };
    const onAbort = () => end(() => reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted')));
    const subscription = event(check);
    signal.addEventListener('abort', onAbort, { once: true });
    (signal.aborted ? onAbort : check)();
  });
}
