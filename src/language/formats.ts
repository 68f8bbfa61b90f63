import { RE2JS } from 're2js';

/**
 * Whether a text has a format of a CRD. Checked are the formats that the platform's schemas use; any other is taken as
 * fulfilled, as the API server does with those it does not know.
 */
export function hasFormat(format: string, text: string): boolean {
  switch (format.replaceAll('-', '')) {
    case 'byte':
      return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/.test(text) && !text.endsWith('\n');
    case 'datetime':
      return isDateTime(text.toLowerCase());
    case 'date':
      return isDate(text);
    default:
      return true;
  }
}

/** Formats that the API server knows for strings: a string field with one of them accepts nothing but its own check. */
export function isCheckedFormat(format: string): boolean {
  return ['byte', 'datetime', 'date', 'password'].includes(format.replaceAll('-', ''));
}

const compiled = new Map<string, (text: string) => boolean>();

/** Whether `text` contains a match of an RE2 pattern, in time linear in its length. A pattern that does not compile matches nothing. */
export function matchesPattern(pattern: string, text: string): boolean {
  let test = compiled.get(pattern);
  if (!test) {
    test = compilePattern(pattern);
    compiled.set(pattern, test);
  }
  return test(text);
}

function compilePattern(pattern: string): (text: string) => boolean {
  try {
    const regex = RE2JS.compile(pattern);
    const lately = new Map<string, boolean>();
    return (text) => {
      let isMatch = lately.get(text);
      if (isMatch === undefined) {
        isMatch = regex.matcher(text).find();
        remember(lately, text, isMatch);
      }
      return isMatch;
    };
  } catch {
    return () => false;
  }
}

/** Whoever types elsewhere leaves a field as it was, and machines have few sizes between them. */
const mostKept = 64;
const longestKept = 256;

function remember(lately: Map<string, boolean>, text: string, isMatch: boolean): void {
  if (text.length > longestKept) {
    return;
  }
  if (lately.size >= mostKept) {
    lately.clear();
  }
  lately.set(text, isMatch);
}

function isDateTime(text: string): boolean {
  const [date, time] = text.split('t');
  const match = date !== undefined && time !== undefined && isDate(date) ? /^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$/.exec(time) : null;
  return match !== null && (match[1] ?? '') <= '23' && (match[2] ?? '') <= '59' && (match[3] ?? '') <= '59';
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  const [year, month, day] = match?.slice(1).map(Number) ?? [];
  return year !== undefined && month !== undefined && day !== undefined && month >= 1 && day >= 1
    && new Date(Date.UTC(2000 + (year % 400), month - 1, day)).getUTCMonth() === month - 1;
}
