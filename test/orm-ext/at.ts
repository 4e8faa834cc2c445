/** What a record has under a key; for records whose type knows of no keys. */
export function at<T>(record: Readonly<Record<string, T>>, key: string): NonNullable<T> {
  const found = record[key];
  if (found === undefined || found === null) throw new Error(`there is no ${key}`);
  return found;
}
