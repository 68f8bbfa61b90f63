import { systemClock } from '../../src/base/timing';
import { Playback } from '../../src/domain/playback';
import type { ConsoleTexts, PlayedCast, TerminalOptions } from '../../src/protocol/console';
import { element } from '../shared/element';
import { setText } from '../shared/patch';
import { button, dropdown } from '../shared/toolkit';
import { type Links, makeTerminal, textOf } from './terminal';

export interface PlayerOptions {
  readonly parent: HTMLElement;
  readonly texts: ConsoleTexts;
  readonly options: TerminalOptions;
  readonly save: (text: string) => void;
  readonly links: Links;
  /** Absent: it cannot be closed. */
  readonly close?: () => void;
}

const speeds = ['0.5', '1', '2', '4', '8'];
const tickMs = 200;

/** Plays a recording over its parent, which goes on meanwhile. Gives what ends it. */
export function play(cast: PlayedCast, { parent, texts, options, save, links, close }: PlayerOptions): () => void {
  const page = element('section', 'player');
  page.setAttribute('aria-label', `${texts.player}: ${cast.title}`);
  const screen = element('div', 'played');
  const bar = element('div', 'bar');
  page.append(screen, bar);
  parent.append(page);

  const { terminal, shrink, dispose: disposeTerminal } = makeTerminal(screen, { ...options, cursorBlink: false }, links);
  terminal.options.disableStdin = true;
  // It scrolls; every other key is the page's. Above all Tab leads on.
  terminal.attachCustomKeyEventHandler(({ key, shiftKey }) => shiftKey && key.startsWith('Page'));
  const resize = (columns: number, rows: number) => {
    if (columns !== terminal.cols || rows !== terminal.rows) {
      terminal.resize(columns, rows);
      shrink();
    }
  };
  const playback = new Playback(cast, { reset: () => terminal.reset(), write: (text) => terminal.write(text), resize }, systemClock);
  const room = new ResizeObserver(shrink);
  room.observe(screen);

  const position = document.createElement('input');
  Object.assign(position, { type: 'range', min: '0', max: String(playback.durationS), step: 'any', className: 'position' });
  position.setAttribute('aria-label', texts.position);
  const time = element('span', 'time');
  const toggle = button(texts.pause, () => {
    (playback.isPlaying ? () => playback.pause() : () => playback.play())();
    show();
  }, { appearance: 'primary' });
  const speed = dropdown(texts.speed, speeds.map((value) => ({ value, label: `${value}×` })), (value) => { playback.speed = Number(value); });
  speed.value = '1';
  const show = () => {
    position.value = String(playback.positionS);
    const said = `${clockTime(playback.positionS)} / ${clockTime(playback.durationS)}`;
    setText(time, said);
    position.setAttribute('aria-valuetext', said);
    const label = playback.isPlaying ? texts.pause : texts.resume;
    setText(toggle, label);
    toggle.setAttribute('aria-label', label);
  };
  position.addEventListener('input', () => {
    playback.seek(Number(position.value));
    show();
  });
  const end = () => {
    clearInterval(ticking);
    room.disconnect();
    playback.dispose();
    disposeTerminal();
    page.remove();
  };
  bar.append(toggle, position, time, speed, button(texts.save, () => save(textOf(terminal)), { appearance: 'icon' }));
  if (close) {
    const leave = () => {
      end();
      close();
    };
    bar.append(button(texts.close, leave, { appearance: 'icon' }));
    page.addEventListener('keydown', (event) => {
      // The list of speeds, where it is open, closes alone.
      if (event.key === 'Escape' && !event.defaultPrevented) {
        leave();
      }
    });
  }
  const ticking = setInterval(show, tickMs);
  playback.seek(0);
  playback.play();
  show();
  toggle.focus();
  return end;
}

/** `1:05`; of an hour and more `1:00:05`. */
function clockTime(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
