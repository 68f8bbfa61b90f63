import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { consoleDown, consoleUp } from '../../../src/protocol/console';
import { evacuationDown, evacuationUp } from '../../../src/protocol/evacuation';
import { migrationDown, migrationIntents, migrationUp } from '../../../src/protocol/migration';
import { isStreamMemory } from '../../../src/protocol/stream';
import { isChoice, vncDown, vncUp } from '../../../src/protocol/vnc';

type Message = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
const isWhole: Check = (value) => Number.isSafeInteger(value);
const isBytes: Check = (value) => value instanceof ArrayBuffer;
const isView: Check = (value) => value instanceof Uint8Array;
const isObject: Check = (value) => typeof value === 'object' && value !== null;
const isPurpose: Check = (value) => value === 'send' || value === 'type';
const isOwnChoice: Check = (value) => {
  const { scale, layout, switchWith, startsIn } = (value ?? {}) as Message;
  return (scale === 'fit' || scale === 'original' || scale === 'resize') && (startsIn === 'latin' || startsIn === 'own') && isText(layout) && isText(switchWith);
};
const intents = Object.fromEntries(['connect', 'takeOver', 'wait', 'stop', 'start'].map((type) => [type, {}]));

/** What each end may hear: the fields of each type and what they must hold. */
const said: Readonly<Record<string, { readonly parse: (value: unknown) => unknown; readonly types: Readonly<Record<string, Readonly<Record<string, Check>>>> }>> = {
  consoleUp: {
    parse: consoleUp,
    types: {
      ...intents, ready: {}, clear: {}, record: {}, choose: {}, input: { text: isText }, paste: { text: isText }, copy: { text: isText }, save: { text: isText },
      consumed: { bytes: isCount }, size: { columns: isCount, rows: isCount }, open: { url: (value) => isText(value) && /^https?:/i.test(value as string) },
    },
  },
  consoleDown: {
    parse: consoleDown,
    types: {
      data: { bytes: isBytes }, restart: { bytes: isBytes }, paste: { text: isText }, dropped: {}, setup: { texts: isObject, options: isObject }, options: { options: isObject }, status: { status: isObject },
      recording: { startMs: (value) => value === undefined || typeof value === 'number', notice: (value) => value === undefined || isText(value) }, play: { cast: isObject },
    },
  },
  vncUp: {
    parse: vncUp,
    types: {
      ...intents, ready: {}, editCombinations: {}, send: { session: isWhole, bytes: isView }, broken: { session: isWhole, detail: isText }, readClipboard: { purpose: isPurpose }, copy: { text: isText },
      screenshot: { bytes: isView }, thumbnail: { image: (value) => isText(value) && (value as string).startsWith('data:image/jpeg;base64,') }, choice: { choice: isOwnChoice }, full: { isFull: (value) => typeof value === 'boolean' },
    },
  },
  vncDown: {
    parse: vncDown,
    types: {
      open: { session: isWhole }, close: { session: isWhole }, data: { session: isWhole, bytes: isBytes }, visible: { isVisible: (value) => typeof value === 'boolean' }, clipboard: { purpose: isPurpose, text: isText },
      status: { status: isObject }, combinations: { combinations: Array.isArray }, setup: { state: isObject, texts: isObject, choice: isOwnChoice, combinations: Array.isArray },
    },
  },
};

const fields = ['text', 'bytes', 'columns', 'rows', 'url', 'session', 'detail', 'purpose', 'image', 'choice', 'isFull', 'isVisible', 'state', 'status', 'texts', 'options', 'combinations', 'cast', 'startMs', 'notice', 'isPacked', 'scale', 'uid', 'index'];
const anything = fc.anything({ withNullPrototype: true, withTypedArray: true, withDate: true, withMap: true, withBigInt: true, withSparseArray: true });
const plausible = fc.oneof(
  anything, fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.webUrl(), fc.constantFrom('send', 'type', 'javascript:alert(1)', 'command:workbench.action.quit', 'data:image/jpeg;base64,AAAA', 'data:text/html,x'),
  fc.uint8Array().map(({ buffer }) => buffer), fc.uint8Array(), fc.constant(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])),
  fc.record({ scale: fc.oneof(fc.constantFrom('fit', 'resize'), fc.constant(['fit']), anything), layout: fc.oneof(fc.string(), anything), switchWith: fc.oneof(fc.string(), anything), startsIn: fc.oneof(fc.constantFrom('own', 'latin'), anything) }),
);
const messagesOf = (types: readonly string[]) => fc.tuple(fc.oneof(fc.constantFrom(...types), anything), fc.dictionary(fc.constantFrom(...fields), plausible, { maxKeys: 5 })).map(([type, rest]) => ({ ...rest, type }));

for (const [name, { parse, types }] of Object.entries(said)) {
  test(`F37: ${name} takes nothing for a message that is none, whatever it is given, and never throws`, () => {
    fc.assert(fc.property(fc.oneof({ weight: 1, arbitrary: anything }, { weight: 9, arbitrary: messagesOf(Object.keys(types)) }), (value) => {
      const message = parse(value) as Message | undefined;
      if (message !== undefined) {
        const checks = Object.hasOwn(types, String(message['type'])) ? types[String(message['type'])] : undefined;
        assert.ok(checks, `an unknown type: ${String(message['type'])}`);
        for (const [field, check] of Object.entries(checks)) {
          assert.ok(check(message[field]), `${String(message['type'])}.${field}`);
        }
        assert.deepEqual(parse(message), message);
      }
    }), { numRuns: 3000 });
  });
}

test('F37: what a webview says carries nothing besides its fields', () => {
  fc.assert(fc.property(fc.constantFrom('consoleUp', 'vncUp'), fc.dictionary(fc.string(), anything), (name, rest) => {
    const { parse, types } = said[name] ?? assert.fail();
    for (const type of Object.keys(types)) {
      const message = parse({ ...rest, type }) as Message | undefined;
      assert.deepEqual(Object.keys(message ?? {}).filter((field) => field !== 'type' && !Object.hasOwn(types[type] ?? {}, field)), []);
    }
  }), { numRuns: 300 });
});

test('F37: nothing makes the checks of migrations, evacuations and of what is remembered throw', () => {
  const types = [...migrationIntents, 'ready', 'setup', 'view', 'points', 'select', 'obstacle', 'open', 'migrate'];
  fc.assert(fc.property(fc.oneof(anything, messagesOf(types)), (value) => {
    for (const parse of [migrationUp, migrationDown, evacuationUp, evacuationDown]) {
      const message = parse(value) as Message | undefined;
      assert.ok(message === undefined || typeof message['type'] === 'string');
    }
    assert.equal(isChoice(value), isOwnChoice(value));
    assert.ok(!isStreamMemory(value) || ['context', 'namespace', 'name'].every((field) => isText((value as unknown as Message)[field])));
  }), { numRuns: 3000 });
});
