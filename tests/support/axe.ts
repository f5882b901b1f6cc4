import axe from 'axe-core'

/** What axe finds wrong on the page, by rule and element, once colours that change have changed. */
export async function faults(): Promise<string[]> {
  await Promise.allSettled(document.getAnimations().filter(each => each instanceof CSSTransition).map(async each => await each.finished))
  const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target.flat().join(' > ')}: ${failureSummary ?? ''}`))
}
