export { BackgroundJob } from './job.model.js';
export { JobModule } from './job.module.js';
export { JobResolver } from './job.resolver.js';
export { JobRunner } from './job.runner.js';
export { findJob, findJobAbout, insertJob, noteProgress, type OpenJob } from './job.store.js';
