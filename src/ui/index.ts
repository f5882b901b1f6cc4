export { HoldfastApp } from './elements/holdfast-app.ts'
