import { type Column, columns, type EvacuationTexts, type RowGroup, rowGroups, type ShownRow } from '../../src/protocol/evacuation';
import { toMove } from '../../src/domain/reorder';
import { element } from '../shared/element';
import { write } from './head';

export interface Order {
  readonly by: Column;
  readonly isDescending: boolean;
}

export interface TableActions {
  readonly open: (key: string) => void;
  readonly sorted: () => void;
}

/** More than fit on a screen. */
const firstRows = 60;

interface Line {
  row: ShownRow;
  readonly element: HTMLTableRowElement;
  readonly button: HTMLButtonElement;
  readonly cells: Readonly<Record<Column, HTMLElement>>;
  readonly why: HTMLElement;
  readonly bar: HTMLElement;
  readonly fill: HTMLElement;
  readonly percent: HTMLElement;
}

/**
 * One row for each machine. A row is made once; afterwards only those words are written that differ, and only rows are moved
 * that stand in the wrong place, so that nothing flickers and the keyboard stays where it is.
 */
export class Table {
  readonly element = element('div', 'frame');
  readonly #texts: EvacuationTexts;
  readonly #actions: TableActions;
  readonly #lines = new Map<string, Line>();
  readonly #body = document.createElement('tbody');
  readonly #heads = new Map<Column, HTMLElement>();
  readonly #nothing: HTMLElement;
  #order: Order;
  #only: RowGroup | undefined;
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
    for (const line of this.#lines.values()) {
      this.#hide(line);
    }
    this.#settle();
  }

  apply(changed: readonly ShownRow[], gone: readonly string[]): void {
    let isMoved = gone.length > 0;
    for (const key of gone) {
      this.#lines.get(key)?.element.remove();
      this.#lines.delete(key);
    }
    for (const row of changed) {
      const line = this.#lines.get(row.key);
      if (line) {
        isMoved ||= compare(line.row, row, this.#order) !== 0;
        this.#write(line, row);
      } else {
        this.#lines.set(row.key, this.#make(row));
        isMoved = true;
      }
    }
    if (isMoved && this.#body.childElementCount === 0 && this.#lines.size > firstRows) {
      // What fits on a screen is painted before the rest is laid out.
      this.#place(firstRows);
      requestAnimationFrame(() => setTimeout(() => {
        this.#place();
        this.#settle();
      }, 0));
    } else if (isMoved) {
      this.#place();
    }
    this.#settle();
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
      button.addEventListener('click', () => this.#sort(column));
      cell.append(button);
      row.append(cell);
      this.#heads.set(column, cell);
    }
    head.append(row);
    this.#mark();
    return head;
  }

  #sort(by: Column): void {
    this.#order = { by, isDescending: this.#order.by === by && !this.#order.isDescending };
    this.#mark();
    this.#place();
    this.#actions.sorted();
  }

  #mark(): void {
    for (const [column, cell] of this.#heads) {
      cell.setAttribute('aria-sort', column !== this.#order.by ? 'none' : this.#order.isDescending ? 'descending' : 'ascending');
    }
  }

  #make(row: ShownRow): Line {
    const made = document.createElement('tr');
    made.dataset['key'] = row.key;
    const cells = Object.fromEntries(columns.map((column) => {
      const cell = document.createElement(column === 'machine' ? 'th' : 'td');
      cell.className = column;
      return [column, cell];
    })) as unknown as Record<Column, HTMLElement>;
    cells.machine.setAttribute('scope', 'row');
    const button = document.createElement('button');
    button.tabIndex = -1;
    button.textContent = row.machine;
    button.title = this.#texts.open.replace('{0}', row.machine);
    cells.machine.append(button);
    const state = element('span', 'text');
    const why = element('span', 'why');
    cells.state.append(state, why);
    const bar = element('div', 'bar');
    bar.setAttribute('aria-hidden', 'true');
    const fill = element('div', 'fill');
    bar.append(fill);
    const percent = element('span', 'percent');
    cells.progress.append(bar, percent);
    made.append(...columns.map((column) => cells[column]));
    made.addEventListener('click', () => this.#actions.open(row.key));
    const line = { row, element: made, button, cells: { ...cells, state }, why, bar, fill, percent };
    this.#write(line, row);
    return line;
  }

  #write(line: Line, row: ShownRow): void {
    const { cells, element: made, why, bar, fill, percent } = line;
    line.row = row;
    if (made.className !== row.group) {
      made.className = row.group;
    }
    write(cells.namespace, row.namespace);
    write(cells.state, row.text);
    write(why, row.why);
    write(cells.from, row.from);
    write(cells.to, row.to);
    write(cells.duration, row.duration);
    if (made.title !== row.detail) {
      made.title = row.detail;
    }
    bar.hidden = row.percent === undefined;
    fill.style.width = `${row.percent ?? 0}%`;
    write(percent, row.percent === undefined ? (row.group === 'moving' ? this.#texts.noPercent : '') : `${Math.round(row.percent)} %`);
    this.#hide(line);
  }

  #hide({ element: made, row }: Line): void {
    made.hidden = this.#only !== undefined && row.group !== this.#only;
  }

  /** Puts rows where they belong, at most so many of them; those that stand there already are not touched. */
  #place(most = Number.POSITIVE_INFINITY): void {
    const focused = document.activeElement;
    const wanted = [...this.#lines.values()].sort((a, b) => compare(a.row, b.row, this.#order)).slice(0, most).map((line) => line.element);
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
  }

  /** One row can be reached by the Tab key, and it is said when none is shown. */
  #settle(): void {
    const current = this.#lines.get(this.#current ?? '');
    if (!current || current.element.hidden) {
      this.#reach(this.#shown()[0]?.dataset['key']);
    }
    this.#nothing.hidden = this.#lines.size === 0 || this.#shown().length > 0;
  }

  #reach(key: string | undefined): void {
    if (key !== this.#current) {
      const old = this.#lines.get(this.#current ?? '');
      if (old) {
        old.button.tabIndex = -1;
      }
      this.#current = key;
    }
    const line = this.#lines.get(key ?? '');
    if (line) {
      line.button.tabIndex = 0;
    }
  }

  #shown(): readonly HTMLTableRowElement[] {
    return ([...this.#body.rows]).filter(({ hidden }) => !hidden);
  }

  #key(event: KeyboardEvent): void {
    const rows = this.#shown();
    const at = rows.findIndex((row) => row.contains(event.target as Node));
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
