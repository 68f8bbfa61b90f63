/** Ways to write a value, valid or not: what is between a colon and the end of its line or of the lines below it. */
export const spellings: readonly string[] = [
  ...'yes No ON y N True FALSE null ~ NULL 0 -0 +0 007 08 0o7 0O7 0x1F -0x1 0b11 0B1 1_000 _1 1_ 0x_1 +1 --1 1. .5 +.5 1.0 5.0 1e1 1E1 1e+1 1.e1 1e1.5 .e1 1e400 -1e400 1e-400 1:30 190:20:30 2026-01-01 = << .inf .NaN NaN inf'.split(' '),
  '9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809', '18446744073709551616', '0xFFFFFFFFFFFFFFFF', '1.7976931348623157e308', '4.9e-324', '2147483648', '4294967296',
  ...'1Gi 1gi 1G 1k 1K 1m 1Mib 1GB +1Gi -1Gi 1.5Gi .5Gi 1.Gi 1e3Gi 1E3 1e-3 0Gi 1n 1µ 1Zi 1e 100% "100%" 0% 101% 1.5% % a A a.b -a é 😀 "" \'\' x: ::'.split(' '),
  '"\\u00e9"', '"\\ud83d\\ude00"', '"\\U0001F600"', '"\\U00110000"', '"\\x41"', '"\\q"', '"\\/"', "\"\\'\"", '"a\\\n    b"', "'it''s'", '"x"# c', '"x" x', "'x'y", '"x\ny"', '"x\n---\ny"',
  ...'!!str 5|!!int 5|!!int "5"|!!int x|!!float 5|!!bool "yes"|!!null ""|!!binary aGVsbG8=|!!binary @@|!foo 5|! 5|!|!!|!e!x y|!<x> 5|!!map {}|!!map x|&a 5|&a|&é x|& a|&a &b x|!!str &a 5|*a|*a b'.split('|'),
  ...'[]|{}|[1]|{a: 1}|[a,]|{a}|{a: 1,}|{? a : 1}|[a: 1]|{a: "b"# c\n  }|{a: !x}|{a: -}|{a: b:}|{a: :b}|{a\n: b}|{a: 1, a: 2}|{<<: {a: b}}|{<<: 5}|{1: x}|{~: x}|{.inf: x}|{[a]: x}|{a: b?c}|[a\n]|[a b]|[a,,b]|{a: x}# c|{a: x} y'.split('|'),
  '|\n      x', '>\n      x', '|-\n      x', '|+\n      x\n', '|2\n        x', '|0\n      x', '|# c\n      x', '|\n      x\n     y', '|\n\tx', '>-\n      x\n\n      y',
  ...'# c|5 # c|5# c|a: b|- a|? a|@x|`x|%x|,|]|"x|x"|a,b|\t5|5\t|5\n  \t|x\ty|a\n      b|a\n    b|#'.split('|'),
  '\u00a0', '\ufeff5', '5\u2028', '\u0085', '\u0007', 'x'.repeat(300),
];

/** A manifest with the value of one of its lines written otherwise. */
export function respell(text: string, random: () => number): string {
  const lines = text.split('\n');
  const places = lines.flatMap((line, index) => (/:\s+\S/.test(line) ? [index] : []));
  const at = places[Math.floor(random() * places.length)] ?? 0;
  const spelling = spellings[Math.floor(random() * spellings.length)] ?? '';
  lines[at] = (lines[at] ?? '').replace(/(:\s+)\S.*$/, (_, colon: string) => `${colon}${spelling}`);
  return lines.join('\n');
}

/** Ways to write a value in JSON, valid or not. */
const jsonSpellings: readonly string[] = [
  ...'1e18 1E3 1.0 -1.0 -0 -0.0 0e0 4.0 9007199254740991.0 9007199254740992 9007199254740992.0 9223372036854775807 9223372036854775808 9.223372036854775807e18 -9223372036854775809 1e21 1e308 1e309 -1e400 1e-400 0.5'.split(' '),
  ...'1.0000000001 -1.0000000001 10e-1 01 +1 .5 1. 1e 0x10 NaN Infinity - 1_000 2147483648 2147483647.0 -3e2 null true tRue undefined {} [] [1.0] ["a",] {"a":1,"a":1} {"a":1,} {a:1} /**/1'.split(' '),
  '"1e3"', '"\\ud800"', '"\\u0000"', '"a\\u0062"', '"\\x41"', '"\t"', '"\\/"', '"😀"', "'a'", '"\u0007"', '1 1', '',
];

/** The same in JSON, where two of three are numbers; what the object is stays as it was. */
export function respellJson(text: string, random: () => number): string {
  const places = [...text.matchAll(/(?<=:|\[|,)(?:"(?:[^"\\]|\\.)*"|-?\d[\d.]*|true|false)(?=[,}\]])/g)].slice(1);
  const numbers = places.filter(([written]) => /^\d/.test(written));
  const from = numbers.length > 0 && random() < 2 / 3 ? numbers : places;
  const place = from[Math.floor(random() * from.length)];
  const spelling = jsonSpellings[Math.floor(random() * jsonSpellings.length)] ?? '';
  return place ? `${text.slice(0, place.index)}${spelling}${text.slice(place.index + place[0].length)}` : text;
}
