/** The part of noVNC 1.7 that is used; the package brings no types. */
declare module '@novnc/novnc' {
  export interface RfbChannel {
    binaryType: string;
    readonly protocol: string;
    readonly readyState: number;
    onopen: (() => void) | null;
    onmessage: ((event: { readonly data: Uint8Array }) => void) | null;
    onclose: ((event: { readonly code: number }) => void) | null;
    onerror: ((event: unknown) => void) | null;
    send(data: Uint8Array): void;
    close(): void;
  }

  class RFB extends EventTarget {
    constructor(target: HTMLElement, channel: RfbChannel, options?: { readonly shared?: boolean });
    viewOnly: boolean;
    scaleViewport: boolean;
    resizeSession: boolean;
    background: string;
    disconnect(): void;
    sendKey(keysym: number, code: string, down: boolean): void;
    focus(options?: FocusOptions): void;
    blur(): void;
    clipboardPasteFrom(text: string): void;
    toBlob(done: (blob: Blob | null) => void, type: string): void;
  }
  export { RFB as default };
}
