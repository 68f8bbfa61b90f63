// A bundle of its own: a fifth of the page, and of no use without a graphics card.
export { WebglAddon } from '@xterm/addon-webgl';
