/** The Web Lock that a tab holds while it lives. */
export function tabLock(tab: string): string {
  return `holdfast/tab/${tab}`
}
