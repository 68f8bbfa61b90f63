import type { Disposable } from '../../../../src/base/disposable';

/** How many migrations may leave a node at a time: what the platform's hypervisor allows unless told otherwise. */
export const outboundPerNode = 2;

/** Lets so many at a time leave each node; the others wait in the order in which they came. */
export class Slots {
  readonly #perNode: number;
  readonly #nodes = new Map<string, { taken: number; waiting: Set<() => void> }>();

  constructor(perNode: number) {
    this.#perNode = perNode;
  }

  /** Calls `start` as soon as a slot is free, at once if one is. Disposing gives the slot back, or leaves the queue. */
  take(node: string, start: () => void): Disposable {
    const slots = this.#nodes.get(node) ?? { taken: 0, waiting: new Set() };
    this.#nodes.set(node, slots);
    let hasSlot = false;
    const begin = () => {
      slots.waiting.delete(begin);
      slots.taken++;
      hasSlot = true;
      start();
    };
    slots.waiting.add(begin);
    this.#serve(slots);
    return {
      dispose: () => {
        slots.waiting.delete(begin);
        if (hasSlot) {
          hasSlot = false;
          slots.taken--;
          this.#serve(slots);
        }
      },
    };
  }

  #serve(slots: { taken: number; readonly waiting: ReadonlySet<() => void> }): void {
    for (const begin of slots.taken < this.#perNode ? [...slots.waiting].slice(0, this.#perNode - slots.taken) : []) {
      begin();
    }
  }
}
