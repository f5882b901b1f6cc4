import type { Host } from './support/host.ts'
import type { Served } from './support/pages.ts'

/** A goal of the specification, held against the ratio or against our own figure. */
export interface Goal { readonly of: 'ratio' | 'ours', readonly is: 'at least' | 'at most', readonly value: number }

/** Our figure beside its peer's (a program, or the physical limit), measured turn by turn in one run. */
export interface Row {
  /** What is measured, within the benchmark. */
  readonly what: string
  /** The peer. */
  readonly against: string
  readonly unit: string
  readonly goal: Goal | null
  /** One pair for each run: ours, the peer's. */
  readonly samples: readonly (readonly [number, number])[]
  /** What else was seen and belongs beside the figure. */
  readonly notes?: readonly string[]
}

/** What a benchmark is given: where it runs, how often and how much, and the peer pages. */
export interface Bench {
  readonly host: Host
  readonly pages: Served
  /** From the command line; null: the benchmark's own. */
  readonly runs: number | null
  /** Bytes, from the command line; null: the benchmark's own. */
  readonly size: number | null
  /** A scratch folder, removed at the end. */
  readonly scratch: string
  log(line: string): void
}

export interface Benchmark {
  readonly id: string
  readonly about: string
  /** Runs only where it is named: it wants room, or long. */
  readonly byName?: true
  /** Throws where it cannot be measured. */
  run(bench: Bench): Promise<readonly Row[]>
}

/** A row as it is written with `--json`: the medians of its samples. */
export interface Result {
  readonly id: string
  readonly what: string
  readonly against: string
  readonly ours: number
  readonly peer: number
  /** Ours divided by the peer's; null where the peer's is 0. */
  readonly ratio: number | null
  readonly unit: string
  /** How many runs the medians are of. */
  readonly runs: number
  readonly goal: string | null
  readonly met: boolean | null
  readonly samples: readonly (readonly [number, number])[]
  readonly notes: readonly string[]
  /** Load average of the last minute, before and after. */
  readonly load: readonly [number, number]
  readonly machine: string
}
