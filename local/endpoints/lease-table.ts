/**
 * DynamoDB in its own wire format (AWS JSON 1.0), as much of it as a KCL lease table needs: tables whose key is `leaseKey`, with
 * Scan, GetItem, PutItem and UpdateItem. Tables are there as soon as something is put into them.
 */
import { type Actions, AwsFault } from './aws-json.ts';

/** `{ S: "text" }`, `{ N: "1" }`, `{ SS: [...] }`. */
type Value = Readonly<Record<string, unknown>>;
type Item = Readonly<Record<string, Value>>;

interface Request {
  readonly TableName: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Item;
  readonly Select?: string;
  readonly ProjectionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
}

export interface LeaseTables {
  readonly actions: Actions;
  /** Every row of a table, in the order in which Scan gives them. */
  readonly rows: (table: string) => readonly Item[];
  readonly put: (table: string, item: Item) => void;
  readonly remove: (table: string, leaseKey: string) => void;
}

const KEY = 'leaseKey';

const keyOf = (item: Item | undefined): string => {
  const key = item?.[KEY]?.['S'];
  if (typeof key !== 'string')
    throw new AwsFault('ValidationException', 'The provided key element does not match the schema');
  return key;
};

const nameIn = (text: string, { ExpressionAttributeNames = {} }: Request): string =>
  ExpressionAttributeNames[text] ?? text;

const projected = (item: Item, request: Request): Item => {
  const { ProjectionExpression } = request;
  if (ProjectionExpression === undefined) return item;
  const names = new Set(ProjectionExpression.split(',').map((part) => nameIn(part.trim(), request)));
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
};

/** `SET a = :a, b = :b`, which is all that is known here. */
const updated = (item: Item, request: Request): Item => {
  const [, list] = /^SET (.+)$/.exec(request.UpdateExpression ?? '') ?? [];
  if (list === undefined) throw new AwsFault('ValidationException', 'Only SET is known here.');
  const changes = list.split(',').map((part) => {
    const [name = '', value = ''] = part.split('=').map((side) => side.trim());
    return [nameIn(name, request), request.ExpressionAttributeValues?.[value] ?? {}] as const;
  });
  return { ...item, ...Object.fromEntries(changes) };
};

/** @param pageRows how many rows Scan answers at most; a page of the real one holds 1 MB */
export const leaseTables = (pageRows = 1000): LeaseTables => {
  const tables = new Map<string, Map<string, Item>>();
  const put = (table: string, item: Item): void => {
    const rows = tables.get(table) ?? new Map<string, Item>();
    tables.set(table, rows);
    rows.set(keyOf(item), item);
  };
  const tableOf = ({ TableName }: Request): Map<string, Item> => {
    const table = tables.get(TableName);
    if (table === undefined) throw new AwsFault('ResourceNotFoundException', 'Requested resource not found');
    return table;
  };
  const action = (act: (request: Request) => unknown) => (input: unknown) => act(input as Request);
  return {
    actions: {
      Scan: action((request) => {
        const rows = [...tableOf(request).values()];
        const { ExclusiveStartKey, Limit = pageRows } = request;
        const start =
          ExclusiveStartKey === undefined
            ? 0
            : rows.findIndex((row) => keyOf(row) === keyOf(ExclusiveStartKey)) + 1;
        const page = rows.slice(start, start + Math.min(Limit, pageRows));
        const last = page.at(-1);
        const isMore = start + page.length < rows.length;
        return {
          Items: page.map((row) => projected(row, request)),
          Count: page.length,
          ScannedCount: page.length,
          ...(isMore && last !== undefined ? { LastEvaluatedKey: { [KEY]: last[KEY] } } : {}),
        };
      }),
      GetItem: action((request) => {
        const item = tableOf(request).get(keyOf(request.Key));
        return item === undefined ? {} : { Item: projected(item, request) };
      }),
      PutItem: action(({ TableName, Item = {} }) => {
        put(TableName, Item);
        return {};
      }),
      UpdateItem: action((request) => {
        const { TableName, Key = {} } = request;
        put(TableName, updated(tableOf(request).get(keyOf(Key)) ?? Key, request));
        return {};
      }),
    },
    rows: (table) => [...(tables.get(table)?.values() ?? [])],
    put,
    remove: (table, leaseKey) => void tables.get(table)?.delete(leaseKey),
  };
};
