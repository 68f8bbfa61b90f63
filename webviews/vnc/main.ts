import { vncDown } from '../../src/protocol/vnc';
import { connect } from '../shared/host';
import { Page } from './page';

connect<'vnc'>(vncDown, (setup, host) => {
  host.setState(setup.state);
  const page = new Page(setup, (message) => host.post(message));
  return (message) => page.receive(message);
});
