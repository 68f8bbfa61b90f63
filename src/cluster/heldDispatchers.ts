/**
 * Loading undici puts its own dispatcher where every extension of the process finds the one to use, and so takes the user's
 * proxy settings from all of them. This module, loaded just before it, occupies the places; `releaseDispatchers` puts back
 * what was there. Everything in between is synchronous.
 */
const places = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')];

const before = places.map((place) => Object.getOwnPropertyDescriptor(globalThis, place));

for (const [index, place] of places.entries()) {
  if (!before[index]) {
    Object.defineProperty(globalThis, place, { value: {}, configurable: true, writable: true });
  }
}

/** Puts back what was there before this module was loaded. */
export function releaseDispatchers(): void {
  for (const [index, place] of places.entries()) {
    const descriptor = before[index];
    if (descriptor) {
      Object.defineProperty(globalThis, place, descriptor);
    } else {
      Reflect.deleteProperty(globalThis, place);
    }
  }
}
