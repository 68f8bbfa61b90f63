import { isFields } from './message';
import type { StreamIntent, StreamMemory, StreamStatus } from './stream';
import { streamIntent } from './stream';

export type VncDown =
  /** The first message, in answer to `ready`. */
  | { readonly type: 'setup'; readonly state: StreamMemory; readonly texts: VncTexts; readonly choice: VncChoice; readonly combinations: readonly VncCombination[] }
  | { readonly type: 'combinations'; readonly combinations: readonly VncCombination[] }
  | { readonly type: 'status'; readonly status: StreamStatus }
  /** A connection begins. What names its session belongs to it, in both directions. */
  | { readonly type: 'open'; readonly session: number }
  | { readonly type: 'close'; readonly session: number }
  /** `isPacked`: by `deflate`, without a header (RFC 1951). */
  | { readonly type: 'data'; readonly session: number; readonly bytes: ArrayBuffer; readonly isPacked?: true }
  /** A panel that nobody sees asks the machine for no pictures but the first of a connection. */
  | { readonly type: 'visible'; readonly isVisible: boolean }
  /** The user's clipboard, which was asked for. */
  | { readonly type: 'clipboard'; readonly purpose: ClipboardPurpose; readonly text: string };

/** Bytes as views: of a panel in a window of its own VS Code loses plain buffers on the way. */
export type VncUp =
  | { readonly type: 'ready' }
  | { readonly type: 'send'; readonly session: number; readonly bytes: Uint8Array }
  /** What came in this session makes no sense. `detail` is what the protocol's code says, in English. */
  | { readonly type: 'broken'; readonly session: number; readonly detail: string }
  | { readonly type: 'readClipboard'; readonly purpose: ClipboardPurpose }
  /** The machine's clipboard, which the user takes. */
  | { readonly type: 'copy'; readonly text: string }
  /** A PNG of the whole screen. */
  | { readonly type: 'screenshot'; readonly bytes: Uint8Array }
  /** The screen in small, as a `data:` URL of a JPEG. */
  | { readonly type: 'thumbnail'; readonly image: string }
  | { readonly type: 'choice'; readonly choice: VncChoice }
  | { readonly type: 'full'; readonly isFull: boolean }
  /** To the setting with the user's own combinations. */
  | { readonly type: 'editCombinations' }
  | { readonly type: StreamIntent };

/** For the machine's clipboard, or to be typed. */
export type ClipboardPurpose = 'send' | 'type';

/** What is remembered for a machine. Names as in `domain/keyboardLayout`. */
export interface VncChoice {
  readonly scale: 'fit' | 'original' | 'resize';
  readonly layout: string;
  readonly switchWith: string;
  readonly startsIn: 'latin' | 'own';
}

/** `keys` as `parseCombination` reads them. */
export interface VncCombination {
  readonly label: string;
  readonly keys: string;
}

/** The words that are fixed for a screen. The panel fills in `{0}` and `{1}`. */
export interface VncTexts extends Readonly<Record<VncText, string>> {
  /** By id of the layout. */
  readonly layouts: Readonly<Record<string, string>>;
}

export type VncText =
  | 'screen' | 'size' | 'toolbar' | 'more' | 'reconnect' | 'dropped' | 'noPicture' | 'keysToMachine' | 'keysToEditor' | 'bell'
  | 'scale' | 'fit' | 'original' | 'resize' | 'full' | 'viewOnly'
  | 'keys' | 'ctrlAltDel' | 'editKeys' | 'unknownKey'
  | 'screenshot' | 'saveScreenshot' | 'copyScreenshot' | 'screenshotCopied' | 'screenshotFailed'
  | 'clipboard' | 'sendClipboard' | 'takeClipboard' | 'nothingToTake' | 'clipboardArrived' | 'clipboardSent' | 'clipboardEmpty' | 'clipboardWestern'
  | 'paste' | 'pasteTitle' | 'pasteText' | 'pasteHint' | 'layout' | 'switchWith' | 'switchNone' | 'startsIn' | 'latin' | 'own' | 'alphabets'
  | 'impossible' | 'uncertain' | 'type' | 'typeOthers' | 'cancel' | 'typing' | 'stopTyping' | 'typedAll' | 'typedSome';

/** A screen in small is far smaller; more is refused. */
const longestThumbnail = 100_000;

/** The message, or `undefined` for what the webview of a screen never says. */
export function vncUp(value: unknown): VncUp | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  const { type, session, bytes, text, purpose, detail, image, choice } = value;
  switch (type) {
    case 'ready': case 'editCombinations':
      return { type };
    case 'send':
      return isSession(session) && bytes instanceof Uint8Array ? { type, session, bytes } : undefined;
    case 'broken':
      return isSession(session) && typeof detail === 'string' ? { type, session, detail: detail.slice(0, 300) } : undefined;
    case 'readClipboard':
      return isPurpose(purpose) ? { type, purpose } : undefined;
    case 'copy':
      return typeof text === 'string' ? { type, text } : undefined;
    case 'screenshot':
      return bytes instanceof Uint8Array && isPng(bytes) ? { type, bytes } : undefined;
    case 'thumbnail':
      return typeof image === 'string' && image.length <= longestThumbnail && /^data:image\/jpeg;base64,[A-Za-z0-9+/]+=*$/.test(image) ? { type, image } : undefined;
    case 'choice':
      return isChoice(choice) ? { type, choice } : undefined;
    case 'full':
      return typeof value['isFull'] === 'boolean' ? { type, isFull: value['isFull'] } : undefined;
    default:
      return streamIntent(value);
  }
}

/** The message, or `undefined` for what the extension never says to a screen. The extension's own parts are taken as they are. */
export function vncDown(value: unknown): VncDown | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  const { type, session, bytes, text, purpose } = value;
  switch (type) {
    case 'open': case 'close':
      return isSession(session) ? { type, session } : undefined;
    case 'data':
      return isSession(session) && bytes instanceof ArrayBuffer ? { type, session, bytes, ...(value['isPacked'] === true && { isPacked: true }) } : undefined;
    case 'visible':
      return typeof value['isVisible'] === 'boolean' ? { type, isVisible: value['isVisible'] } : undefined;
    case 'clipboard':
      return isPurpose(purpose) && typeof text === 'string' ? { type, purpose, text } : undefined;
    case 'status':
      return isFields(value['status']) ? value as VncDown : undefined;
    case 'combinations':
      return Array.isArray(value['combinations']) ? value as VncDown : undefined;
    case 'setup':
      return isFields(value['state']) && isFields(value['texts']) && isChoice(value['choice']) && Array.isArray(value['combinations']) ? value as VncDown : undefined;
    default:
      return undefined;
  }
}

const scales: ReadonlySet<unknown> = new Set<VncChoice['scale']>(['fit', 'original', 'resize']);
const starts: ReadonlySet<unknown> = new Set<VncChoice['startsIn']>(['latin', 'own']);

/** Whether this is what is remembered for a machine, and not what an older version wrote. */
export function isChoice(value: unknown): value is VncChoice {
  return isFields(value) && scales.has(value['scale']) && starts.has(value['startsIn'])
    && typeof value['layout'] === 'string' && typeof value['switchWith'] === 'string';
}

function isSession(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isPurpose(value: unknown): value is ClipboardPurpose {
  return value === 'send' || value === 'type';
}

function isPng(bytes: Uint8Array): boolean {
  return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, index) => bytes[index] === byte);
}
