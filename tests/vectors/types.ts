/** What became of one vector, or of a file whose vectors are not checked. */
export interface Outcome {
  /** Below the folder that was given. */
  readonly file: string
  /** Which kind of vectors. */
  readonly shape: string
  readonly verdict: 'passed' | 'missed' | 'skipped'
  /** How many vectors it stands for. */
  readonly count: number
  /** What was wrong, or why it was left out; empty where it passed. */
  readonly why: string
}

/** A folder while it is walked: its path, and the names of the files in it. */
export interface Folder { readonly path: string, readonly names: readonly string[] }

/** Checks one kind of vectors. */
export interface Shape {
  readonly name: string
  /** Which files of a folder belong to its vectors; empty where there are none. */
  claim(folder: Folder): Promise<readonly string[]>
  /** Checks those. Never throws for what is wrong with them. */
  check(folder: Folder, claimed: readonly string[]): Promise<readonly Omit<Outcome, 'shape'>[]>
}
