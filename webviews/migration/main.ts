import type { MigrationDown, MigrationTexts, MigrationUp, MigrationView } from '../../src/protocol/migration';
import { migrationDown } from '../../src/protocol/migration';
import type { StreamMemory } from '../../src/protocol/stream';
import { element } from '../shared/element';
import { connect } from '../shared/host';
import { Before } from './before';
import { Head } from './head';
import { History } from './history';
import './main.css';
import { Numbers } from './numbers';
import { Picture } from './picture';
import { Plot } from './plot';
import { PointTable } from './table';
import { Timeline } from './timeline';

connect<'migration', StreamMemory>(migrationDown, ({ state, texts }, host) => {
  host.setState(state);
  return start(texts, (message) => host.post(message));
});

/** Builds the page once; from then on only what differs is changed. Gives what takes the messages. */
function start(texts: MigrationTexts, post: (message: MigrationUp) => void): (message: MigrationDown) => void {
  const head = new Head(post);
  const picture = new Picture(texts);
  const timeline = new Timeline(texts);
  const plot = new Plot(texts);
  const table = new PointTable(texts);
  const numbers = new Numbers(texts);
  const before = new Before(post);
  const history = new History(texts, post);
  const main = element('main', 'page');
  const columns = element('div', 'columns');
  const left = element('div', 'left');
  const plotted = element('section', 'plotted');
  plotted.append(plot.element, table.element);
  left.append(timeline.element, plotted);
  columns.append(left, numbers.element);
  main.append(head.element, picture.element, columns, before.element, history.element);
  document.body.replaceChildren(main);

  const show = (view: MigrationView) => {
    head.show(view);
    picture.show(view);
    timeline.show(view.steps);
    numbers.show(view);
    before.show(view.before);
    history.show(view.history);
    columns.hidden = view.picture === undefined;
  };
  return (message) => {
    switch (message.type) {
      case 'view': show(message.view); break;
      case 'points':
        plot.add(message.plot);
        table.add(message.plot);
        plotted.hidden = !plot.isWorthwhile;
        break;
      case 'setup': break;
    }
  };
}
