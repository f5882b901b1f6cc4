const day = 86_400

/** Date and time of seconds since 1970, as "2026-11-26 12:30"; what reads the clock or the host's habits has no place here. */
export function utcText(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const [year, month, date] = dateOf(Math.floor(seconds / day))
  return `${year}-${two(month)}-${two(date)} ${two(Math.floor(seconds % day / 3600))}:${two(Math.floor(seconds % 3600 / 60))}`
}

/** Year, month and day of days since 1970. Counted in years that begin in March, so that a leap day is the last of its year, and in spans of 400 years, which all have 146,097 days. */
function dateOf(days: number): readonly [number, number, number] {
  const since = days + 719_468 // from 1 March of the year 0
  const span = Math.floor(since / 146_097)
  const inSpan = since - 146_097 * span
  const year = Math.floor((inSpan - Math.floor(inSpan / 1460) + Math.floor(inSpan / 36_524) - Math.floor(inSpan / 146_096)) / 365)
  const inYear = inSpan - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const month = Math.floor((5 * inYear + 2) / 153) // from March; five of them have 153 days
  const date = inYear - Math.floor((153 * month + 2) / 5) + 1
  return [year + 400 * span + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9, date]
}
