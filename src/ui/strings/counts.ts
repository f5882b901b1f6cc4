import { msg, str } from '@lit/localize'
import { number } from './format.ts'

export function files(n: number): string {
  return n === 1 ? msg('1 file') : msg(str`${number(n)} files`)
}

export function people(n: number): string {
  return n === 0 ? msg('nobody') : n === 1 ? msg('1 person') : msg(str`${number(n)} people`)
}

export function peers(n: number): string {
  return n === 1 ? msg('1 peer') : msg(str`${number(n)} peers`)
}

export function coins(n: number | bigint): string {
  return Number(n) === 1 ? msg('1 coin') : msg(str`${number(n)} coins`)
}

export function blocks(n: number): string {
  return n === 1 ? msg('1 block') : msg(str`${number(n)} blocks`)
}

export function messages(n: number): string {
  return n === 1 ? msg('1 message') : msg(str`${number(n)} messages`)
}

export function things(n: number): string {
  return n === 1 ? msg('1 item') : msg(str`${number(n)} items`)
}

export function withPictures(n: number): string {
  return n === 1 ? msg('with 1 picture') : msg(str`with ${number(n)} pictures`)
}

export function others(n: number): string {
  return n === 1 ? msg('1 other') : msg(str`${number(n)} others`)
}

/** Who vouches for what a content id is, as a sentence. */
export function vouchers(n: number): string {
  return n === 1 ? msg('1 person says they have it') : msg(str`${number(n)} people say they have it`)
}

export function keepers(n: number): string {
  return n === 1 ? msg('1 keeper') : msg(str`${number(n)} keepers`)
}

export function uploads(n: number): string {
  return n === 1 ? msg('1 publication') : msg(str`${number(n)} publications`)
}

export function addresses(n: number): string {
  return n === 1 ? msg('1 address') : msg(str`${number(n)} addresses`)
}
