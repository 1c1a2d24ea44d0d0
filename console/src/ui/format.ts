const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** 1536 is "1.5 KiB". Three figures at most. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  let amount = Math.abs(value);
  let unit = 0;
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const text = unit === 0 || amount >= 99.95 ? amount.toFixed(0) : amount.toFixed(1).replace(/\.0$/, '');
  return `${value < 0 ? '-' : ''}${text} ${units[unit]}`;
}

export const rate = (perSecond: number | null | undefined) => (perSecond === null || perSecond === undefined ? '–' : `${bytes(perSecond)}/s`);

const whole = new Intl.NumberFormat('en-US');
export const count = (value: number | null | undefined) => (value === null || value === undefined ? '–' : whole.format(Math.round(value)));

/** 1234567 is "1.2 M": for places without room. */
export function compact(value: number): string {
  if (value < 10_000) return count(value);
  if (value < 999_500) return `${(value / 1e3).toFixed(value < 99_500 ? 1 : 0)} k`;
  return `${(value / 1e6).toFixed(1)} M`;
}

export const percent = (share: number, digits = 0) => `${(share * 100).toFixed(digits)} %`;

/** 3725 is "1 h 2 min". */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  if (seconds < 1) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  if (seconds < 10) return `${seconds.toFixed(1).replace(/\.0$/, '')} s`;
  const total = Math.round(seconds);
  if (total < 60) return `${total} s`;
  if (total < 3600) return joined(Math.floor(total / 60), 'min', total % 60, 's', total < 600);
  if (total < 86_400) return joined(Math.floor(total / 3600), 'h', Math.floor((total % 3600) / 60), 'min', true);
  return joined(Math.floor(total / 86_400), 'd', Math.floor((total % 86_400) / 3600), 'h', true);
}

function joined(first: number, unit: string, second: number, smaller: string, withSecond: boolean): string {
  return withSecond && second > 0 ? `${first} ${unit} ${second} ${smaller}` : `${first} ${unit}`;
}

/** "3 min ago", "in 2 h". Within two seconds it is "now". */
export function relative(time: string | number | Date, now: number): string {
  const seconds = (new Date(time).getTime() - now) / 1000;
  const size = Math.abs(seconds);
  if (size < 2) return 'now';
  const text = duration(size < 60 ? Math.round(size) : size < 3600 ? Math.round(size / 60) * 60 : size < 172_800 ? Math.round(size / 3600) * 3600 : Math.round(size / 86_400) * 86_400);
  return seconds < 0 ? `${text} ago` : `in ${text}`;
}

const stamps = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
export const stamp = (time: string | number | Date) => stamps.format(new Date(time));

/** The rest of a work in seconds, from what was done since it began; null while nothing can be said. */
export function remaining(done: number, total: number, startedAt: string | null, now: number): number | null {
  if (startedAt === null || done <= 0 || total <= done) return null;
  const elapsed = (now - new Date(startedAt).getTime()) / 1000;
  return elapsed < 1 ? null : (elapsed / done) * (total - done);
}
