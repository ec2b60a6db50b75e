/** Holds a value against a JSON Schema, as far as ours use it; a keyword that is not known here is an error, so that none is passed over. */
export function schemaProblems(value: unknown, root: Readonly<Record<string, unknown>>): string[] {
  const problems: string[] = [];
  const definitions = (root['definitions'] ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const known = new Set(['$schema', 'title', 'description', 'definitions', '$ref', 'const', 'enum', 'anyOf', 'type', 'minimum', 'maximum', 'pattern', 'items', 'properties', 'required', 'additionalProperties']);
  const visit = (at: unknown, schema: Readonly<Record<string, unknown>>, path: string, found: string[]): void => {
    for (const keyword of Object.keys(schema)) if (!known.has(keyword)) throw new Error(`the schema's keyword '${keyword}' is not known here`);
    const complain = (text: string): void => void found.push(`${path}: ${text}`);
    const { $ref, const: constant, enum: members, anyOf, type, minimum, maximum, pattern, items, properties, required, additionalProperties } = schema as {
      $ref?: string; const?: unknown; enum?: readonly unknown[]; anyOf?: readonly Readonly<Record<string, unknown>>[]; type?: string; minimum?: number; maximum?: number; pattern?: string;
      items?: Readonly<Record<string, unknown>>; properties?: Readonly<Record<string, Readonly<Record<string, unknown>>>>; required?: readonly string[]; additionalProperties?: boolean;
    };
    if ($ref !== undefined) {
      const name = $ref.replace('#/definitions/', '');
      if (definitions[name] === undefined) throw new Error(`the schema has no definition '${name}'`);
      return visit(at, definitions[name], path, found);
    }
    if (constant !== undefined && at !== constant) complain(`is ${JSON.stringify(at)}, not ${JSON.stringify(constant)}`);
    if (members !== undefined && !members.includes(at)) complain(`is ${JSON.stringify(at)}, none of ${members.join(', ')}`);
    if (anyOf !== undefined) {
      const tries = anyOf.map((each) => {
        const mine: string[] = [];
        visit(at, each, path, mine);
        return mine;
      });
      if (tries.every((each) => each.length > 0)) found.push(...tries[0]!);
    }
    const actual = at === null ? 'null' : Array.isArray(at) ? 'array' : Number.isInteger(at) ? 'integer' : typeof at;
    if (type !== undefined && actual !== type && !(type === 'number' && actual === 'integer')) return complain(`is ${actual}, not ${type}`);
    if (typeof at === 'number' && ((minimum !== undefined && at < minimum) || (maximum !== undefined && at > maximum))) complain(`${at} is out of bounds`);
    if (typeof at === 'string' && pattern !== undefined && !new RegExp(pattern, 'u').test(at)) complain(`'${at}' does not match ${pattern}`);
    if (Array.isArray(at) && items !== undefined) for (const [i, item] of at.entries()) visit(item, items, `${path}[${i}]`, found);
    if (actual !== 'object' || properties === undefined) return;
    const object = at as Readonly<Record<string, unknown>>;
    for (const name of required ?? []) if (!Object.hasOwn(object, name)) complain(`lacks '${name}'`);
    for (const [name, member] of Object.entries(object)) {
      if (Object.hasOwn(properties, name)) visit(member, properties[name]!, `${path}.${name}`, found);
      else if (additionalProperties === false) complain(`has '${name}', which the schema does not know`);
    }
  };
  visit(value, root, '$', problems);
  return problems;
}
