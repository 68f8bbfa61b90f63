import type { Down, Up } from './panels';

/** The message, or `undefined` for what the webview of a console never says. */
export function consoleUp(value: unknown): Up<'console'> | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  switch (value['type']) {
    case 'ready': case 'connect': case 'takeOver': case 'stop': case 'start':
      return { type: value['type'] };
    case 'input': case 'paste': case 'copy': case 'save':
      return typeof value['text'] === 'string' ? { type: value['type'], text: value['text'] } : undefined;
    case 'consumed':
      return typeof value['bytes'] === 'number' && value['bytes'] >= 0 ? { type: 'consumed', bytes: value['bytes'] } : undefined;
    case 'open':
      return typeof value['url'] === 'string' && /^https?:\/\//i.test(value['url']) ? { type: 'open', url: value['url'] } : undefined;
    default:
      return undefined;
  }
}

/** The message, or `undefined` for what the extension never says to a console. The extension's own parts are taken as they are. */
export function consoleDown(value: unknown): Down<'console'> | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  switch (value['type']) {
    case 'data':
      return value['bytes'] instanceof ArrayBuffer ? { type: 'data', bytes: value['bytes'] } : undefined;
    case 'paste':
      return typeof value['text'] === 'string' ? { type: 'paste', text: value['text'] } : undefined;
    case 'dropped':
      return { type: 'dropped' };
    case 'setup':
      return isFields(value['state']) && isFields(value['texts']) && isFields(value['options']) ? value as Down<'console'> : undefined;
    case 'options':
      return isFields(value['options']) ? value as Down<'console'> : undefined;
    case 'status':
      return isFields(value['status']) ? value as Down<'console'> : undefined;
    default:
      return undefined;
  }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
