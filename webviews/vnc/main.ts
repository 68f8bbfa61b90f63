// First, so that it hears what comes while noVNC asks the browser what it can decode.
import { connect } from '../shared/host';
import { vncDown } from '../../src/protocol/vnc';
import { Page } from './page';

connect<'vnc'>(vncDown, (setup, host) => {
  host.setState(setup.state);
  const page = new Page(setup, (message) => host.post(message));
  return (message) => page.receive(message);
}, { isToldFirst: true });
