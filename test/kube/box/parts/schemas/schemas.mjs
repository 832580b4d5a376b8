// node schemas.mjs swagger.json OUT: one strict JSON schema per kind, as kubeconform reads them, from the OpenAPI of Kubernetes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const reference = '#/definitions/';
const kept = ['type', 'enum', 'required', 'minimum', 'maximum', 'pattern'];

const [source, out] = process.argv.slice(2);
const { definitions } = JSON.parse(readFileSync(source, 'utf8'));

// the OpenAPI calls a quantity a string, the server takes numbers too
definitions['io.k8s.apimachinery.pkg.api.resource.Quantity'] = { type: ['string', 'number'] };

/** The schema with every reference replaced by what it refers to; a kind that contains itself ends as "anything". */
function plain(schema, inside) {
  if (schema.$ref) {
    const name = schema.$ref.slice(reference.length);
    return inside.includes(name) ? {} : plain(definitions[name], [...inside, name]);
  }
  if (schema.format === 'int-or-string') return { oneOf: [{ type: 'string' }, { type: 'integer' }] };
  const result = Object.fromEntries(kept.filter((key) => key in schema).map((key) => [key, schema[key]]));
  if (schema.properties) {
    result.properties = propertiesOf(schema, inside);
    result.additionalProperties = false;
  } else if (typeof schema.additionalProperties === 'object') {
    result.additionalProperties = plain(schema.additionalProperties, inside);
  }
  if (schema.items) result.items = plain(schema.items, inside);
  return result;
}

const propertiesOf = ({ properties, required = [] }, inside) =>
  Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      key,
      required.includes(key) ? plain(value, inside) : orNull(plain(value, inside)),
    ]),
  );

const orNull = (schema) =>
  typeof schema.type === 'string' ? { ...schema, type: [schema.type, 'null'] } : schema;

const joined = (parts, by) => parts.filter(Boolean).join(by);

let written = 0;
mkdirSync(out, { recursive: true });
for (const [name, definition] of Object.entries(definitions)) {
  for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
    const schema = plain(definition, [name]);
    if (!schema.properties?.apiVersion || !schema.properties.kind) continue;
    schema.properties.apiVersion = { type: 'string', enum: [joined([group, version], '/')] };
    schema.properties.kind = { type: 'string', enum: [kind] };
    schema.required = [...new Set([...(schema.required ?? []), 'apiVersion', 'kind'])].sort();
    const file = `${joined([kind, group.split('.')[0], version], '-').toLowerCase()}.json`;
    writeFileSync(join(out, file), JSON.stringify(schema));
    written += 1;
  }
}
console.log(`${written} schemas in ${out}`);
