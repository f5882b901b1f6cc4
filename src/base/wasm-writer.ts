/**
 * As much of an assembler for WebAssembly (core specification 2.0, binary format) as hashing needs. A piece of code writes itself; an operation is
 * made of the code of its operands, as an expression is.
 */
export type Code = (out: number[]) => void

export const i32 = 0x7f
export const v128 = 0x7b
export type ValueType = typeof i32 | typeof v128

export interface WasmFunction {
  readonly name: string
  /** How many i32 it is called with; they are its first locals. */
  readonly parameters: number
  readonly locals: readonly ValueType[]
  readonly body: Code
}

/** A module of functions without results over one memory of so many pages of 64 KiB, exported as `memory`. */
export function wasmModule(pages: number, functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const out: number[] = []
  code(
    raw(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00),
    section(1, functions.map(({ parameters }) => code(raw(0x60), list(Array.from({ length: parameters }, () => raw(i32))), raw(0x00)))),
    section(3, functions.map((_, index) => unsigned(index))),
    section(5, [code(raw(0x00), unsigned(pages))]),
    section(7, [code(text('memory'), raw(0x02, 0x00)), ...functions.map(({ name }, index) => code(text(name), raw(0x00), unsigned(index)))]),
    section(10, functions.map(({ locals, body }) => sized(code(list(locals.map(type => raw(1, type))), body, raw(0x0b))))),
  )(out)
  return Uint8Array.from(out)
}

/** One after the other. */
export function code(...parts: readonly Code[]): Code {
  return out => { for (const part of parts) part(out) }
}

export function raw(...bytes: readonly number[]): Code {
  return out => { out.push(...bytes) }
}

export function get(local: number): Code { return raw(0x20, local) }
export function set(local: number, value: Code): Code { return code(value, raw(0x21, local)) }
export function tee(local: number, value: Code): Code { return code(value, raw(0x22, local)) }
export function constant(value: number): Code { return code(raw(0x41), signed(value)) }

/** An operation of these operands; `immediates` are part of it. */
export function op(opcode: number, operands: readonly Code[], immediates: Code = code()): Code {
  return code(...operands, raw(opcode), immediates)
}

/** The same of those on vectors. */
export function vectorOp(opcode: number, operands: readonly Code[], immediates: Code = code()): Code {
  return code(...operands, raw(0xfd), unsigned(opcode), immediates)
}

/** What a load or store has behind it: alignment as a power of two, and an offset. */
export function memoryAt(offset: number, alignment: number): Code { return code(raw(alignment), unsigned(offset)) }

/** Runs `body` again while the condition at its end holds. */
export function loopWhile(condition: Code, body: Code): Code { return code(raw(0x03, 0x40), body, condition, raw(0x0d, 0x00, 0x0b)) }

function section(id: number, entries: readonly Code[]): Code { return code(raw(id), sized(list(entries))) }
function list(entries: readonly Code[]): Code { return code(unsigned(entries.length), ...entries) }
function text(name: string): Code { return list(Array.from(name, letter => raw(letter.codePointAt(0) ?? 0))) }

/** With its length before it. */
function sized(inner: Code): Code {
  return out => {
    const bytes: number[] = []
    inner(bytes)
    unsigned(bytes.length)(out)
    for (const byte of bytes) out.push(byte)
  }
}

/** LEB128. */
function unsigned(value: number): Code {
  return out => {
    let rest = value
    for (; rest >= 0x80; rest >>>= 7) out.push(rest & 0x7f | 0x80)
    out.push(rest)
  }
}

function signed(value: number): Code {
  return out => {
    let rest = value | 0
    for (; rest < -64 || rest >= 64; rest >>= 7) out.push(rest & 0x7f | 0x80)
    out.push(rest & 0x7f)
  }
}
