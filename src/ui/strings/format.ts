import { msg, str } from '@lit/localize'

/** Dates and digits of the catalogue's language; English comes first. */
const locale = 'en-GB'
const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const
const whole = new Intl.NumberFormat(locale)
const tenths = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' })
const timeOfDay = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
const dayOfWeek = new Intl.DateTimeFormat(locale, { weekday: 'long' })
const dayAndYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' })

const minute = 60
const hour = 60 * minute
const days = 24 * hour

export function number(value: number | bigint): string {
  return whole.format(value)
}

/** `218 MB`: decimal units, one decimal below ten. */
export function bytes(value: number): string {
  let [scaled, unit] = [value, 0]
  while (scaled >= 999.5 && unit < units.length - 1) [scaled, unit] = [scaled / 1000, unit + 1]
  return `${unit > 0 && scaled < 9.95 ? tenths.format(scaled) : whole.format(Math.round(scaled))} ${units[unit]}`
}

/** `3.2 MB/s`, from bytes a second. */
export function rate(value: number): string {
  return `${bytes(value)}/s`
}

/** `2 min 48 s` of seconds: two units below an hour and below a day, then whole days. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds))
  if (s < minute) return msg(str`${s} s`)
  if (s < hour) return s % minute === 0 ? msg(str`${s / minute} min`) : msg(str`${Math.floor(s / minute)} min ${s % minute} s`)
  if (s < days) return msg(str`${Math.floor(s / hour)} h ${Math.floor(s % hour / minute)} min`)
  return Math.round(s / days) === 1 ? msg('1 day') : msg(str`${number(Math.round(s / days))} days`)
}

/** The same for what is guessed: the largest unit below an hour is enough. */
export function roughly(seconds: number): string {
  const s = Math.max(1, Math.round(seconds))
  return s < minute || s >= hour ? duration(s) : msg(str`${Math.round(s / minute)} min`)
}

export function left(seconds: number): string {
  return msg(str`${roughly(seconds)} left`)
}

/** How long ago, both in milliseconds since 1970: minutes and hours, then the date. */
export function ago(then: number, now: number): string {
  const s = (now - then) / 1000
  if (s < minute) return msg('just now')
  if (s < hour) return msg(str`${Math.floor(s / minute)} min ago`)
  if (s < days) return msg(str`${Math.floor(s / hour)} h ago`)
  return date(then, now)
}

/** `14 June`, with the year where it is another than that of `now`; both in milliseconds since 1970. */
export function date(at: number, now: number): string {
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? day.format(at) : dayAndYear.format(at)
}

/** `14:20` of today, `Thursday` within a week, else the date: when something is due. Both in milliseconds since 1970. */
export function dueAt(at: number, now: number): string {
  if (new Date(at).toDateString() === new Date(now).toDateString()) return timeOfDay.format(at)
  return at > now && at - now < 6 * days * 1000 ? dayOfWeek.format(at) : date(at, now)
}

/** `12:41` of today, else the date; with `full` the date and the time. Both in milliseconds since 1970. */
export function moment(at: number, now: number, full = false): string {
  if (new Date(at).toDateString() === new Date(now).toDateString()) return timeOfDay.format(at)
  return full ? `${date(at, now)}, ${timeOfDay.format(at)}` : date(at, now)
}

/** Whole percent, never 100 before the end. */
export function percent(part: number, of: number): number {
  return part >= of ? 100 : Math.min(99, Math.floor(part / of * 100))
}
