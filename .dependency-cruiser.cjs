// Import rules that Nx tags cannot say. Tags (eslint.config.mjs) hold libraries and apps apart;
// these hold frameworks and rooms apart.
const domain = '^libs/(policy|access|scim)/src/';
const spec = '\\.(spec|int-spec|e2e-spec)\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A cycle means two rooms that do not know where one ends.',
      severity: 'error',
      from: { pathNot: '/generated/' },
      to: { circular: true },
    },
    {
      name: 'domain-is-pure',
      comment: 'Domain libraries decide over plain values: no framework, no I/O, no Node.',
      severity: 'error',
      from: { path: domain, pathNot: spec },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'core'],
        pathNot: '^node_modules/(casbin|@marcbachmann/cel-js)/',
      },
    },
    {
      name: 'only-policy-knows-casbin',
      severity: 'error',
      comment: 'And what measures it beside its rival.',
      from: { pathNot: ['^libs/(policy|testing)/', '^tools/bench/policy/'] },
      to: { path: '^node_modules/casbin/' },
    },
    {
      name: 'conditions-alone-know-cel',
      severity: 'error',
      comment: 'What of it there is, is decided in one place.',
      from: { pathNot: '^libs/policy/src/conditions/' },
      to: { path: '^node_modules/@marcbachmann/cel-js/' },
    },
    {
      name: 'contracts-import-zod-alone',
      severity: 'error',
      from: { path: '^libs/contracts/src/', pathNot: spec },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: '^node_modules/zod/' },
    },
    {
      name: 'prisma-in-stores-only',
      comment: 'Rows are touched in stores and in the database room.',
      severity: 'error',
      from: {
        path: '^apps/',
        pathNot: ['\\.store\\.ts$', '/database/', '/generated/', '/test/', 'prisma\\.config\\.ts$'],
      },
      to: { path: ['^node_modules/@prisma/', '/generated/prisma/client'] },
    },
    {
      name: 'commands-speak-no-wire-format',
      comment: 'A command sequences a transaction; GraphQL, HTTP and AMQP stay at the edges.',
      severity: 'error',
      from: { path: '\\.command\\.ts$' },
      to: {
        path: [
          '^node_modules/(@nestjs/(graphql|apollo|microservices)|fastify|graphql|amqplib)/',
          '\\.(resolver|controller|listener)\\.ts$',
        ],
      },
    },
    {
      name: 'app-never-imports-app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'testing-stays-in-tests',
      comment: 'Nothing that is shipped may depend on test code or on the local stack.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [spec, '/test/', '^libs/(testing|local-stack)/'] },
      to: { path: '^libs/(testing|local-stack)/' },
    },
    {
      name: 'features-meet-through-their-index',
      comment: 'Another room is entered by its index.ts.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/([^/]+)/', pathNot: spec },
      to: {
        path: '^apps/$1/src/([^/]+)/',
        pathNot: [
          '^apps/$1/src/$2/',
          '/index\\.ts$',
          '^apps/[^/]+/src/(config|database|graphql|generated)/',
        ],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['@bastion/source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
