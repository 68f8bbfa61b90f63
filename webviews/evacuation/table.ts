import { type Column, columns, type EvacuationTexts, type RowGroup, rowGroups, type ShownRow } from '../../src/protocol/evacuation';
import { toMove } from '../../src/domain/reorder';
import { element } from '../shared/element';
import { Line } from './line';

export interface Order {
  readonly by: Column;
  readonly isDescending: boolean;
}

export interface TableActions {
  readonly open: (key: string) => void;
  readonly sorted: () => void;
}

/** More than fit on a screen; afterwards as many again at a time, whenever there is nothing else to do. */
const firstRows = 60;

/** They follow after so long even where there always is something to do. */
const patienceMs = 100;

/**
 * One row for each machine. What fits on a screen is painted first. A row is made once; afterwards only those words are written that
 * differ, and only rows are moved that stand in the wrong place, so that nothing flickers and the keyboard stays where it is.
 */
export class Table {
  readonly element = element('div', 'frame');
  readonly #texts: EvacuationTexts;
  readonly #actions: TableActions;
  readonly #rows = new Map<string, ShownRow>();
  readonly #lines = new Map<string, Line>();
  readonly #body = document.createElement('tbody');
  readonly #heads = new Map<Column, HTMLElement>();
  readonly #nothing: HTMLElement;
  #order: Order;
  #only: RowGroup | undefined;
  /** Keys of the rows that are shown, as they stand below one another. */
  #sorted: readonly string[] = [];
  /** How many of them are in the page. */
  #placed = firstRows;
  #growing: number | undefined;
  /** The row whose button the Tab key reaches. */
  #current: string | undefined;

  constructor(texts: EvacuationTexts, order: Order | undefined, actions: TableActions) {
    this.#texts = texts;
    this.#actions = actions;
    this.#order = order && columns.includes(order.by) ? order : { by: 'state', isDescending: false };
    const table = document.createElement('table');
    const caption = document.createElement('caption');
    caption.textContent = texts.title;
    table.append(caption, this.#headRow(), this.#body);
    this.#nothing = element('p', 'nothing', texts.nothingShown);
    this.element.append(table, this.#nothing);
    this.#body.addEventListener('keydown', (event) => this.#key(event));
    this.#body.addEventListener('focusin', ({ target }) => this.#reach((target as HTMLElement).closest('tr')?.dataset['key']));
  }

  get order(): Order {
    return this.#order;
  }

  /** Shows the rows of one group; `undefined`: all. */
  show(only: RowGroup | undefined): void {
    this.#only = only;
    this.#sort();
  }

  apply(changed: readonly ShownRow[], gone: readonly string[]): void {
    let isMoved = gone.length > 0;
    for (const key of gone) {
      this.#rows.delete(key);
      this.#lines.delete(key);
    }
    for (const row of changed) {
      const before = this.#rows.get(row.key);
      isMoved ||= before?.group !== row.group || compare(before, row, this.#order) !== 0;
      this.#rows.set(row.key, row);
      this.#lines.get(row.key)?.write(row);
    }
    if (isMoved) {
      this.#sort();
    }
  }

  #headRow(): HTMLTableSectionElement {
    const head = document.createElement('thead');
    const row = document.createElement('tr');
    for (const column of columns) {
      const cell = document.createElement('th');
      cell.scope = 'col';
      cell.className = column;
      const button = document.createElement('button');
      button.textContent = this.#texts.columns[column];
      button.addEventListener('click', () => this.#sortBy(column));
      cell.append(button);
      row.append(cell);
      this.#heads.set(column, cell);
    }
    head.append(row);
    this.#mark();
    return head;
  }

  #sortBy(by: Column): void {
    this.#order = { by, isDescending: this.#order.by === by && !this.#order.isDescending };
    this.#mark();
    this.#sort();
    this.#actions.sorted();
  }

  #sort(): void {
    this.#sorted = [...this.#rows.values()].filter(({ group }) => this.#only === undefined || group === this.#only).sort((a, b) => compare(a, b, this.#order)).map(({ key }) => key);
    this.#nothing.hidden = this.#rows.size === 0 || this.#sorted.length > 0;
    this.#place();
  }

  #mark(): void {
    for (const [column, cell] of this.#heads) {
      cell.setAttribute('aria-sort', column !== this.#order.by ? 'none' : this.#order.isDescending ? 'descending' : 'ascending');
    }
  }

  /** Puts rows where they belong, those beyond a screen a moment later; those that stand there already are not touched. */
  #place(): void {
    const focused = document.activeElement;
    const keys = this.#sorted.slice(0, this.#placed);
    const wanted = keys.map((key) => this.#lineOf(key).element);
    const kept = new Set(wanted);
    [...this.#body.rows].filter((made) => !kept.has(made)).forEach((made) => made.remove());
    const moved = toMove([...this.#body.rows], wanted);
    let next: HTMLTableRowElement | null = null;
    for (const made of wanted.reverse()) {
      if (moved.has(made)) {
        this.#body.insertBefore(made, next);
      }
      next = made;
    }
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.#body.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
    // One row can be reached by the Tab key.
    if (this.#current === undefined || !keys.includes(this.#current)) {
      this.#reach(keys[0]);
    }
    if (this.#placed < this.#sorted.length) {
      this.#growing ??= requestIdleCallback(() => {
        this.#growing = undefined;
        this.#placed *= 2;
        this.#place();
      }, { timeout: patienceMs });
    }
  }

  #lineOf(key: string): Line {
    const line = this.#lines.get(key) ?? new Line(this.#rows.get(key) as ShownRow, this.#texts, this.#actions.open);
    this.#lines.set(key, line);
    return line;
  }

  #reach(key: string | undefined): void {
    const [before, now] = [this.#lines.get(this.#current ?? ''), this.#lines.get(key ?? '')];
    if (before) {
      before.button.tabIndex = -1;
    }
    if (now) {
      now.button.tabIndex = 0;
    }
    this.#current = key;
  }

  #key(event: KeyboardEvent): void {
    const { rows } = this.#body;
    const at = [...rows].findIndex((row) => row.contains(event.target as Node));
    const to = steps[event.key]?.(at, rows.length - 1);
    if (to === undefined || at < 0) {
      return;
    }
    event.preventDefault();
    rows[Math.max(0, Math.min(rows.length - 1, to))]?.querySelector('button')?.focus();
  }
}

/** Where a key leads from a row. */
const steps: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at) => at + 1, ArrowUp: (at) => at - 1, PageDown: (at) => at + 20, PageUp: (at) => at - 20, Home: () => 0, End: (_at, last) => last,
};

const collator = new Intl.Collator(undefined, { numeric: true });

/** Equal ones stand by namespace and machine, so that the order is the same every time. */
function compare(a: ShownRow, b: ShownRow, { by, isDescending }: Order): number {
  return (isDescending ? -1 : 1) * compareBy(a, b, by) || collator.compare(a.namespace, b.namespace) || collator.compare(a.machine, b.machine);
}

function compareBy(a: ShownRow, b: ShownRow, by: Column): number {
  switch (by) {
    case 'state': return rowGroups.indexOf(a.group) - rowGroups.indexOf(b.group);
    case 'progress': return (a.percent ?? -1) - (b.percent ?? -1);
    case 'duration': return a.durationMs - b.durationMs;
    case 'machine': case 'namespace': case 'from': case 'to': return collator.compare(a[by], b[by]);
  }
}
