import type { Key } from '../../src/domain/keys';
import { Typist } from '../../src/domain/typist';
import type { ClipboardPurpose, VncChoice, VncCombination, VncDown, VncTexts, VncUp } from '../../src/protocol/vnc';
import { filled } from '../shared/element';
import { StreamFrame } from '../shared/streamFrame';
import { Unpacking } from '../shared/unpacked';
import { fullPanel } from './fullPanel';
import './main.css';
import { releaseKeys } from './releaseKeys';
import { Thumbnail } from './thumbnail';
import { screenControls } from './toolbar';
import { TypeDialog } from './typeDialog';
import { Viewer } from './viewer';

type Setup = Extract<VncDown, { type: 'setup' }>;

/** Everything the panel of a screen shows. */
export class Page {
  readonly #texts: VncTexts;
  readonly #post: (message: VncUp) => void;
  readonly #frame: StreamFrame;
  readonly #controls: ReturnType<typeof screenControls>;
  readonly #viewer: Viewer;
  readonly #typist: Typist;
  readonly #dialog: TypeDialog;
  readonly #thumbnail: Thumbnail;
  readonly #unpacking = new Unpacking();
  #choice: VncChoice;
  #combinations: readonly VncCombination[];
  /** What the machine has copied. */
  #copied: string | undefined;

  constructor({ texts, choice, combinations }: Setup, post: (message: VncUp) => void) {
    this.#texts = texts;
    this.#post = post;
    this.#choice = choice;
    this.#combinations = combinations;
    this.#controls = screenControls(texts, choice.scale, {
      state: () => ({ isLive: this.#viewer.isLive, canType: this.#canType, combinations: this.#combinations, copied: this.#copied }),
      scale: (scale) => {
        this.#viewer.scale = scale;
        this.#choose({ scale });
      },
      viewOnly: (is) => this.#setViewOnly(is),
      full: (isFull) => {
        fullPanel(isFull);
        post({ type: 'full', isFull });
      },
      press: (keys) => this.#press(keys),
      editCombinations: () => post({ type: 'editCombinations' }),
      typeText: () => {
        this.#dialog.open(this.#choice);
        post({ type: 'readClipboard', purpose: 'type' });
      },
      sendClipboard: () => post({ type: 'readClipboard', purpose: 'send' }),
      takeClipboard: () => post({ type: 'copy', text: this.#copied ?? '' }),
      saveScreenshot: () => void this.#saveScreenshot(),
      copyScreenshot: () => void this.#copyScreenshot(),
      reconnect: () => post({ type: 'connect' }),
    });
    this.#frame = new StreamFrame({ toolbar: texts.toolbar, more: texts.more, screen: texts.screen, intent: (intent) => post({ type: intent }) }, this.#controls.elements);
    this.#viewer = new Viewer(this.#frame.screen, choice.scale, {
      send: (session, bytes) => post({ type: 'send', session, bytes }),
      onBroken: (session, detail) => post({ type: 'broken', session, detail }),
      onLive: (isLive) => this.#liveChanged(isLive),
      onClipboard: (text) => {
        this.#copied = text;
        this.#frame.hint(texts.clipboardArrived);
      },
      onBell: () => this.#frame.hint(texts.bell),
      labelOf: (width, height) => `${texts.screen}, ${filled(texts.size, width, height)}. ${texts.keysToMachine}`,
    });
    this.#typist = new Typist({
      clock: pageTime,
      press: (key, isDown) => this.#viewer.press(key, isDown),
      onProgress: (typed, total) => this.#dialog.progress(typed, total),
      onEnd: (typed, total) => {
        this.#dialog.close();
        this.#frame.hint(filled(typed === total ? texts.typedAll : texts.typedSome, typed, total));
      },
    });
    this.#dialog = new TypeDialog(texts, {
      type: (strokes) => this.#typist.type(strokes),
      stop: () => this.#typist.stop(),
      closed: () => this.#viewer.focus(),
      choose: (change) => this.#choose(change),
    });
    document.body.append(this.#dialog.element);
    this.#thumbnail = new Thumbnail((image) => post({ type: 'thumbnail', image }));
    this.#controls.update();
    this.#followKeyboard();
  }

  receive(message: VncDown): void {
    switch (message.type) {
      case 'open': this.#viewer.open(message.session); break;
      case 'close': this.#viewer.close(message.session); break;
      case 'data':
        this.#unpacking.take(message.bytes, message.isPacked === true, (pieces) => pieces.forEach((bytes) => this.#viewer.data(message.session, bytes)));
        this.#thumbnail.changed(this.#viewer.isLive ? this.#viewer.canvas : undefined);
        break;
      case 'visible': this.#viewer.isVisible = message.isVisible; break;
      case 'status': this.#frame.show(message.status); break;
      case 'combinations': this.#combinations = message.combinations; break;
      case 'clipboard': this.#takeClipboard(message.purpose, message.text); break;
      case 'setup': break;
    }
  }

  get #canType(): boolean {
    return this.#viewer.isLive && !this.#viewer.viewOnly;
  }

  #choose(change: Partial<VncChoice>): void {
    this.#choice = { ...this.#choice, ...change };
    this.#post({ type: 'choice', choice: this.#choice });
  }

  #setViewOnly(is: boolean): void {
    this.#typist.stop();
    this.#viewer.viewOnly = is;
    this.#controls.update();
    this.#showKeys();
  }

  #liveChanged(isLive: boolean): void {
    this.#controls.update();
    if (!isLive) {
      this.#typist.stop();
      // Where the canvas with the focus was, so that what is typed on is noticed.
      if (document.activeElement === document.body) {
        this.#frame.screen.focus({ preventScroll: true });
      }
    } else if (document.hasFocus() && !this.#dialog.isOpen) {
      this.#viewer.focus();
    }
    this.#showKeys();
  }

  #press(keys: readonly Key[]): void {
    keys.forEach((key) => this.#viewer.press(key, true));
    keys.toReversed().forEach((key) => this.#viewer.press(key, false));
    this.#viewer.focus();
  }

  #takeClipboard(purpose: ClipboardPurpose, text: string): void {
    if (purpose === 'type') {
      this.#dialog.offer(text);
    } else if (text === '') {
      this.#frame.hint(this.#texts.clipboardEmpty);
    } else if (this.#canType) {
      this.#viewer.sendClipboard(text);
      this.#frame.hint([...text].some((character) => character > 'ÿ') ? this.#texts.clipboardWestern : filled(this.#texts.clipboardSent, [...text].length));
    }
  }

  async #saveScreenshot(): Promise<void> {
    const picture = await this.#viewer.picture();
    if (picture) {
      this.#post({ type: 'screenshot', bytes: new Uint8Array(await picture.arrayBuffer()) });
    } else {
      this.#frame.hint(this.#texts.noPicture);
    }
  }

  async #copyScreenshot(): Promise<void> {
    try {
      const picture = await this.#viewer.picture();
      if (picture) {
        await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
      }
      this.#frame.hint(picture ? this.#texts.screenshotCopied : this.#texts.noPicture);
    } catch {
      this.#frame.hint(this.#texts.screenshotFailed);
    }
  }

  /** Who gets the keys is seen at a border, and Ctrl+Alt gives them back. */
  #followKeyboard(): void {
    const { screen } = this.#frame;
    screen.tabIndex = -1;
    document.addEventListener('focusin', () => this.#showKeys());
    document.addEventListener('focusout', () => this.#showKeys());
    releaseKeys(screen, () => {
      this.#controls.elements[0]?.focus();
      this.#frame.hint(this.#texts.keysToEditor);
    });
    screen.addEventListener('keydown', ({ key, ctrlKey, metaKey }) => {
      if (!this.#viewer.isLive && key.length === 1 && !ctrlKey && !metaKey) {
        this.#frame.hint(this.#texts.dropped);
      }
    });
    window.addEventListener('focus', () => {
      if (document.activeElement === document.body) {
        this.#viewer.focus();
      }
    });
  }

  #showKeys(): void {
    const isTyping = this.#canType && this.#viewer.canvas === document.activeElement;
    this.#frame.screen.classList.toggle('typing', isTyping);
    this.#frame.screen.title = this.#canType && !isTyping ? this.#texts.keysToEditor : '';
  }
}

const pageTime = {
  after(delayMs: number, run: () => void) {
    const timer = setTimeout(run, delayMs);
    return { dispose: () => clearTimeout(timer) };
  },
};
