import type { RfbChannel } from '@novnc/novnc';

export interface SessionChannelOptions {
  readonly send: (bytes: ArrayBuffer) => void;
  /** Closed by the reader, who has had enough of what came. */
  readonly onClose: () => void;
}

/** `FramebufferUpdateRequest`, RFC 6143, 7.5.3. */
const updateRequest = { type: 3, length: 10 } as const;

const open = 1;
const closed = 3;

/** One connection to a machine's screen in the shape that noVNC takes: that of a socket, and all members its own. */
export class SessionChannel implements RfbChannel {
  binaryType = 'arraybuffer';
  readonly protocol = '';
  readyState = open;
  onopen: RfbChannel['onopen'] = null;
  onmessage: RfbChannel['onmessage'] = null;
  onclose: RfbChannel['onclose'] = null;
  onerror: RfbChannel['onerror'] = null;
  readonly #options: SessionChannelOptions;
  #isVisible = true;
  #heldRequest: ArrayBuffer | undefined;

  constructor(options: SessionChannelOptions) {
    this.#options = options;
  }

  send(data: Uint8Array): void {
    if (this.readyState !== open) {
      return;
    }
    // noVNC sends views of one buffer that it writes anew.
    const bytes = new Uint8Array(data).buffer;
    if (!this.#isVisible && data[0] === updateRequest.type && data.length === updateRequest.length) {
      this.#heldRequest = bytes;
    } else {
      this.#options.send(bytes);
    }
  }

  /** For noVNC. */
  close(): void {
    if (this.readyState === open) {
      this.readyState = closed;
      queueMicrotask(() => this.onclose?.({ code: 1000 }));
      this.#options.onClose();
    }
  }

  /** What came. Throws what noVNC throws at it. */
  receive(bytes: Uint8Array): void {
    if (this.readyState === open) {
      this.onmessage?.({ data: bytes });
    }
  }

  /** The connection has ended. */
  end(): void {
    if (this.readyState === open) {
      this.readyState = closed;
      this.onclose?.({ code: 1006 });
    }
  }

  /** While nobody looks no pictures are asked for: the machine sends them one for each request. */
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (isVisible && this.#heldRequest && this.readyState === open) {
      this.#options.send(this.#heldRequest);
    }
    this.#heldRequest = undefined;
  }
}
