type Plain = Record<string, unknown>;

export function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The top level with an environment's values on top: maps merge, lists and scalars replace. null means the default: it
 * covers what the top level says, and takes an entry out of a map of the user's own names (env.vars, processes).
 */
export function overlay(
  below: Plain,
  above: Plain,
  isOwnNames: (path: string[]) => boolean,
  path: string[] = [],
): Plain {
  const result: Plain = { ...below };
  for (const [name, value] of Object.entries(above)) {
    const under = Object.hasOwn(below, name) ? below[name] : undefined;
    if (value === null && Object.hasOwn(below, name) && isOwnNames(path)) delete result[name];
    else if (isPlain(under) && isPlain(value))
      result[name] = overlay(under, value, isOwnNames, [...path, name]);
    else result[name] = value;
  }
  return result;
}
