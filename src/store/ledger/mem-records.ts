import { HoldfastError } from '../../base/index.ts'
import { tableNames, type Edit, type KeyOf, type OrderedTable, type Records, type TableName, type ValueOf } from './records.ts'
import { SortedKeys } from './sorted-keys.ts'

/** Tables that live as long as this object. Bytes are kept as they come; `values` and `recorded` are copied, since only theirs may be of any type. */
export function memRecords(): Records {
  return new MemRecords()
}

class MemRecords implements Records {
  private readonly tables = new Map(tableNames.map(name => [name, new Map<string | number, unknown>()]))
  private readonly order: Readonly<Record<OrderedTable, SortedKeys>> = { recorded: new SortedKeys() }
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

  async between(table: OrderedTable, from: string, end: string, most: number): Promise<readonly (readonly [string, unknown])[]> {
    const rows = this.table(table)
    return this.order[table].between(rows, from, end, most).map(key => [key, given(table, rows.get(key))] as const)
  }

  async keysBetween(table: OrderedTable, from: string, end: string, most: number): Promise<readonly string[]> {
    return this.order[table].between(this.table(table), from, end, most)
  }

  async countBetween(table: OrderedTable, from: string, end: string): Promise<number> {
    return this.order[table].between(this.table(table), from, end, Infinity).length
  }

  async write(edits: readonly Edit[]): Promise<void> {
    const copies = edits.map(edit => edit.do === 'put' && isCopied(edit.table) ? { ...edit, value: cloned(edit.value) } : edit)
    for (const edit of copies) {
      const rows = this.table(edit.table)
      if (edit.table === 'recorded') this.order.recorded.changed()
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
  return isCopied(table) ? structuredClone(row) : row
}

function isCopied(table: TableName): boolean { return table === 'values' || table === 'recorded' }

function cloned(value: unknown): unknown {
  try { return structuredClone(value) } catch (error) { throw HoldfastError.from(error) }
}
