const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** “3 hours ago”. The clocks of two machines differ: nothing has happened in the future. */
export function ago(time: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(time)) / 1000);
  const step = steps.find(([, length]) => seconds >= length);
  return step ? relative.format(-Math.floor(seconds / step[1]), step[0]) : 'just now';
}

const written = (style: Intl.DateTimeFormatOptions) => (time: string) =>
  new Intl.DateTimeFormat('en', style).format(new Date(time));

export const day = written({ dateStyle: 'medium' });
export const moment = written({ dateStyle: 'medium', timeStyle: 'short' });
