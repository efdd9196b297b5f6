import { Module } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { AppDatabase } from '../database/app-database.js';
import { DatabaseModule } from '../database/database.module.js';
import { HeadsDatabase } from '../database/heads-database.js';
import { FactsModule } from '../facts/index.js';
import { JobResolver } from './job.resolver.js';
import { JobRunner } from './job.runner.js';
import { tenantsWithOpenJobs } from './open-jobs.store.js';
import { JobsQuery } from './jobs.query.js';

@Module({
  imports: [DatabaseModule, FactsModule],
  providers: [
    JobResolver,
    {
      provide: JobRunner,
      inject: [AppDatabase, HeadsDatabase, PinoLogger],
      useFactory: (database: AppDatabase, heads: HeadsDatabase, logger: PinoLogger) => {
        logger.setContext(JobRunner.name);
        return new JobRunner(database, () => tenantsWithOpenJobs(heads), logger);
      },
    },
    JobsQuery,
  ],
  exports: [JobRunner],
})
export class JobModule {}
