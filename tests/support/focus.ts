import { expect } from 'vitest'
import type { Locator } from 'vitest/browser'

/** Waits until `locator` has the focus, in whatever shadow root it is (`document.activeElement` stops at the outermost host). */
export async function focused(locator: Locator): Promise<void> {
  await expect.poll(() => locator.query()?.matches(':focus')).toBe(true)
}
