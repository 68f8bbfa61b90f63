import { type EvacuationDown, evacuationDown, type ShownSummary } from '../../src/protocol/evacuation';
import type { StreamMemory } from '../../src/protocol/stream';
import { connect, type Host } from '../shared/host';
import { Head } from './head';
import './main.css';
import { type Order, Table } from './table';

/** What a reload of the window, and a moment of being hidden, bring back. */
type Saved = StreamMemory & { readonly order?: Order; readonly only?: string };

type Setup = Extract<EvacuationDown, { type: 'setup' }>;

connect<'evacuation', Saved>(evacuationDown, start, { isToldFirst: true });

/** Builds the page; gives what takes the messages from then on. */
function start({ state, texts }: Setup, host: Host<'evacuation', Saved>): (message: EvacuationDown) => void {
  const before = host.getState();
  const save = () => host.setState({ ...state, order: table.order, ...(head.only === undefined ? {} : { only: head.only }) });
  const table = new Table(texts, before?.order, { open: (key) => host.post({ type: 'open', key }), sorted: save });
  const head = new Head(texts, before?.only, (only) => {
    table.show(only);
    save();
  });
  table.show(head.only);
  const main = document.createElement('main');
  main.append(head.element, table.element);
  document.body.replaceChildren(main);
  host.setState({ ...before, ...state });

  const show = (summary: ShownSummary) => {
    head.show(summary);
    table.element.hidden = summary.wait !== undefined;
  };
  return (message) => {
    if (message.type === 'rows') {
      table.apply(message.changed, message.gone);
      show(message.summary);
    }
  };
}
