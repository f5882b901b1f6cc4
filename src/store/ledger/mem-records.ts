import { HoldfastError } from '../../base/index.ts'
import { tableNames, type Edit, type KeyOf, type Records, type TableName, type ValueOf } from './records.ts'

/** Tables that live as long as this object. Bytes are kept as they come; `values` are copied, since only theirs may be of any type. */
export function memRecords(): Records {
  return new MemRecords()
}

class MemRecords implements Records {
  private readonly tables = new Map(tableNames.map(name => [name, new Map<string | number, unknown>()]))
  private closed = false

  async get<Table extends TableName>(table: Table, keys: readonly KeyOf<Table>[]): Promise<readonly (ValueOf<Table> | null)[]> {
    const rows = this.table(table)
    return keys.map(key => given(table, rows.get(key)) ?? null)
  }

  async all<Table extends TableName>(table: Table): Promise<readonly ValueOf<Table>[]> {
    return [...this.table(table)].sort(([a], [b]) => a < b ? -1 : 1).map(([, row]) => given(table, row))
  }

  async named(prefix: string): Promise<readonly (readonly [string, unknown])[]> {
    return [...this.table('values') as Map<string, unknown>].filter(([name]) => name.startsWith(prefix)).sort(([a], [b]) => a < b ? -1 : 1)
      .map(([name, value]) => [name, structuredClone(value)] as const)
  }

  async write(edits: readonly Edit[]): Promise<void> {
    const copies = edits.map(edit => edit.do === 'put' && edit.table === 'values' ? { ...edit, value: cloned(edit.value) } : edit)
    for (const edit of copies) {
      const rows = this.table(edit.table)
      if (edit.do === 'put') rows.set(edit.key, edit.value)
      else if (edit.do === 'drop') rows.delete(edit.key)
      else for (const key of rows.keys()) if (edit.below === null || Number(key) < edit.below) rows.delete(key)
    }
  }

  async close(): Promise<void> {
    this.closed = true
  }

  private table(name: TableName): Map<string | number, unknown> {
    if (this.closed) throw new HoldfastError('storage-lost', 'the ledger is closed')
    return this.tables.get(name) as Map<string | number, unknown>
  }
}

function given(table: TableName, row: unknown): unknown {
  return table === 'values' ? structuredClone(row) : row
}

function cloned(value: unknown): unknown {
  try { return structuredClone(value) } catch (error) { throw HoldfastError.from(error) }
}
