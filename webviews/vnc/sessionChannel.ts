import type { RfbChannel } from '@novnc/novnc';

export interface SessionChannelOptions {
  readonly send: (bytes: Uint8Array) => void;
  /** Closed by the reader, who has had enough of what came. */
  readonly onClose: () => void;
}

/** `FramebufferUpdateRequest` for what changes, RFC 6143, 7.5.3. The first one is for the whole screen. */
const updateRequest = { type: 3, isIncremental: 1, length: 10 } as const;

/** `ProtocolVersion`, RFC 6143, 7.1.1. */
const versionLength = 12;

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
  #hasVersion = false;
  #heldRequest: Uint8Array | undefined;
  #hasBegun = false;
  #said: Uint8Array[] = [];

  constructor(options: SessionChannelOptions) {
    this.#options = options;
  }

  send(data: Uint8Array): void {
    if (this.readyState !== open) {
      return;
    }
    // noVNC sends views of one buffer that it writes anew.
    const bytes = new Uint8Array(data);
    if (!this.#isVisible && data.length === updateRequest.length && data[0] === updateRequest.type && data[1] === updateRequest.isIncremental) {
      this.#heldRequest = bytes;
    } else {
      this.#say(bytes);
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
    // noVNC answers the version and looks at nothing behind it until something more comes.
    const [head, rest] = this.#hasVersion ? [bytes] : [bytes.subarray(0, versionLength), bytes.subarray(versionLength)];
    this.#hasVersion = true;
    for (const data of [head, rest]) {
      if (this.readyState === open && data && data.length > 0) {
        this.onmessage?.({ data });
      }
    }
  }

  /** The connection has ended. */
  end(): void {
    if (this.readyState === open) {
      this.readyState = closed;
      this.onclose?.({ code: 1006 });
    }
  }

  /** While nobody looks no pictures are asked for but the first: the machine sends them one for each request. */
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (isVisible && this.#heldRequest && this.readyState === open) {
      this.#say(this.#heldRequest);
    }
    this.#heldRequest = undefined;
  }

  /** What is said first, in answer to all of the beginning, makes one message; later ones go by themselves, as QEMU looks at its screen anew with each. */
  #say(bytes: Uint8Array): void {
    if (this.#hasBegun) {
      this.#options.send(bytes);
    } else if (this.#said.push(bytes) === 1) {
      queueMicrotask(() => {
        this.#hasBegun = true;
        this.#options.send(joined(this.#said.splice(0)));
      });
    }
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
