import { t } from '@vscode/l10n';
import { keyboardLayouts } from '../../domain/keyboardLayouts';
import type { StreamStatus } from '../../protocol/stream';
import type { VncTexts } from '../../protocol/vnc';
import { type StatusInput, statusOf } from './streamStatus';

/** What a screen says about its connection. */
export function screenStatus(input: StatusInput): StreamStatus {
  return statusOf(input, {
    willConnect: t('The screen connects as soon as the machine runs.'),
    isTaken: t('The screen is taken'),
    perhapsTaken: t('The connection was lost twice without a visible reason. Somebody else may be using this screen; it has one user at a time.'),
    takenBy: (holder) => t('"{0}" is using this screen. It has one user at a time.', holder),
  });
}

/** The words of the panel itself. */
export function screenTexts(name: string): VncTexts {
  return {
    screen: t('Screen of "{0}"', name), size: '{0} × {1}', toolbar: t('Screen'), more: t('More'), reconnect: t('Reconnect'),
    dropped: t('Not connected: what you type is not sent.'), noPicture: t('There is no picture yet.'), bell: t('The machine rang its bell.'),
    keysToMachine: t('Keys go to the machine; Ctrl+Alt, pressed and let go, gives them back.'), keysToEditor: t('Keys go to the editor. Click the screen to type on the machine.'),
    scale: t('Size of the picture'), fit: t('Fit'), original: t('Original size'), resize: t('Fit the machine to the panel'), full: t('Full panel'), viewOnly: t('View only'),
    keys: t('Keys'), ctrlAltDel: 'Ctrl+Alt+Del', editKeys: t('Add your own…'), unknownKey: t('"{0}" is no key', '{0}'),
    screenshot: t('Screenshot'), saveScreenshot: t('Save as file…'), copyScreenshot: t('Copy to the clipboard'),
    screenshotCopied: t('The screenshot is on the clipboard.'), screenshotFailed: t('The clipboard takes no pictures here. Save the screenshot as a file.'),
    clipboard: t('Clipboard'), sendClipboard: t('Put your clipboard on the machine\'s'), takeClipboard: t('Take what the machine copied ({0} characters)', '{0}'),
    nothingToTake: t('The machine has copied nothing'), clipboardArrived: t('The machine copied something. "Clipboard" takes it.'),
    clipboardSent: t('{0} characters are on the machine\'s clipboard.', '{0}'), clipboardEmpty: t('Your clipboard holds no text.'),
    clipboardWestern: t('Sent. Some machines show letters beyond Western European ones as "?".'),
    paste: t('Type text…'), pasteTitle: t('Type text into "{0}"', name), pasteText: t('Text to type'),
    pasteHint: t('Each character becomes the keys that somebody at the machine would press. Choose the keyboard that is set up in the machine.'),
    layout: t('Keyboard in the machine'), switchWith: t('The machine switches alphabets with'), switchNone: t('It does not switch'),
    startsIn: t('It types now'), latin: t('Latin letters'), own: t('Its own letters'),
    alphabets: t('Nobody can see from outside which alphabet is switched on. Look at the machine before you type.'),
    impossible: t('This keyboard cannot type: {0}', '{0}'), uncertain: t('In Windows these may be on other keys: {0}', '{0}'),
    type: t('Type the text'), typeOthers: t('Type without them'), cancel: t('Cancel'), typing: t('Typed {0} of {1}', '{0}', '{1}'), stopTyping: t('Stop typing'),
    typedAll: t('Typed {0} characters.', '{0}'), typedSome: t('Typing stopped after {0} of {1} characters.', '{0}', '{1}'),
    layouts: Object.fromEntries(Object.entries(keyboardLayouts).map(([id, layout]) => [id, t(layout.name)])),
  };
}
