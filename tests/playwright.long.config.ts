import { defineConfig } from '@playwright/test'
import usual from './playwright.config.ts'

/** Journeys of many minutes and many people, which `npm test` leaves out: `npm run test:long`. One at a time, with nothing beside it. */
export default defineConfig({
  ...usual,
  testDir: './long',
  outputDir: '../dist/test/long',
  workers: 1,
  reporter: [['list', { printSteps: true }], ['json', { outputFile: '../dist/test/long.json' }]],
  projects: [{ ...usual.projects?.[0], name: 'long', testIgnore: [] }],
})
