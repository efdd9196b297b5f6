import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  parse,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLType,
} from 'graphql';
import { format, resolveConfig } from 'prettier';
import { parse as parseYaml } from 'yaml';
import { REPOSITORY } from '../stack/repository.js';
import { readExamples, type ApiExample } from './api-examples.js';

const SERVICES = ['gatekeeper', 'node-scope-management'] as const;
type Service = (typeof SERVICES)[number];

const SCHEMAS = `${REPOSITORY}libs/contracts/schema/`;
const PAGES = `${REPOSITORY}docs/api/`;

/** By service and field, such as `Query.users`: the permission it takes, and where. */
type Permissions = Readonly<Record<Service, Readonly<Record<string, string>>>>;

/** Writes a page for each service, from its schema, the permissions and the examples. */
export async function writeApiPages(): Promise<void> {
  mkdirSync(PAGES, { recursive: true });
  for (const [file, text] of await apiPages()) writeFileSync(PAGES + file, text);
}

/** The pages that are not what the schema, the permissions and the examples say. */
export async function staleApiPages(): Promise<string[]> {
  const pages = [...(await apiPages())];
  return pages
    .filter(
      ([file, text]) => !existsSync(PAGES + file) || readFileSync(PAGES + file, 'utf8') !== text,
    )
    .map(([file]) => file);
}

async function apiPages(): Promise<ReadonlyMap<string, string>> {
  const permissions = parseYaml(readFileSync(`${PAGES}permissions.yaml`, 'utf8')) as Permissions;
  const examples = readExamples();
  const style = await resolveConfig(`${PAGES}gatekeeper.md`);
  const pages = SERVICES.map(async (service) => {
    const schema = buildSchema(readFileSync(`${SCHEMAS}${service}.graphql`, 'utf8'));
    const own = examples.filter((example) => example.service === service);
    const text = new ApiPage(service, schema, permissions[service], own).text();
    return [`${service}.md`, await format(text, { ...style, parser: 'markdown' })] as const;
  });
  return new Map(await Promise.all(pages));
}

/** What every service's API has in common; the numbers and rules are on another page. */
const INTRODUCTION = `Generated from the schema by \`npm run generate\`; \`npm run check\` says when it is not up to date.
Send queries and mutations to \`POST /graphql\` with a bearer token, subscriptions over a WebSocket to
the same address. Limits, subscriptions and the explorer: [GraphQL](../technical/graphql.md). Every
refusal has one of the [catalogued codes](../errors.md) in \`extensions.code\`; any field may answer
\`INVALID_INPUT\`, \`UNAUTHENTICATED\`, \`FORBIDDEN\`, \`UNAVAILABLE\` and \`INTERNAL_ERROR\`.`;

class ApiPage {
  constructor(
    private readonly service: Service,
    private readonly schema: GraphQLSchema,
    private readonly permissions: Readonly<Record<string, string>>,
    private readonly examples: readonly ApiExample[],
  ) {}

  text(): string {
    const { schema } = this;
    const unknown = Object.keys(this.permissions).filter((name) => !this.#has(name));
    if (unknown.length > 0) throw new Error(`permissions.yaml names ${unknown.join()}: not there`);
    return [
      `# The API of ${this.service}`,
      INTRODUCTION,
      ...this.#fieldsOf('Queries', schema.getQueryType()),
      ...this.#fieldsOf('Mutations', schema.getMutationType()),
      ...this.#fieldsOf('Subscriptions', schema.getSubscriptionType()),
      '## Types',
      ...this.#types(),
    ].join('\n\n');
  }

  #has(coordinate: string): boolean {
    const [typeName = '', fieldName = ''] = coordinate.split('.');
    const type = this.schema.getType(typeName);
    return isObjectType(type) && type.getFields()[fieldName] !== undefined;
  }

  #fieldsOf(title: string, type: GraphQLObjectType | null | undefined): string[] {
    if (!type) return [];
    const fields = Object.values(type.getFields());
    return [`## ${title}`, ...fields.flatMap((field) => this.#rootField(type, field))];
  }

  #rootField(root: GraphQLObjectType, field: GraphQLField<unknown, unknown>): string[] {
    const [permission, ...where] = this.permissions[`${root.name}.${field.name}`]?.split(' ') ?? [];
    const place = where.length > 0 ? where.join(' ') : 'at the root of the tenant';
    const shown = this.examples.filter((example) => beginsWith(example, field.name));
    return [
      `### ${field.name}`,
      ...deprecation(field),
      ...(field.description ? [field.description] : []),
      `Answers ${linked(field.type)}.${permission ? ` Takes \`${permission}\` ${place}.` : ''}`,
      ...argumentTable(field.args),
      ...shown.flatMap(render),
    ];
  }

  #types(): string[] {
    const roots = ['Query', 'Mutation', 'Subscription'];
    return Object.values(this.schema.getTypeMap())
      .filter(({ name }) => !name.startsWith('__') && !roots.includes(name))
      .filter((type) => !isScalarType(type) || !isSpecifiedScalarType(type))
      .sort((a, b) => a.name.localeCompare(b.name))
      .flatMap((type) => [
        `### ${type.name}`,
        ...(type.description ? [type.description] : []),
        ...contentOf(type),
      ]);
  }
}

function contentOf(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) {
    return table(
      ['value', 'meaning'],
      type.getValues().map((value) => [`\`${value.name}\``, described(value)]),
    );
  }
  if (isInputObjectType(type)) {
    const oneOf = type.isOneOf ? ['Exactly one of these is given.'] : [];
    return [...oneOf, ...argumentTable(Object.values(type.getFields()))];
  }
  if (!isObjectType(type)) return [];
  return table(
    ['field', 'type', ''],
    Object.values(type.getFields()).map((field) => {
      const given = field.args.map((arg) => `${arg.name}: ${linked(arg.type)}${byDefault(arg)}`);
      const said = [described(field), given.length > 0 ? `Given ${given.join(', ')}.` : ''];
      return [`\`${field.name}\``, linked(field.type), said.filter(Boolean).join(' ')];
    }),
  );
}

function argumentTable(args: readonly (GraphQLArgument | GraphQLInputField)[]): string[] {
  return table(
    ['argument', 'type', ''],
    args.map((arg) => [`\`${arg.name}\``, linked(arg.type), `${described(arg)}${byDefault(arg)}`]),
  );
}

function byDefault({ defaultValue }: GraphQLArgument | GraphQLInputField): string {
  return defaultValue === undefined ? '' : ` By default ${JSON.stringify(defaultValue)}.`;
}

function described(item: {
  readonly description?: string | null | undefined;
  readonly deprecationReason?: string | null | undefined;
}): string {
  return [item.description ?? '', ...deprecation(item)].filter(Boolean).join(' ');
}

function deprecation({
  deprecationReason,
}: {
  readonly deprecationReason?: string | null | undefined;
}): string[] {
  return deprecationReason ? [`**Deprecated:** ${deprecationReason}`] : [];
}

/** A type as it is written, with the way to where it is described. */
function linked(type: GraphQLType): string {
  const named = getNamedType(type);
  const written = `\`${String(type)}\``;
  if (isScalarType(named) && isSpecifiedScalarType(named)) return written;
  return `[${written}](#${named.name.toLowerCase()})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')];
}

/** Whether an example is about a field: its operation begins with that one. */
function beginsWith({ operation }: ApiExample, name: string): boolean {
  const [definition] = parse(operation).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return false;
  const [first] = definition.selectionSet.selections;
  return first?.kind === Kind.FIELD && first.name.value === name;
}

function render({ title, operation, variables, answer }: ApiExample): string[] {
  const given = Object.keys(variables).length > 0;
  return [
    `**${title}**`,
    fenced('graphql', operation),
    ...(given ? ['with', fenced('json', JSON.stringify(variables, readable))] : []),
    'answers',
    fenced('json', JSON.stringify(answer)),
  ];
}

/** What stands for a part of an earlier answer, such as "$assign-role.assignRole.id", as a reader sees it. */
function readable(_key: string, value: unknown): unknown {
  const isReference = typeof value === 'string' && value.startsWith('$');
  return isReference ? `<${value.slice(1).split('.').at(-1)}>` : value;
}

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;
