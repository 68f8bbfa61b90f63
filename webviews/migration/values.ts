import type { MigrationTexts } from '../../src/protocol/migration';

/** `0:42.5`, `1:02:03`. */
export function timeText(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const tenths = whole < 600 ? `.${Math.floor((seconds - whole) * 10)}` : '';
  const hours = Math.floor(whole / 3600);
  return `${hours > 0 ? `${hours}:${two(Math.floor(whole / 60) % 60)}` : Math.floor(whole / 60)}:${two(whole % 60)}${tenths}`;
}

export function percentText(percent: number | undefined, { notReported }: MigrationTexts): string {
  return percent === undefined ? notReported : `${percent} %`;
}

export function mibText(mib: number | undefined, texts: MigrationTexts): string {
  return mib === undefined ? texts.notReported : `${mib} ${texts.mib}`;
}
