import { setImmediate } from 'node:timers/promises';
import type { SessionHolder } from '../../../src/cluster/channel';
import { ConsoleLink } from '../../../src/cluster/consoleLink';
import type { LinkChannel, LinkedMachine, LinkState } from '../../../src/cluster/consoleLink';
import { ClusterError } from '../../../src/cluster/errors';
import { TestClock } from './testClock';

class FakeChannel implements LinkChannel {
  sent = '';
  isPaused = true;
  isDisposed = false;
  #onData: (bytes: Buffer) => void = () => undefined;
  #onClose: (code: number) => void = () => undefined;
  onData: LinkChannel['onData'] = (listener) => {
    this.#onData = listener;
    return { dispose: () => undefined };
  };
  onClose: LinkChannel['onClose'] = (listener) => {
    this.#onClose = listener;
    return { dispose: () => undefined };
  };
  isEnding = false;
  send(data: string | Uint8Array) {
    this.sent += this.isEnding ? '' : data.toString();
    return !this.isEnding;
  }
  pause() { this.isPaused = true; }
  resume() { this.isPaused = false; }
  dispose() { this.isDisposed = true; }
  print(text: string) { this.#onData(Buffer.from(text)); }
  close(code: number) { this.#onClose(code); }
}

/** A link to a machine that runs, with everything around it scripted. */
export function started(script: { probe?: (() => SessionHolder | undefined | Promise<SessionHolder | undefined>); fail?: () => unknown; noWay?: () => Error | undefined; machine?: LinkedMachine; uid?: string | null } = {}) {
  const clock = new TestClock();
  const channels: FakeChannel[] = [];
  const states: LinkState[] = [];
  const calls: string[] = [];
  const link = new ConsoleLink({
    clock, log: () => undefined, greeting: '\r',
    open: async (_signal, mayTake) => {
      const lost = script.noWay?.();
      if (lost) {
        throw lost;
      }
      if (!await mayTake) {
        return undefined;
      }
      calls.push('open');
      const error = script.fail?.();
      if (error) {
        throw error instanceof Error ? error : new Error('no error');
      }
      channels.push(new FakeChannel());
      return channels.at(-1)!;
    },
    probe: () => {
      calls.push('probe');
      return Promise.resolve(script.probe?.());
    },
    self: () => Promise.resolve('me'),
    identify: () => {
      calls.push('identify');
      return Promise.resolve(script.uid);
    },
  });
  link.onDidChangeState((state) => states.push(state));
  link.setMachine('machine' in script ? script.machine : running);
  link.connect();
  return { link, clock, channels, states, calls, phase: () => link.state.phase, script, last: () => channels.at(-1)! };
}

export const running = { uid: 'a', phase: 'Running', node: 'one' };
export const advance = async (clock: TestClock, ms: number) => {
  clock.advance(ms);
  await setImmediate();
};
export const reason = ({ state }: ConsoleLink) => (state.phase === 'ended' ? state.problem?.message ?? '' : '');
export const error = (reason: ClusterError['reason']) => new ClusterError(reason, `It is ${reason}.`);
