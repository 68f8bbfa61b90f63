/** A screen in small, of a panel that shows it. */
export interface Thumbnail {
  /** A `data:` URL. */
  readonly image: string;
  /** Epoch. */
  readonly atMs: number;
}

/** The last picture of each open screen, by `keyOf` its machine. Never fetched: a screen has one user, and looking would take it from them. */
export type Thumbnails = Map<string, Thumbnail>;
