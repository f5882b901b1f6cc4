import axe from 'axe-core'

/** What axe finds wrong on the page as it is now, by rule and element. */
export async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target.flat().join(' > ')}: ${failureSummary ?? ''}`))
}
