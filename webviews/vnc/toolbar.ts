import { parseCombination, usualCombinations } from '../../src/domain/keyCombination';
import type { Key } from '../../src/domain/keys';
import type { VncChoice, VncCombination, VncTexts } from '../../src/protocol/vnc';
import { filled } from '../shared/element';
import { menu, type MenuItem } from '../shared/menu';
import { button, dropdown, toggle } from '../shared/toolkit';

export interface ToolbarActions {
  /** What the menus go by when they open. */
  readonly state: () => { readonly isLive: boolean; readonly canType: boolean; readonly combinations: readonly VncCombination[]; readonly copied: string | undefined };
  readonly scale: (scale: VncChoice['scale']) => void;
  readonly viewOnly: (is: boolean) => void;
  readonly full: (is: boolean) => void;
  readonly press: (keys: readonly Key[]) => void;
  readonly editCombinations: () => void;
  readonly typeText: () => void;
  readonly sendClipboard: () => void;
  readonly takeClipboard: () => void;
  readonly saveScreenshot: () => void;
  readonly copyScreenshot: () => void;
  readonly reconnect: () => void;
}

const scales = ['fit', 'original', 'resize'] as const;

/** The controls of a screen. `update` greys those that need a machine that listens. */
export function screenControls(texts: VncTexts, scale: VncChoice['scale'], actions: ToolbarActions) {
  const flat = (label: string, run: () => void) => button(label, run, { appearance: 'icon' });
  const pressed = (label: string, change: (is: boolean) => void) => {
    const made = toggle(label, (is) => {
      made.pressed = is;
      change(is);
    });
    return made.element;
  };
  const scaling = dropdown(texts.scale, scales.map((value) => ({ value, label: texts[value] })), (value) => actions.scale(scales.find((one) => one === value) ?? 'fit'));
  // The toolkit makes its list of options after the element is in the page.
  queueMicrotask(() => { scaling.value = scale; });
  const runnable = (is: boolean, run: () => void): Pick<MenuItem, 'run'> => (is ? { run } : {});
  const combination = (label: string, keys: string, canType: boolean): MenuItem => {
    const parsed = parseCombination(keys);
    return 'keys' in parsed ? { label, ...runnable(canType, () => actions.press(parsed.keys)) } : { label: `${label}: ${filled(texts.unknownKey, parsed.unknown)}` };
  };
  const ctrlAltDel = flat(texts.ctrlAltDel, () => {
    const parsed = parseCombination('Ctrl+Alt+Del');
    actions.press('keys' in parsed ? parsed.keys : []);
  });
  const typeText = flat(texts.paste, actions.typeText);
  const keys = menu(texts.keys, () => {
    const { combinations, canType } = actions.state();
    return [
      ...combinations.map(({ label, keys: written }) => combination(label, written, canType)), ...usualCombinations.map((written) => combination(written, written, canType)),
      { label: texts.editKeys, run: actions.editCombinations },
    ];
  });
  const clipboard = menu(texts.clipboard, () => {
    const { canType, copied } = actions.state();
    return [
      { label: texts.sendClipboard, ...runnable(canType, actions.sendClipboard) },
      copied === undefined ? { label: texts.nothingToTake } : { label: filled(texts.takeClipboard, [...copied].length), run: actions.takeClipboard },
    ];
  });
  const screenshot = menu(texts.screenshot, () => {
    const { isLive } = actions.state();
    return [{ label: texts.saveScreenshot, ...runnable(isLive, actions.saveScreenshot) }, { label: texts.copyScreenshot, ...runnable(isLive, actions.copyScreenshot) }];
  });
  const update = () => {
    ctrlAltDel.disabled = typeText.disabled = !actions.state().canType;
  };
  return {
    elements: [scaling, ctrlAltDel, keys, typeText, clipboard, screenshot, pressed(texts.viewOnly, actions.viewOnly), pressed(texts.full, actions.full), flat(texts.reconnect, actions.reconnect)],
    update,
  };
}
