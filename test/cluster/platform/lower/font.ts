/** Pixels of a glyph; it stands in a cell with a margin to the left and above. */
const glyphWidth = 5;
const glyphHeight = 7;

/** A character on the screen: the glyph with its rows doubled, and room around it. */
export const cellWidth = 8;
export const cellHeight = 16;

/** The printable characters of ASCII, drawn by hand: seven rows each, a row is five bits written in base 32. */
const drawn = `
0000000 4444404 aaa0000 aavavaa 4fke5u4 op248j3 cik8lid 4480000 2488842 8422248 04lel40 044v440 0000c48 000v000 00000cc 01248g0
ehjlphe 4c4444e eh1248v v2421he 26aiv22 vgu11he 68guhhe v124888 ehhehhe ehhf12c 0cc0cc0 0cc0c48 248g842 00v0v00 8421248 eh12404
eh1dlle ehhvhhh uhhuhhu ehggghe sihhhis vgguggv vgguggg ehgnhhf hhhvhhh e44444e 72222ic hikokih ggggggv hrllhhh hhpljhh ehhhhhe
uhhuggg ehhhlid uhhukih fgge11u v444444 hhhhhhe hhhhha4 hhhllla hha4ahh hhha444 v1248gv e88888e 0g84210 e22222e 4ah0000 000000v
8420000 00e1fhf ggmphhu 00egghe 11djhhf 00ehvge 69s8888 0fhhf1e ggmphhh 40c444e 20622ic ggikoki c44444e 00qllhh 00mphhh 00ehhhe
00uhugg 00djf11 00mpggg 00ege1u 88s8896 00hhhjd 00hhha4 00hhlla 00ha4ah 00hhf1e 00v248v 2448442 4444444 8442448 008l200`;

/** A box, for what has no glyph. */
const unknown = 'vhhhhhv';

const firstCode = 32;
const glyphs = drawn.trim().split(/\s+/);
const codeOf = new Map([...glyphs.entries()].map(([index, rows]) => [rows, index + firstCode]));

const masks = new Map<string, Uint8Array>();

/** The pixels of a character's cell, row by row: 1 is ink. */
export function maskOf(character: string): Uint8Array {
  let mask = masks.get(character);
  if (!mask) {
    const drawing = glyphs[(character.codePointAt(0) ?? 0) - firstCode] ?? unknown;
    mask = Uint8Array.from({ length: cellWidth * cellHeight }, (_, pixel) => {
      const column = pixel % cellWidth - 1;
      const row = (Math.floor(pixel / cellWidth) - 1) >> 1;
      return column >= 0 && column < glyphWidth ? (Number.parseInt(drawing[row] ?? '0', 32) >> (glyphWidth - 1 - column)) & 1 : 0;
    });
    masks.set(character, mask);
  }
  return mask;
}

/** Reads a cell back: the character whose glyph it shows, `undefined` when none does. `ink` tells the pixels. */
export function characterIn(ink: (x: number, y: number) => boolean): string | undefined {
  let rows = '';
  for (let row = 0; row < glyphHeight; row++) {
    let bits = 0;
    for (let column = 0; column < glyphWidth; column++) {
      bits = bits * 2 + (ink(column + 1, row * 2 + 1) ? 1 : 0);
    }
    rows += bits.toString(32);
  }
  const code = codeOf.get(rows);
  return code === undefined ? undefined : String.fromCharCode(code);
}
