import { t } from '@vscode/l10n';
import { formatDuration } from '../../domain/age';

/** A screen in small, of a panel that shows it. */
export interface Thumbnail {
  /** A `data:` URL. */
  readonly image: string;
  /** Epoch. */
  readonly atMs: number;
}

/** The last picture of each open screen, by `keyOf` its machine. Never fetched: a screen has one user, and looking would take it from them. */
export type Thumbnails = Map<string, Thumbnail>;

/** For a tooltip: how the screen looked, and how long ago. */
export function thumbnailMarkdown({ image, atMs }: Thumbnail, nowMs: number): string {
  return `${t('Screen {0} ago:', formatDuration(nowMs - atMs))}\n\n![${t('Screen')}](${image})`;
}
