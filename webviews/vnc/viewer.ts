import RFB from '@novnc/novnc';
import type { Key } from '../../src/domain/keys';
import type { VncChoice } from '../../src/protocol/vnc';
import { element } from '../shared/element';
import { SessionChannel } from './sessionChannel';

export interface ViewerOptions {
  readonly send: (session: number, bytes: Uint8Array) => void;
  /** What came makes no sense; the session is over. */
  readonly onBroken: (session: number, detail: string) => void;
  /** A picture will come from now on, or no more. */
  readonly onLive: (isLive: boolean) => void;
  /** The machine has copied something. */
  readonly onClipboard: (text: string) => void;
  readonly onBell: () => void;
  /** What assistive technology calls the screen. */
  readonly labelOf: (width: number, height: number) => string;
}

/** The picture of a machine's screen: of one session after the other, and between them the last picture. */
export class Viewer {
  readonly #place: HTMLElement;
  readonly #options: ViewerOptions;
  #session: number | undefined;
  #channel: SessionChannel | undefined;
  #rfb: RFB | undefined;
  #still: HTMLElement | undefined;
  #isLive = false;
  #isVisible = true;
  #viewOnly = false;
  #scale: VncChoice['scale'];

  constructor(place: HTMLElement, scale: VncChoice['scale'], options: ViewerOptions) {
    this.#place = place;
    this.#scale = scale;
    this.#options = options;
    // noVNC draws from promises as well; what it throws there can be of nothing else in this page.
    window.addEventListener('unhandledrejection', ({ reason }) => this.#break(reason));
  }

  /** Whether keys and screenshots have somebody to go to. */
  get isLive(): boolean {
    return this.#isLive;
  }

  get canvas(): HTMLCanvasElement | undefined {
    return this.#rfb ? this.#place.querySelector<HTMLCanvasElement>('canvas:not(.still)') ?? undefined : undefined;
  }

  get viewOnly(): boolean {
    return this.#viewOnly;
  }

  set viewOnly(is: boolean) {
    this.#viewOnly = is;
    if (this.#rfb) {
      this.#rfb.viewOnly = is;
    }
  }

  set scale(scale: VncChoice['scale']) {
    this.#scale = scale;
    this.#applyScale();
  }

  set isVisible(is: boolean) {
    this.#isVisible = is;
    this.#channel?.setVisible(is);
  }

  open(session: number): void {
    this.#end();
    this.#session = session;
    const channel = new SessionChannel({
      send: (bytes) => this.#options.send(session, bytes),
      onClose: () => this.#break(undefined),
    });
    channel.setVisible(this.#isVisible);
    this.#channel = channel;
    // Shared, as QEMU would otherwise disconnect the others.
    const rfb = new RFB(this.#place, channel, { shared: true });
    this.#rfb = rfb;
    rfb.background = 'transparent';
    rfb.viewOnly = this.#viewOnly;
    this.#applyScale();
    rfb.addEventListener('connect', () => this.#connected(rfb));
    rfb.addEventListener('credentialsrequired', () => this.#break('A password is asked for.'));
    rfb.addEventListener('securityfailure', (event) => this.#break(detailOf<{ reason?: string }>(event).reason));
    rfb.addEventListener('clipboard', (event) => this.#options.onClipboard(detailOf<{ text: string }>(event).text));
    rfb.addEventListener('bell', () => this.#options.onBell());
  }

  data(session: number, bytes: Uint8Array): void {
    if (session === this.#session) {
      try {
        this.#channel?.receive(bytes);
      } catch (error) {
        this.#break(error);
      }
    }
  }

  close(session: number): void {
    if (session === this.#session) {
      this.#end();
    }
  }

  press({ keysym, code }: Key, isDown: boolean): void {
    this.#rfb?.sendKey(keysym, code, isDown);
  }

  sendClipboard(text: string): void {
    this.#rfb?.clipboardPasteFrom(text);
  }

  focus(): void {
    this.#rfb?.focus({ preventScroll: true });
  }

  /** The whole screen as a PNG, however it is scaled. `undefined` while there is none. */
  picture(): Promise<Blob | undefined> {
    const rfb = this.#isLive ? this.#rfb : undefined;
    return new Promise((resolve) => {
      if (rfb) {
        rfb.toBlob((blob) => resolve(blob ?? undefined), 'image/png');
      } else {
        resolve(undefined);
      }
    });
  }

  #connected(rfb: RFB): void {
    this.#still?.remove();
    this.#still = undefined;
    const { canvas } = this;
    if (canvas) {
      canvas.tabIndex = 0;
      canvas.setAttribute('role', 'application');
      const name = () => canvas.setAttribute('aria-label', this.#options.labelOf(canvas.width, canvas.height));
      new MutationObserver(name).observe(canvas, { attributes: true, attributeFilter: ['width', 'height'] });
      name();
    }
    rfb.viewOnly = this.#viewOnly;
    this.#live(true);
  }

  #applyScale(): void {
    if (this.#rfb) {
      this.#rfb.scaleViewport = this.#scale !== 'original';
      this.#rfb.resizeSession = this.#scale === 'resize';
    }
    this.#place.dataset['scale'] = this.#scale;
  }

  #break(reason: unknown): void {
    const session = this.#session;
    if (session !== undefined) {
      this.#end();
      this.#options.onBroken(session, reason instanceof Error ? reason.message : typeof reason === 'string' ? reason : '');
    }
  }

  /** Ends the session and keeps its last picture. */
  #end(): void {
    const channel = this.#channel;
    this.#keepPicture();
    this.#session = this.#channel = this.#rfb = undefined;
    channel?.end();
    this.#live(false);
  }

  #keepPicture(): void {
    const { canvas } = this;
    if (!this.#isLive || !canvas || canvas.width === 0) {
      return;
    }
    this.#still?.remove();
    const still = element('canvas', 'still') as HTMLCanvasElement;
    still.width = canvas.width;
    still.height = canvas.height;
    still.getContext('2d')?.drawImage(canvas, 0, 0);
    this.#still = still;
    this.#place.append(still);
  }

  #live(isLive: boolean): void {
    if (isLive !== this.#isLive) {
      this.#isLive = isLive;
      this.#options.onLive(isLive);
    }
  }
}

function detailOf<T>(event: Event): T {
  return (event as CustomEvent<T>).detail;
}
